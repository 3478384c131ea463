/**
 * Who is asking. Every route but those marked open is closed without a session; the check runs before the body is read.
 * The session is looked up on each request (one statement on a unique index), so a revoked one ends with the next request.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type pg from 'pg'
import { ProblemError } from '../http/problem.ts'

export interface SignedIn {
  id: string
  name: string
  email: string
  /** Of the session row, to ask later whether it still lives. */
  sessionId: string
}

declare module 'fastify' {
  interface FastifyRequest {
    signedIn: SignedIn | null
  }
}

/** @throws ProblemError `unauthenticated` */
export function userOf(request: FastifyRequest): SignedIn {
  if (request.signedIn === null) throw new ProblemError('unauthenticated', 'This needs a session.')
  return request.signedIn
}

interface Keys {
  cookieName: string
  /** better-auth's secret: it signs the cookie as `<token>.<base64 of HMAC-SHA-256>`. */
  secret: string
}

export function guardRoutes(app: FastifyInstance, pool: pg.Pool, keys: Keys): void {
  app.decorateRequest('signedIn', null)
  app.addHook('onRequest', async (request) => {
    const token = readToken(request.headers.cookie, keys)
    if (token !== null) request.signedIn = await findSession(pool, token)
    if (request.is404 || request.routeOptions.config.open === true) return
    userOf(request)
  })
}

/** The session token of a Cookie header when its signature is ours, else null. */
function readToken(header: string | undefined, { cookieName, secret }: Keys): string | null {
  const pair = header?.split(';').find((part) => part.trimStart().startsWith(`${cookieName}=`))
  if (pair === undefined) return null
  const value = decode(pair.slice(pair.indexOf('=') + 1).trim())
  const dot = value.lastIndexOf('.')
  if (dot < 1) return null
  const token = value.slice(0, dot)
  const given = Buffer.from(value.slice(dot + 1), 'base64')
  const expected = createHmac('sha256', secret).update(token).digest()
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : null
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return ''
  }
}

async function findSession(pool: pg.Pool, token: string): Promise<SignedIn | null> {
  const { rows } = await pool.query<SignedIn>({
    name: 'session',
    text: `select u.id, u.name, u.email, s.id as "sessionId" from user_session s join app_user u on u.id = s.user_id
           where s.token = $1 and s.expires_at > now()`,
    values: [token],
  })
  return rows[0] ?? null
}

/** Those of the sessions that are still alive. */
export async function findAlive(pool: pg.Pool, sessionIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>(
    'select id from user_session where id = any($1::text[]) and expires_at > now()',
    [sessionIds],
  )
  return new Set(rows.map(({ id }) => id))
}
