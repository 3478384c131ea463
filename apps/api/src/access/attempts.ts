/**
 * Counts guesses at passwords and codes. Five are free, then each costs a wait: 1 s, 2 s, 4 s … up to 15 minutes; a right one
 * or twelve hours of silence begin anew.
 * Invariant: a guess is taken before it is evaluated, by one statement that locks the row, so guesses at once get no more than
 * guesses one after another. What is refused changes nothing: the right password waits like a wrong one.
 */
import { createHmac } from 'node:crypto'
import type { Db } from '../db/tx.ts'
import { ProblemError } from '../http/problem.ts'
import { deriveKey } from './seal.ts'

const FREE = 5
const LONGEST_SECONDS = 900

export interface Attempts {
  /** @throws ProblemError `too-many-requests` with the seconds to wait */
  take: (kind: 'password' | 'code', name: string) => Promise<void>
  /** It was right. */
  forget: (kind: 'password' | 'code', name: string) => Promise<void>
  /** Stands for an e-mail address in the log. */
  toLogKey: (name: string) => string
}

/** @param db sees identities */
export function createAttempts(db: Db, secretKey: Buffer): Attempts {
  const secret = deriveKey(secretKey, 'sign-in-attempts')
  const toKey = (kind: string, name: string) =>
    createHmac('sha256', secret).update(`${kind}:${name.toLowerCase()}`).digest()
  return {
    async take(kind, name) {
      const key = toKey(kind, name)
      // now() is when this statement began, clock_timestamp() when it has the row: whoever waited for the row is refused.
      const taken = await db.query(
        `insert into sign_in_attempt as a (key, taken, blocked_until, last_at) values ($1, 1, '-infinity', now())
         on conflict (key) do update set
           taken = case when a.last_at < now() - interval '12 hours' then 1 else a.taken + 1 end,
           blocked_until = case when a.last_at < now() - interval '12 hours' or a.taken + 1 < $2 then '-infinity'
             else clock_timestamp() + make_interval(secs => least($3, power(2, least(a.taken + 1 - $2, 20)))) end,
           last_at = now()
         where a.blocked_until <= now()`,
        [key, FREE, LONGEST_SECONDS],
      )
      if (taken.rowCount === 1) return
      const { rows } = await db.query<{ seconds: number }>(
        `select greatest(1, ceil(extract(epoch from blocked_until - now())))::int as seconds
         from sign_in_attempt where key = $1`,
        [key],
      )
      throw new ProblemError('too-many-requests', 'Too many attempts; wait a moment, then try again.', {
        retryAfter: rows[0]?.seconds ?? 1,
      })
    },
    async forget(kind, name) {
      // Also what nobody asked for since: addresses that nobody has would stay for ever. Index: primary key, sign_in_attempt_by_age.
      await db.query(`delete from sign_in_attempt where key = $1 or last_at < now() - interval '12 hours'`, [
        toKey(kind, name),
      ])
    },
    toLogKey: (name) => toKey('password', name).toString('hex').slice(0, 12),
  }
}
