// One call as the methods see it: paced, signed in, retried, and its answer checked against a schema.
import type { z } from 'zod'
import type { Clock } from './clock.ts'
import { EmaError, kindOfStatus } from './errors.ts'
import type { Exchange, Reply } from './exchange.ts'
import { createPace } from './pace.ts'
import { decideRetry, type Outcome } from './retry.ts'
import { createSession } from './session.ts'
import { errorReply, tokenReply } from './wire.ts'

export type CallRecord = { path: string; status: number | null; ms: number; attempt: number }

/** Counts since the client was made; `calls` counts every HTTP request, tokens and retries included. */
export type CallStats = { calls: number; retries: number; logins: number; renewals: number }

export type CallerOptions = {
  exchange: Exchange
  clock: Clock
  login: string
  password: string
  callsPerSecond: number | null
  maxTries: number
  signal: AbortSignal | undefined
  onCall: ((call: CallRecord) => void) | undefined
}

type Question = {
  path: string
  /** `undefined` = GET. */
  body?: unknown
  /** False for calls that change something. */
  idempotent: boolean
  signal?: AbortSignal | undefined
}

export type Caller = {
  ask<S extends z.ZodType>(schema: S, question: Question): Promise<z.output<S>>
  stats: CallStats
}

export function createCaller(options: CallerOptions): Caller {
  const { exchange, clock, onCall, maxTries } = options
  const pace = createPace(options.callsPerSecond, clock)
  const stats: CallStats = { calls: 0, retries: 0, logins: 0, renewals: 0 }
  const session = createSession(
    {
      login: () => {
        stats.logins += 1
        return askForTokens('/Token/Get', { username: options.login, password: options.password })
      },
      renew: (refreshToken) => {
        stats.renewals += 1
        return askForTokens('/Token/Renew', { refreshToken })
      },
    },
    clock,
  )

  const askForTokens = async (path: string, body: unknown) => {
    const question = { path, body, idempotent: true, signal: options.signal }
    return check(tokenReply, path, await persist(question, () => attempt(question, undefined, 1)))
  }

  /** Repeats `once` by the rules of retry.ts and returns the good answer. */
  async function persist(question: Question, once: (attempt: number) => Promise<Reply>): Promise<Reply> {
    const { path, idempotent, signal } = question
    for (let tries = 1; ; tries += 1) {
      const result = await once(tries).catch(toError)
      if (!(result instanceof EmaError) && result.status === 200) return result
      if (result instanceof EmaError && !isNoAnswer(result, path)) throw result
      const outcome: Outcome = result instanceof EmaError ? { kind: 'no-answer' } : { kind: 'answer', ...result }
      const now = clock.wall()
      const next = decideRetry({ outcome, attempt: tries, maxTries, idempotent, now, random: clock.random() })
      if (next.kind === 'give-up') throw result instanceof EmaError ? result : toStatusError(path, result)
      stats.retries += 1
      if (outcome.kind === 'answer' && outcome.status === 429) pace.pause(next.ms)
      await clock.sleep(next.ms, signal)
    }
  }

  async function attempt(question: Question, bearer: string | undefined, number: number): Promise<Reply> {
    await pace.take(question.signal)
    stats.calls += 1
    const start = clock.ticks()
    const record = { path: question.path, attempt: number }
    try {
      const reply = await exchange({ ...question, body: question.body, bearer, signal: question.signal })
      onCall?.({ ...record, status: reply.status, ms: clock.ticks() - start })
      return reply
    } catch (error) {
      onCall?.({ ...record, status: null, ms: clock.ticks() - start })
      throw error
    }
  }

  /** A 401 is answered by renewing once, then by logging in once; a third one is the answer. */
  async function attemptSignedIn(question: Question, number: number): Promise<Reply> {
    let token = await session.bearer()
    let reply = await attempt(question, token, number)
    for (const how of ['renew', 'login'] as const) {
      if (reply.status !== 401) return reply
      token = await session.replace(token, how)
      reply = await attempt(question, token, number)
    }
    return reply
  }

  return {
    stats,
    async ask(schema, given) {
      const signal = joinSignals(given.signal, options.signal)
      const question = { ...given, signal: signal.signal }
      try {
        return check(schema, given.path, await persist(question, (number) => attemptSignedIn(question, number)))
      } finally {
        signal.release()
      }
    },
  }
}

function check<S extends z.ZodType>(schema: S, path: string, reply: Reply): z.output<S> {
  if (reply.malformed) throw new EmaError('bad-shape', { path, status: reply.status, detail: 'the answer is not JSON' })
  const result = schema.safeParse(reply.json)
  if (result.success) return result.data
  const where = result.error.issues[0]?.path.join('.') ?? ''
  throw new EmaError('bad-shape', { path, status: reply.status, detail: `unexpected answer at "${where}"` })
}

function toStatusError(path: string, { status, json }: Reply): EmaError {
  const { code, subCode, message } = errorReply.safeParse(json).data ?? {}
  const upstream = message === undefined ? undefined : JSON.stringify(message).slice(0, 300)
  return new EmaError(kindOfStatus(status, code, subCode), { path, status, code, subCode, upstream })
}

/** Only a broken exchange of this very call: a token call has had its own tries, and a wish to stop is final. */
function isNoAnswer({ kind, path }: EmaError, asked: string): boolean {
  return path === asked && (kind === 'unreachable' || kind === 'timeout')
}

function toError(error: unknown): EmaError {
  if (error instanceof EmaError) return error
  throw error
}

/** Ends when either does. By hand, so that a long-lived signal does not collect one listener per call. */
function joinSignals(one: AbortSignal | undefined, other: AbortSignal | undefined) {
  if (one === undefined || other === undefined) return { signal: one ?? other, release: () => {} }
  const controller = new AbortController()
  const stop = () => controller.abort()
  const both = [one, other]
  if (both.some((signal) => signal.aborted)) stop()
  for (const signal of both) signal.addEventListener('abort', stop, { once: true })
  return {
    signal: controller.signal,
    release: () => both.forEach((signal) => signal.removeEventListener('abort', stop)),
  }
}
