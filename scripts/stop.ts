import { watchParent } from './setup.mjs'

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
  watchParent(wish)
}
