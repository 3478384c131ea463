// When to ask again, and when to stop. Pure: the clock and chance come in as arguments, so a table can test all of it.
// Retry-After is honoured but clamped, because a server may say "0" or "in 30,000 years".

export type Outcome =
  | { kind: 'answer'; status: number; retryAfter: string | null }
  /** No complete answer: refused, reset, cut off or too slow. */
  | { kind: 'no-answer' }

export type RetryQuestion = {
  outcome: Outcome
  /** 1 for the first try. */
  attempt: number
  maxTries: number
  /** False for calls that change something: only "you were not served" (429) may be asked again. */
  idempotent: boolean
  /** Milliseconds since 1970. */
  now: number
  /** 0 ≤ random < 1. */
  random: number
}

export type RetryAnswer = { kind: 'wait'; ms: number } | { kind: 'give-up' }

const SECOND = 1000
const BACKOFF_FIRST = 0.5 * SECOND
const BACKOFF_MOST = 60 * SECOND
const RETRY_AFTER_LEAST = SECOND
const RETRY_AFTER_MOST = 15 * 60 * SECOND
export const MAX_TRIES = 6

export function decideRetry({ outcome, attempt, maxTries, idempotent, now, random }: RetryQuestion): RetryAnswer {
  if (attempt >= maxTries || !isWorthAsking(outcome, idempotent)) return { kind: 'give-up' }
  const asked = outcome.kind === 'answer' ? readRetryAfter(outcome.retryAfter, now) : undefined
  // The server's figure is the least; up to a tenth more keeps many clients from coming back in one instant.
  if (asked !== undefined)
    return { kind: 'wait', ms: Math.min(Math.round(asked * (1 + random / 10)), RETRY_AFTER_MOST) }
  const ceiling = Math.min(BACKOFF_FIRST * 2 ** (attempt - 1), BACKOFF_MOST)
  return { kind: 'wait', ms: Math.round(ceiling * random) }
}

function isWorthAsking(outcome: Outcome, idempotent: boolean): boolean {
  if (outcome.kind === 'no-answer') return idempotent
  if (outcome.status === 429) return true
  // 202 means "not ready yet" for a read: never an empty page.
  return idempotent && (outcome.status === 202 || outcome.status >= 500)
}

/** Milliseconds to wait, clamped to 1 s…15 min; `undefined` when the header is absent or not understood. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  const text = header.trim()
  const wanted = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) * SECOND : sinceNow(parseHttpDate(text), now)
  return wanted === undefined ? undefined : Math.min(Math.max(wanted, RETRY_AFTER_LEAST), RETRY_AFTER_MOST)
}

function sinceNow(instant: number | undefined, now: number): number | undefined {
  return instant === undefined ? undefined : instant - now
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** IMF-fixdate of RFC 9110 → milliseconds since 1970. By hand, because `Date` would make this file impure. */
function parseHttpDate(text: string): number | undefined {
  const match = /^[a-z]{3}, (\d{2}) ([a-z]{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) gmt$/i.exec(text)
  if (match === null) return undefined
  const [day, , year, hours, minutes, seconds] = match.slice(1).map(Number) as number[] // six groups, by the pattern
  const month = MONTHS.indexOf((match[2] ?? '').toLowerCase()) + 1
  if (month === 0 || day === undefined || year === undefined) return undefined
  return (
    (daysSince1970(year, month, day) * 86_400 + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * SECOND
  )
}

/** Days of the proleptic Gregorian calendar; the year begins in March so that the leap day comes last. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
