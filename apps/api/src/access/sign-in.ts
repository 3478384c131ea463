/**
 * Signing in and out, below /api/auth. Of better-auth's calls only these two exist here; every other path is a 404. The second
 * step is ours. Invariants: a guess is counted before it is evaluated; a user with a second factor has no session before the
 * code; every refusal of a password looks alike, whoever it was for.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type pg from 'pg'
import { z } from 'zod'
import { ProblemError } from '../http/problem.ts'
import type { Attempts } from './attempts.ts'
import { ADDRESS_HEADER, type Auth, HELD_BACK } from './auth.ts'
import { readCookie, toSetCookie } from './cookies.ts'
import { withHashSlot } from './passwords.ts'
import type { SecondFactor } from './second-factor.ts'

export interface SignInDeps {
  auth: Auth
  /** Sees identities. */
  identity: pg.Pool
  attempts: Attempts
  secondFactor: SecondFactor
}

/** Seconds between password and code. */
const STEP_SECONDS = 300
const Credentials = z.object({ email: z.email().max(200), password: z.string().min(1).max(256) })
const Code = z.object({ code: z.string().trim().min(6).max(20) })

declare module 'fastify' {
  interface FastifyRequest {
    /** Whom this request has just signed in; for the audit log. */
    signedInAs: string | null
    /** Whose code is being checked by this request; likewise. */
    codeOf: string | null
  }
}

export function serveSignIn(app: FastifyInstance, deps: SignInDeps): void {
  app.decorateRequest('signedInAs', null)
  app.decorateRequest('codeOf', null)
  const config = (max: number) => ({ access: 'open', rateLimit: { max, timeWindow: 60_000 } }) as const
  app.post('/api/auth/sign-in/email', { config: config(30) }, (request, reply) => signIn(deps, request, reply))
  app.post('/api/auth/two-factor/verify', { config: config(30) }, (request, reply) => verifyCode(deps, request, reply))
  app.post('/api/auth/sign-out', { config: config(60) }, async (request, reply) => {
    const answer = await ask(deps.auth, request, {})
    if (!answer.ok) throw new Error(`better-auth answered ${answer.status} to sign-out`)
    // Not "storage", which holds what somebody chose for this browser, and not "cookies", which would take those of other
    // services on this domain along.
    return send(answer, reply.header('clear-site-data', '"cache"'))
  })
}

async function signIn(deps: SignInDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const parsed = Credentials.safeParse(request.body)
  if (!parsed.success) throw new ProblemError('validation-failed', 'Send an e-mail address and a password.')
  const { email } = parsed.data
  const account = deps.attempts.toLogKey(email)
  try {
    await deps.attempts.take('password', email)
    const answer = await withHashSlot(() => ask(deps.auth, request, parsed.data))
    if (answer.ok) {
      await deps.attempts.forget('password', email)
      request.signedInAs = await noteSignIn(deps.identity, { email })
      return await send(answer, reply)
    }
    const userId = await findHeldBack(deps.identity, answer, email)
    await deps.attempts.forget('password', email)
    void reply.header('set-cookie', await beginStep(deps, userId))
    return await reply.send({ twoFactor: true })
  } catch (error) {
    if (error instanceof ProblemError) request.log.warn({ account, code: error.code }, 'sign-in refused')
    throw error
  }
}

/** Whose code is to follow. @throws ProblemError `invalid-credentials`, also for a disabled user with the right password */
async function findHeldBack(identity: pg.Pool, answer: Response, email: string): Promise<string> {
  if (answer.status !== 401) throw new Error(`better-auth answered ${answer.status} to sign-in`)
  const { code } = (await answer.json()) as { code?: string } // its own error body
  const { rows } = await identity.query<{ id: string }>(
    'select id from app_user where email = lower($1) and disabled_at is null and two_factor_since is not null',
    [email],
  )
  const id = rows[0]?.id
  if (code !== HELD_BACK || id === undefined) throw new ProblemError('invalid-credentials', 'Check both and try again.')
  return id
}

