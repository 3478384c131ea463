/**
 * From the cookie to who it is. Invariant: a session counts while its cookie is signed by us, it has not ended, it was used
 * within half an hour, and its user is not disabled; each request looks anew.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type pg from 'pg'
import { readCookie } from './cookies.ts'
import type { Grant } from './view.ts'

/** Seconds after the password was given in which dangerous steps need no other. */
export const FRESH_SECONDS = 600

export interface SignedIn {
  id: string
  name: string
  email: string
  /** Signs in with a second factor. */
  twoFactor: boolean
  /** Of the session row, to ask later whether it still lives; null for an API token. */
  sessionId: string | null
  /** Name of the API token, where it was one. */
  token: string | null
  /** ISO; null = dangerous steps ask for the password. */
  confirmedUntil: string | null
  grants: Grant[]
}

export interface Keys {
  cookieName: string
  /** better-auth's secret: it signs the cookie as `<token>.<base64 of HMAC-SHA-256>`. */
  secret: string
}

/** The session token of a Cookie header when its signature is ours, else null. */
export function readToken(header: string | undefined, { cookieName, secret }: Keys): string | null {
  const value = readCookie(header, cookieName)
  const dot = value.lastIndexOf('.')
  if (dot < 1) return null
  const token = value.slice(0, dot)
  const given = Buffer.from(value.slice(dot + 1), 'base64')
  const expected = createHmac('sha256', secret).update(token).digest()
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : null
}

interface SessionRecord {
  session_id: string
  user_id: string
  name: string
  email: string
  two_factor: boolean
  confirmed_at: string
  unseen: boolean
  grants: Grant[]
}

/** One statement on a unique index, with the grants. Null = no such session, expired, idle, or its user is disabled. */
export async function findSession(pool: pg.Pool, by: { token: string } | { id: string }): Promise<SignedIn | null> {
  const { rows } = await pool.query<SessionRecord>({
    name: 'caller',
    text: 'select * from caller_of_session($1, $2)',
    values: 'token' in by ? [by.token, null] : [null, by.id],
  })
  const row = rows[0]
  if (row === undefined) return null
  // A request keeps a session from idling out, a stream that only looks whether it still lives does not.
  if ('token' in by && row.unseen) await pool.query('select touch_session($1)', [row.session_id])
  const until = new Date(Date.parse(row.confirmed_at) + FRESH_SECONDS * 1000)
  return {
    id: row.user_id,
    name: row.name,
    email: row.email,
    twoFactor: row.two_factor,
    sessionId: row.session_id,
    token: null,
    confirmedUntil: until > new Date() ? until.toISOString() : null,
    grants: row.grants,
  }
}
