/**
 * Who is asking, and whether they may. Every route states what it asks of its caller (config.access); one that does not keeps
 * the server from starting. The check runs before the body is read. Session and grants are looked up on each request, so
 * revoking, moving and disabling act on the next one.
 */
import { type Access, covers, joinRights, PREVIEW_HEADER, ROOT_HEADER } from '@msp-console/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type pg from 'pg'
import type { InScope } from '../db/scoped.ts'
import { ProblemError } from '../http/problem.ts'
import { findSession, type Keys, readToken, type SignedIn } from './find-session.ts'
import { type Grant, isInside, toView, type View } from './view.ts'

export interface Caller {
  user: SignedIn
  view: View
  /** Whom the caller looks through the eyes of. */
  preview: { id: string; name: string; email: string } | null
}

declare module 'fastify' {
  interface FastifyRequest {
    signedIn: SignedIn | null
    /** Null without a session, and while the user has no rights. */
    caller: Caller | null
  }
  interface FastifyContextConfig {
    access?: Access
    /** True where a browser follows a link or opens a stream and can send no headers: root and preview come in the query. */
    linked?: boolean
  }
}

/** @throws ProblemError `unauthenticated` */
export function userOf(request: FastifyRequest): SignedIn {
  if (request.signedIn === null) throw new ProblemError('unauthenticated', 'This needs a session.')
  return request.signedIn
}

/** @throws ProblemError `unauthenticated`, `forbidden` */
export function callerOf(request: FastifyRequest): Caller {
  userOf(request)
  if (request.caller === null)
    throw new ProblemError('forbidden', 'You have no rights here yet; ask your administrator for a permission set.')
  return request.caller
}

/** A person with a session, for what nobody may do with an API token. @throws ProblemError `unauthenticated`, `forbidden` */
export function personOf(request: FastifyRequest): SignedIn & { sessionId: string } {
  const user = userOf(request)
  const { sessionId } = user
  if (sessionId === null) throw new ProblemError('forbidden', 'A person has to do this; an API token cannot.')
  return { ...user, sessionId }
}

export interface GuardDeps {
  pool: pg.Pool
  inScope: InScope
  keys: Keys
  /** Looks an API token up; null = not one of ours, or worth nothing. */
  findToken: (secret: string) => Promise<{ user: SignedIn; view: View } | null>
}

export function guardRoutes(app: FastifyInstance, deps: GuardDeps): void {
  app.decorateRequest('signedIn', null)
  app.decorateRequest('caller', null)
  requirePolicies(app)
  app.addHook('onRequest', async (request) => {
    const { access, linked } = request.routeOptions.config
    await identify(request, deps, linked === true)
    if (request.is404 || access === 'open') return
    try {
      requireAccess(request, access)
    } catch (error) {
      logDenied(request, error)
      throw error
    }
  })
}

function requireAccess(request: FastifyRequest, access: Exclude<Access, 'open'> | undefined): void {
  const user = userOf(request)
  if (access === undefined) throw new Error('a route without a policy')
  if (request.caller?.preview && request.method !== 'GET')
    throw new ProblemError('forbidden', 'This is a preview of what somebody else sees; end it to change anything.')
  if (access === 'signedIn') return
  const { rights } = callerOf(request).view
  if (!covers(rights, access.object, access.level))
    throw new ProblemError('forbidden', `This needs the right “${access.object}: ${access.level}” here.`)
  if (access.fresh === true) requireFresh(user)
}

function logDenied({ log, signedIn, routeOptions, method }: FastifyRequest, error: unknown): void {
  if (!(error instanceof ProblemError)) return
  log.warn({ user: signedIn?.id ?? null, method, route: routeOptions.url, code: error.code }, 'access denied')
}

/** @throws ProblemError `confirmation-required` */
export function requireFresh({ confirmedUntil, token }: SignedIn): void {
  if (token !== null) throw new ProblemError('forbidden', 'A person has to do this; an API token cannot.')
  if (confirmedUntil === null || Date.parse(confirmedUntil) < Date.now())
    throw new ProblemError('confirmation-required', 'Give your password again, then repeat this.')
}

