// The calls of better-auth that exist here, and its errors as problems. Every other path below /api/auth is a 404.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ProblemError } from '../http/problem.ts'
import type { Auth } from './auth.ts'

const CALLS = [
  { path: '/api/auth/sign-in/email', perMinute: 30 },
  { path: '/api/auth/sign-out', perMinute: 60 },
] as const

export function serveSignIn(app: FastifyInstance, auth: Auth): void {
  for (const { path, perMinute } of CALLS) {
    app.route({
      method: 'POST',
      url: path,
      config: { access: 'open', rateLimit: { max: perMinute, timeWindow: 60_000 } },
      handler: async (request, reply) => forward(auth, request, reply),
    })
  }
}

async function forward(auth: Auth, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  // Cross-site requests were refused before; better-auth compares with its own address, which may differ behind a proxy.
  const headers = new Headers({ origin: auth.baseUrl, accept: 'application/json' })
  for (const name of ['cookie', 'user-agent'] as const) {
    const value = request.headers[name]
    if (value !== undefined) headers.set(name, value)
  }
  headers.set('content-type', 'application/json')
  const body = JSON.stringify(request.body ?? {})
  const url = new URL(request.routeOptions.url ?? '/', auth.baseUrl)
  const answer = await auth.handler(new Request(url, { method: 'POST', headers, body }))
  if (!answer.ok) throw await toProblem(answer)
  void reply.code(answer.status).header('cache-control', 'no-store').type('application/json; charset=utf-8')
  for (const cookie of answer.headers.getSetCookie()) void reply.header('set-cookie', cookie)
  return reply.send(withoutToken(await answer.json()))
}

/** The session token belongs into the cookie, which scripts cannot read, and nowhere else. */
function withoutToken(answer: unknown): unknown {
  return typeof answer === 'object' && answer !== null ? { ...answer, token: undefined } : answer
}

async function toProblem(answer: Response): Promise<Error> {
  switch (answer.status) {
    case 400:
    case 422:
      return new ProblemError('validation-failed', 'Send an e-mail address and a password.')
    case 401:
      return new ProblemError('invalid-credentials', 'Check both and try again.')
    case 403:
      return new ProblemError('forbidden', 'This is not possible here.')
    default:
      return new Error(`better-auth answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`)
  }
}
