import { EmaError } from './errors.ts'

/** Time and chance as the client sees them; tests pass their own. */
export type Clock = {
  /** Milliseconds since 1970: only to read HTTP dates and token claims. */
  wall(): number
  /** Milliseconds that never jump: pacing and token age. */
  ticks(): number
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** 0 ≤ random < 1. */
  random(): number
}

export const systemClock: Clock = {
  wall: () => Date.now(),
  ticks: () => performance.now(),
  sleep,
  random: () => Math.random(),
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(new EmaError('aborted', { path: '(waiting)' }))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