/** Collected while routes are added, looked at once all are: plugins may still complete their routes. */
function requirePolicies(app: FastifyInstance): void {
  const routes: { method: string | string[]; url: string; config?: { access?: Access } | undefined }[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  app.addHook('onReady', async () => {
    const bare = routes.filter(({ config }) => config?.access === undefined)
    if (bare.length > 0)
      throw new Error(`no policy: ${bare.map(({ method, url }) => `${String(method)} ${url}`).join(', ')}`)
  })
}

async function identify(request: FastifyRequest, deps: GuardDeps, linked: boolean): Promise<void> {
  const { authorization } = request.headers
  // Whoever sends a token acts by the token alone, also where it is worth nothing: a cookie beside it counts for nothing.
  if (authorization !== undefined && /^Bearer\b/i.test(authorization)) {
    const found = await deps.findToken(authorization.slice('Bearer '.length).trim())
    request.signedIn = found?.user ?? null
    request.caller = found && { ...found, preview: null }
    const { root, preview } = readChoice(request, linked)
    if (found && (preview !== undefined || (root ?? found.view.root.rootId) !== found.view.root.rootId))
      throw noSuchView()
    return
  }
  const token = readToken(request.headers.cookie, deps.keys)
  if (token === null) return
  const user = await findSession(deps.pool, { token })
  request.signedIn = user
  if (user === null) return
  const wanted = readChoice(request, linked)
  request.caller = await toCaller(deps, user, wanted)
}

/** What a session works in. @throws ProblemError `not-found` when that root or user is not the caller's to choose */
async function toCaller(deps: GuardDeps, user: SignedIn, wanted: Choice): Promise<Caller | null> {
  if (user.grants.length === 0) return null
  const view = toView(user.grants, wanted.root)
  if (view === null) throw noSuchView()
  if (wanted.preview === undefined) return { user, view, preview: null }
  return previewAs(deps, { user, view, preview: null }, wanted.preview)
}

/** Looks a caller up again: what the session may do now, in the view it has. Null = that is no more. */
export function createRecheck(deps: GuardDeps) {
  return async ({ user, view, preview }: Caller): Promise<Caller | null> => {
    if (user.sessionId === null) return null
    const now = await findSession(deps.pool, { id: user.sessionId })
    if (now === null) return null
    const { rootId } = view.scope
    const wanted = preview === null ? { root: rootId } : { preview: `${preview.id}:${rootId}` }
    return toCaller(deps, now, wanted).catch((error: unknown) => {
      if (error instanceof ProblemError) return null
      throw error
    })
  }
}

interface Choice {
  root?: number | undefined
  preview?: string | undefined
}

/**
 * What another user sees, as far as it lies in the caller's view and the caller may see it as well: a preview shows less, never
 * more. What lies outside does not exist here either.
 */
async function previewAs(deps: GuardDeps, caller: Caller, wanted: string): Promise<Caller> {
  if (!covers(caller.view.rights, 'users', 'read')) throw noSuchView()
  const [id = '', root] = wanted.split(':')
  const found = await deps.inScope(caller.view.scope, (db) =>
    db.query<{ id: string; name: string; email: string; grants: Grant[] }>(
      'select id, name, email, grants_of(id) as grants from app_user where id = $1',
      [id],
    ),
  )
  const other = found.rows[0]
  const grants = other?.grants.filter(({ path }) => isInside(caller.view.scope, path)) ?? []
  const view = toView(grants, root === undefined ? undefined : Number(root))
  if (other === undefined || view === null) throw noSuchView()
  const rights = joinRights(view.rights, caller.view.rights, 'lower')
  return {
    user: caller.user,
    view: { ...view, rights },
    preview: { id: other.id, name: other.name, email: other.email },
  }
}

function noSuchView(): ProblemError {
  return new ProblemError('not-found', 'There is no such view; choose another root.')
}

function readChoice({ headers, query }: FastifyRequest, linked: boolean): Choice {
  const linkedQuery = linked ? (query as Record<string, unknown>) : {}
  const root = toText(headers[ROOT_HEADER] ?? linkedQuery['root'])
  const preview = toText(headers[PREVIEW_HEADER] ?? linkedQuery['preview'])
  if (root !== undefined && !/^[1-9][0-9]{0,9}$/.test(root)) throw noSuchView()
  return { root: root === undefined ? undefined : Number(root), preview }
}

/** Given twice it is an array, and means nothing. */
function toText(value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw noSuchView()
}
