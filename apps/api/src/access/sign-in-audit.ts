/**
 * Tells the audit log who signed in and who failed to, around the calls of the sign-in code.
 * A sign-in is told before the answer leaves. A failure is told after it, so that the time an answer takes says nothing about
 * whether the address is known here.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type pg from 'pg'
import { auditIdentity } from './audit.ts'

const SIGN_IN = '/api/auth/sign-in/email'
const SIGN_OUT = '/api/auth/sign-out'

/** Before the routes are added. @param identity pool that may see users */
export function auditSignIns(app: FastifyInstance, identity: pg.Pool): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode !== 200) return payload
    const email = isRoute(request, SIGN_IN)
      ? readEmail(request)
      : isRoute(request, SIGN_OUT)
        ? request.signedIn?.email
        : undefined
    const action = isRoute(request, SIGN_IN) ? 'signIn' : 'signOut'
    if (email !== undefined) await auditIdentity(identity, request, { action, outcome: 'done', email })
    return payload
  })
  app.addHook('onResponse', async (request, reply) => {
    const email = readEmail(request)
    if (!isRoute(request, SIGN_IN) || reply.statusCode !== 401 || email === undefined) return
    await auditIdentity(identity, request, { action: 'signIn', outcome: 'failed', email }).catch((err: unknown) =>
      request.log.error({ err }, 'a failed sign-in could not be told'),
    )
  })
}

function isRoute(request: FastifyRequest, url: string): boolean {
  return request.routeOptions.url === url
}

function readEmail({ body }: FastifyRequest): string | undefined {
  const email = typeof body === 'object' && body !== null && 'email' in body ? body.email : undefined
  return typeof email === 'string' ? email : undefined
}
