/**
 * Tells the audit log who signed in, who failed to, and what people changed about their own identity, around the calls of the
 * sign-in code. What succeeded is told before the answer leaves. A failure is told after it, so that the time an answer takes
 * says nothing about whether the address is known here.
 */
import {
  changePassword,
  confirmSession,
  confirmTwoFactor,
  createToken,
  endSession,
  endTwoFactor,
  type Endpoint,
  revokeToken,
  startTwoFactor,
  useLink,
} from '@msp-console/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type pg from 'pg'
import { API_PREFIX } from '../http/serve.ts'
import { auditIdentity } from './audit.ts'

const SIGN_IN = '/api/auth/sign-in/email'
const SECOND_STEP = '/api/auth/two-factor/verify'
const SIGN_OUT = '/api/auth/sign-out'

const toRoute = ({ method, path }: { method: string; path: string }) => `${method} ${API_PREFIX}${path}`

/** Done by people to themselves, by method and address. */
const OWN: ReadonlyMap<string, string> = new Map(
  [changePassword, confirmTwoFactor, createToken, endSession, endTwoFactor, revokeToken].map(
    ({ name, method, path }) => [`${method} ${API_PREFIX}${path}`, name] as const,
  ),
)
/** What asks for a password or a code within a session. */
const PROVED: ReadonlyMap<string, string> = new Map(
  [changePassword, confirmSession, confirmTwoFactor, endTwoFactor, startTwoFactor].map(
    (endpoint) => [toRoute(endpoint), endpoint.name] as const,
  ),
)
const LINK = toRoute(useLink)

/** Before the routes are added. @param identity pool that may see users @param endpoints all that are served */
export function auditSignIns(app: FastifyInstance, identity: pg.Pool, endpoints: readonly Endpoint[]): void {
  const operations = new Map(endpoints.map((endpoint) => [toRoute(endpoint), endpoint.name] as const))
  app.addHook('onSend', async (request, reply, payload) => {
    const done = reply.statusCode === 200 ? toDone(request, payload) : null
    if (done !== null) await auditIdentity(identity, request, { ...done, outcome: 'done' })
    const refused = reply.statusCode === 403 ? toRefused(request, payload, operations) : null
    if (refused !== null) await auditIdentity(identity, request, { ...refused, outcome: 'refused' })
    return payload
  })
  app.addHook('onResponse', async (request, reply) => {
    const failed = reply.statusCode === 401 ? toFailed(request) : null
    if (failed === null) return
    await auditIdentity(identity, request, { ...failed, outcome: 'failed' }).catch((err: unknown) =>
      request.log.error({ err }, 'a failed sign-in could not be told'),
    )
  })
}

interface Told {
  action: string
  who: { email: string } | { id: string }
}

function toDone(request: FastifyRequest, payload: unknown): Told | null {
  const route = routeOf(request)
  const { signedIn, signedInAs } = request
  if (route === `POST ${SIGN_IN}` || route === `POST ${SECOND_STEP}`)
    return signedInAs === null ? null : { action: 'signIn', who: { id: signedInAs } }
  if (route === LINK) {
    const email = readEmail(typeof payload === 'string' ? JSON.parse(payload) : null)
    return email === undefined ? null : { action: useLink.name, who: { email } }
  }
  if (signedIn === null) return null
  const action = route === `POST ${SIGN_OUT}` ? 'signOut' : OWN.get(route)
  return action === undefined ? null : { action, who: { id: signedIn.id } }
}

/** Wrong passwords and codes, whoever gave them. */
function toFailed(request: FastifyRequest): Told | null {
  const route = routeOf(request)
  const { signedIn, codeOf } = request
  if (route === `POST ${SECOND_STEP}`) return codeOf === null ? null : { action: 'verifyCode', who: { id: codeOf } }
  const action = PROVED.get(route)
  if (action !== undefined) return signedIn && { action, who: { id: signedIn.id } }
  const email = route === `POST ${SIGN_IN}` ? readEmail(request.body) : undefined
  return email === undefined ? null : { action: 'signIn', who: { email } }
}

/** What a person tried and may not do; a question for the password is none. */
function toRefused(request: FastifyRequest, payload: unknown, operations: ReadonlyMap<string, string>): Told | null {
  if (request.signedIn === null || request.method === 'GET' || typeof payload !== 'string') return null
  const action = operations.get(routeOf(request))
  if (action === undefined || !/"code":"(forbidden|rights-exceeded)"/.test(payload)) return null
  return { action, who: { id: request.signedIn.id } }
}

function routeOf(request: FastifyRequest): string {
  return `${request.method} ${request.routeOptions.url ?? ''}`
}

function readEmail(value: unknown): string | undefined {
  const email = typeof value === 'object' && value !== null && 'email' in value ? value.email : undefined
  return typeof email === 'string' ? email : undefined
}
