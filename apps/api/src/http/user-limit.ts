/**
 * Requests per minute and signed-in person, beside those per address: whoever comes from many addresses is still one, and one
 * who shares an address with a whole office is not all of it. Counted after the session is known, before the body is read.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ProblemError } from './problem.ts'

const WINDOW_MS = 60_000

export interface UserLimit {
  perMinute: number
  /** Who is asking, or undefined. */
  userOf: (request: FastifyRequest) => string | undefined
}

/** Each process counts for itself. The window is the same for everybody, so forgetting all of it at once is enough. */
export function limitPerUser(app: FastifyInstance, { perMinute, userOf }: UserLimit): void {
  const counts = new Map<string, number>()
  let ends = 0
  const secondsLeft = (): number => Math.max(0, Math.ceil((ends - Date.now()) / 1000))
  app.addHook('onRequest', async (request) => {
    const user = userOf(request)
    if (user === undefined || request.routeOptions.config.rateLimit === false) return
    if (Date.now() >= ends) {
      counts.clear()
      ends = Date.now() + WINDOW_MS
    }
    const count = (counts.get(user) ?? 0) + 1
    counts.set(user, count)
    if (count > perMinute) throw new ProblemError('too-many-requests', 'Wait a moment.', { retryAfter: secondsLeft() })
  })
  // Late, because the limit per address writes its own: the headers speak of the one that is nearer.
  app.addHook('onSend', async (request, reply) => {
    const count = counts.get(userOf(request) ?? '')
    if (count === undefined || request.routeOptions.config.rateLimit === false) return
    const left = Math.max(0, perMinute - count)
    if (left > Number(reply.getHeader('ratelimit-remaining') ?? Infinity)) return
    void reply.headers({ 'ratelimit-limit': perMinute, 'ratelimit-remaining': left, 'ratelimit-reset': secondsLeft() })
  })
}
