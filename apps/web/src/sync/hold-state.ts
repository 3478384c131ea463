import type { Run } from '@msp-console/contract'

/**
 * What became of what a run held. Only `waiting` asks somebody to act; `planned` is a preview, where it would be held; `taken`
 * is what a newer run asks for too, so that its plan has it; `expired` can no longer be decided on.
 */
export type HoldState =
  | 'none'
  | 'planned'
  | 'waiting'
  | 'approved'
  | 'rejected'
  | 'decided'
  | 'replaced'
  | 'taken'
  | 'expired'

/** @param now milliseconds since the epoch: the time to decide may end while the page is open */
export function toHoldState(
  { hold, counts, preview }: Pick<Run, 'hold' | 'counts' | 'preview'>,
  now: number,
): HoldState {
  if (preview) return counts.held > 0 ? 'planned' : 'none'
  if (hold === null) return counts.held > 0 ? 'taken' : 'none'
  const { waiting, approved, rejected, replaced, decideUntil } = hold
  if (waiting > 0) return decideUntil !== null && Date.parse(decideUntil) > now ? 'waiting' : 'expired'
  if (approved > 0 && rejected > 0) return 'decided'
  if (approved > 0) return 'approved'
  if (rejected > 0) return 'rejected'
  if (replaced > 0) return 'replaced'
  return counts.held > 0 ? 'taken' : 'none'
}

/** Key of the sentence that says so. */
export function toHeldHeading(state: HoldState) {
  if (state === 'waiting' || state === 'planned') return 'sync.held'
  if (state === 'expired') return 'sync.heldExpired'
  return state === 'taken' ? 'sync.heldTaken' : 'sync.heldSettled'
}