/** The cookie that says the password was right. The table holds its hash. */
async function beginStep({ auth, identity }: SignInDeps, userId: string): Promise<string> {
  const value = randomBytes(32).toString('base64url')
  await identity.query('delete from user_verification where expires_at < now()')
  await identity.query(
    `insert into user_verification (id, identifier, value, expires_at)
     values (gen_random_uuid()::text, $1, $2, now() + make_interval(secs => $3))`,
    [toIdentifier(value), userId, STEP_SECONDS],
  )
  const { name, attributes } = auth.stepCookie
  return toSetCookie({ name, value, attributes: { ...attributes, maxAge: STEP_SECONDS } })
}

async function verifyCode(deps: SignInDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { auth, identity, secondFactor } = deps
  const parsed = Code.safeParse(request.body)
  if (!parsed.success) throw new ProblemError('validation-failed', 'Send the code of your app, or a recovery code.')
  const step = toIdentifier(readCookie(request.headers.cookie, auth.stepCookie.name))
  const { rows } = await identity.query<{ user_id: string }>(
    'select value as user_id from user_verification where identifier = $1 and expires_at > now()',
    [step],
  )
  const userId = rows[0]?.user_id
  if (userId === undefined) throw tooLate()
  request.codeOf = userId
  await secondFactor.use(identity, userId, parsed.data.code).catch((error: unknown) => {
    if (error instanceof ProblemError) request.log.warn({ user: userId, code: error.code }, 'code refused')
    throw error
  })
  const ended = await identity.query('delete from user_verification where identifier = $1', [step])
  const from = { ipAddress: request.ip, userAgent: request.headers['user-agent'] ?? '' }
  const session = ended.rowCount === 1 ? await auth.beginSession(userId, from) : null
  if (session === null) throw tooLate()
  request.signedInAs = await noteSignIn(identity, { id: userId })
  const { name, attributes } = auth.stepCookie
  const over = toSetCookie({ name, value: '', attributes: { ...attributes, maxAge: 0 } })
  return reply.header('set-cookie', [toSetCookie(session), over]).send({ signedIn: true })
}

/** Also removes sessions of that user that are over. @returns whose sign-in it was */
async function noteSignIn(identity: pg.Pool, user: { id: string } | { email: string }): Promise<string | null> {
  const { rows } = await identity.query<{ id: string }>(
    `with who as (update app_user set last_sign_in_at = now() where id = $1 or email = lower($2) returning id),
     over as (
       delete from user_session s using who
       where s.user_id = who.id and (s.expires_at < now() or s.seen_at < now() - interval '30 minutes'))
     select id from who`,
    'id' in user ? [user.id, null] : [null, user.email],
  )
  return rows[0]?.id ?? null
}

function toIdentifier(value: string): string {
  return `second-step:${createHash('sha256').update(value).digest('hex')}`
}

function tooLate(): ProblemError {
  return new ProblemError('unauthenticated', 'Sign in with your password again; the code was asked for too long ago.')
}

function ask(auth: Auth, request: FastifyRequest, body: object): Promise<Response> {
  // Cross-site requests were refused before; better-auth compares with its own address, which may differ behind a proxy.
  const headers = new Headers({ origin: auth.baseUrl, accept: 'application/json', [ADDRESS_HEADER]: request.ip })
  for (const name of ['cookie', 'user-agent'] as const) {
    const value = request.headers[name]
    if (value !== undefined) headers.set(name, value)
  }
  headers.set('content-type', 'application/json')
  const url = new URL(request.routeOptions.url ?? '/', auth.baseUrl)
  return auth.handler(new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }))
}

async function send(answer: Response, reply: FastifyReply): Promise<FastifyReply> {
  void reply.code(answer.status).type('application/json; charset=utf-8')
  for (const cookie of answer.headers.getSetCookie()) void reply.header('set-cookie', cookie)
  const body: unknown = await answer.json()
  // The session token belongs into the cookie, which scripts cannot read, and nowhere else.
  return reply.send(typeof body === 'object' && body !== null ? { ...body, token: undefined } : body)
}
