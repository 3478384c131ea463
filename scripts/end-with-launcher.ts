/** Preloaded into every child of the launcher: when the launcher is gone, however it went, the child ends as on SIGTERM. */
const graceMs = 5000

process.once('disconnect', () => {
  setTimeout(() => process.exit(1), graceMs).unref()
  process.kill(process.pid, 'SIGTERM')
})
// Listening must not keep a program alive that is otherwise done.
process.channel?.unref()
