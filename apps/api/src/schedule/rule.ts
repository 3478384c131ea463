/**
 * When an account runs next, and how well it is: from what is known of its last runs to what is due. Pure; every moment is the
 * database's, handed in as milliseconds since the epoch.
 * Invariants: the next run is due `max(interval, 2 × last duration)` after the last start, later after failures in a row; a password
 * that the source refused is never sent by the schedule again; what was stopped from our side is nobody's failure.
 */

export interface Timetable {
  /** Null: only on demand. */
  intervalSeconds: number | null
  /** Null: not by itself. */
  nextRunAt: number | null
  /** Start of the last run. */
  startedAt: number | null
  /** How long the last run took that came to an end by itself. */
  lastSeconds: number
  /** In a row. */
  failures: number
  failingSince: number | null
  /** Code of the last failure; null: well. */
  cause: string | null
  /** How often the source refused the password that is stored. */
  rejections: number
  /** In a row. */
  interruptions: number
  disabledAt: number | null
}

/** `stopped`: on purpose, by us. `interrupted`: its process was gone. */
export type Ending =
  | { kind: 'good' }
  | { kind: 'failed'; cause: string }
  | { kind: 'stopped' }
  | { kind: 'interrupted' }

/** Code of a run whose password was refused. */
export const REFUSED = 'unauthorized'
/** One attempt by the schedule or a person, and one more when a person asks for it. */
export const REJECTIONS_MOST = 2

const HOUR = 3600
/** Seconds after the first, second, third, and every further failure in a row. */
const BACKOFF = [HOUR / 4, HOUR, 6 * HOUR, 24 * HOUR] as const
const DISABLED_AFTER_MS = 28 * 24 * HOUR * 1000

/** @param at when the run ended */
export function afterRun(before: Timetable, ending: Ending, at: number): Timetable {
  const after = settle(before, ending, at)
  const isGraced = ending.kind === 'stopped' || (ending.kind === 'interrupted' && after.failures === before.failures)
  // What was cut short by us goes on at once elsewhere, but never around a quarantine.
  const nextRunAt = isGraced && after.failures === 0 && toDue(after, at) !== null ? at : toDue(after, at)
  return { ...after, nextRunAt }
}

function settle(before: Timetable, ending: Ending, at: number): Timetable {
  if (ending.kind === 'stopped') return { ...before, interruptions: 0 }
  if (ending.kind === 'interrupted') {
    const interruptions = before.interruptions + 1
    // Once may be the machine. A run that takes its process along twice in a row would do so for ever.
    return interruptions < 2 ? { ...before, interruptions } : fail({ ...before, interruptions }, 'interrupted', at)
  }
  // A door that stayed shut says nothing of how long a run takes.
  if (ending.kind === 'failed' && ending.cause === REFUSED) return fail({ ...before, interruptions: 0 }, REFUSED, at)
  const lastSeconds = before.startedAt === null ? 0 : Math.max(0, at - before.startedAt) / 1000
  const ended = { ...before, lastSeconds, interruptions: 0 }
  if (ending.kind === 'failed') return fail(ended, ending.cause, at)
  return { ...ended, failures: 0, failingSince: null, cause: null, rejections: 0, disabledAt: null }
}

function fail(before: Timetable, cause: string, at: number): Timetable {
  const failingSince = before.failingSince ?? before.startedAt ?? at
  const isOver = at - failingSince >= DISABLED_AFTER_MS
  return {
    ...before,
    failures: before.failures + 1,
    failingSince,
    cause,
    rejections: before.rejections + (cause === REFUSED ? 1 : 0),
    disabledAt: before.disabledAt ?? (isOver ? at : null),
  }
}

/** When the account is due; null: not by itself. @param now for an account that never ran */
export function toDue(known: Timetable, now: number): number | null {
  const seconds = toPeriod(known)
  if (seconds === null || known.rejections > 0 || known.disabledAt !== null) return null
  const backoff = known.failures === 0 ? 0 : (BACKOFF[known.failures - 1] ?? BACKOFF[3])
  return known.startedAt === null ? now : known.startedAt + Math.max(seconds, backoff) * 1000
}

/** Seconds from one start to the next while all is well; null: no schedule. */
export function toPeriod({ intervalSeconds, lastSeconds }: Pick<Timetable, 'intervalSeconds' | 'lastSeconds'>) {
  return intervalSeconds === null ? null : Math.max(intervalSeconds, 2 * lastSeconds)
}

export interface Reason {
  kind: 'quarantined' | 'disabled' | 'recovered'
  cause: string | null
}

/** What is told when the reason why an account is not well has changed; null: nothing new. */
export function toNews(before: Timetable, after: Timetable): Reason | null {
  if (after.disabledAt !== null) return before.disabledAt === null ? { kind: 'disabled', cause: after.cause } : null
  if (after.cause === before.cause && before.disabledAt === null) return null
  return after.cause === null ? { kind: 'recovered', cause: null } : { kind: 'quarantined', cause: after.cause }
}
