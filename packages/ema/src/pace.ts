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
      for (;;) {
        const slot = Math.max(clock.ticks(), next)
        next = slot + gap
        for (let wait = slot - clock.ticks(); wait > 0; wait = slot - clock.ticks()) await clock.sleep(wait, signal)
        // A pause that came meanwhile voids the slots before its end: their holders queue up again behind it, or all of
        // them would start in the instant it ends.
        if (slot >= pausedUntil) return
      }
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.ticks() + ms)
      next = Math.max(next, pausedUntil)
    },
  }
}
