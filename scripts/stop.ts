import { wrappedVariable } from './setup.mjs'

/** npm, its shell, the wrapper and the terminal may each send the same Ctrl-C. */
const sameWishMs = 1500

/**
 * Calls `stop` on the first wish to end (a signal, or the end of the process that we belong to) and `force` when the wish is
 * repeated.
 */
export function onStop(handlers: { stop: () => void; force: () => void }): void {
  let since: number | undefined
  const wish = () => {
    if (since === undefined) {
      since = Date.now()
      handlers.stop()
    } else if (Date.now() - since > sameWishMs) handlers.force()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, wish)
  // A closed terminal must not turn our last words into a crash that leaves the database running.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  // npm runs us below a shell, which dies of a SIGTERM without passing it on. Started by hand, an end of the parent is normal.
  if (process.env['npm_lifecycle_event'] === undefined && process.env[wrappedVariable] === undefined) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    wish()
  }, 500)
  watch.unref()
}
