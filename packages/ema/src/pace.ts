import type { Clock } from './clock.ts'

/** Hands out slots to concurrent calls: evenly spaced, so no window of a second ever holds more than the rate. */
export type Pace = {
  take(signal?: AbortSignal): Promise<void>
  /** Nobody starts for `ms`: the server asked one call to wait, the others would only be refused as well. */
  pause(ms: number): void
}

/** @param callsPerSecond `null` = as fast as it goes */
export function createPace(callsPerSecond: number | null, clock: Clock): Pace {
  const gap = callsPerSecond === null ? 0 : 1000 / callsPerSecond
  let next = 0
  let pausedUntil = 0
  return {
    async take(signal) {
      const slot = Math.max(clock.ticks(), next)
      next = slot + gap
      for (let wait = until(slot); wait > 0; wait = until(slot)) await clock.sleep(wait, signal)
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.ticks() + ms)
      next = Math.max(next, pausedUntil)
    },
  }

  function until(slot: number): number {
    return Math.max(slot, pausedUntil) - clock.ticks()
  }
}
