import type { Run } from '@msp-console/contract'

/** Too little listed says nothing of the pace. */
const SHARE_LEAST = 0.03
const ELAPSED_LEAST_MS = 3000

/**
 * Milliseconds until a run may end: as long as the last such run took, or longer where this one lists more slowly. Null while that
 * cannot be said, and once it has taken longer than it should.
 * @param share of the listing that is done, 0 … 1; null = not known, or over
 */
export function toTimeLeft(run: Run, share: number | null, now: number): number | null {
  const elapsed = now - Date.parse(run.startedAt)
  const asLast = run.expectedSeconds === null ? null : run.expectedSeconds * 1000 - elapsed
  const isPace = share !== null && share >= SHARE_LEAST && elapsed >= ELAPSED_LEAST_MS
  const byPace = isPace ? (elapsed * (1 - share)) / share : null
  const left = Math.max(asLast ?? 0, byPace ?? 0)
  return left > 0 ? left : null
}
