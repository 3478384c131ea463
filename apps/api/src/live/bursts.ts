/**
 * Thins out bursts: the first notice of a kind goes out at once, those that follow within the interval become one at its
 * end. So a reader hears the last word always, and nothing more often than once per interval.
 */
export function createBursts<T>(intervalMs: number, keyOf: (value: T) => string, send: (value: T) => void) {
  const waiting = new Map<string, { timer: NodeJS.Timeout; last: T | undefined }>()

  const fire = (key: string, value: T): void => {
    send(value)
    const timer = setTimeout(() => {
      const entry = waiting.get(key)
      waiting.delete(key)
      if (entry?.last !== undefined) fire(key, entry.last)
    }, intervalMs)
    waiting.set(key, { timer, last: undefined })
  }

  return {
    push(value: T): void {
      const key = keyOf(value)
      const entry = waiting.get(key)
      if (entry === undefined) fire(key, value)
      else entry.last = value
    },
    stop(): void {
      for (const { timer } of waiting.values()) clearTimeout(timer)
      waiting.clear()
    },
  }
}
