import { useSyncExternalStore } from 'react'

// One clock for every age on screen, so that they change together and cost one timer.
const TICK_MS = 15_000
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  now = Date.now()
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Milliseconds since the epoch, renewed every 15 s. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

export interface AgeProps {
  iso: string
  /** Words for the distance from `now`, e.g. "3 minutes ago". */
  toWords: (iso: string, now: number) => string
  /** The exact moment, shown on hover. */
  toExact: (iso: string) => string
}

export function Age({ iso, toWords, toExact }: AgeProps) {
  const current = useNow()
  return (
    <time dateTime={iso} title={toExact(iso)}>
      {toWords(iso, Math.max(current, Date.parse(iso)))}
    </time>
  )
}
