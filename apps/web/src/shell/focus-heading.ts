/** A heading may come later than its address: its data is still on the way, or the dialog that led there is closing. */
const POLL_MS = 60
const PATIENCE_MS = 5_000

/** Puts the focus on the heading of the screen as soon as there is one. Returns how to give up. */
export function focusHeading(): () => void {
  const waiting = setInterval(() => {
    const heading = [...document.querySelectorAll<HTMLElement>('main h1')].find((each) => each.offsetParent !== null)
    if (heading === undefined || document.querySelector('[role="dialog"]') !== null) return
    stop()
    // Whoever has gone on into the screen meanwhile is left in peace.
    if (document.activeElement?.closest('main') === null) heading.focus({ preventScroll: true })
  }, POLL_MS)
  const patience = setTimeout(() => stop(), PATIENCE_MS)
  const stop = (): void => {
    clearInterval(waiting)
    clearTimeout(patience)
  }
  return stop
}
