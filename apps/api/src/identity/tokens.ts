import {
  type ApiToken,
  createToken,
  type GroupKind,
  joinRights,
  listTokens,
  revokeToken,
  type Rights,
  RIGHT_OBJECTS,
} from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { presentPlace } from '../access/routes.ts'
import { EVERYTHING } from '../access/scope.ts'
import { personOf, requireFresh } from '../access/session.ts'
import { isNothing, makeSecret, toTokenText } from '../access/tokens.ts'
import { type Grant, type Place, rightsAt } from '../access/view.ts'
import { fromId } from '../db/ids.ts'
import { fromHiddenId, toHiddenId } from '../http/hidden.ts'
import { createInScope } from '../db/scoped.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'

interface TokenRecord {
  id: number
  name: string
  rights: Rights
  created_at: string
  expires_at: string
  last_used_at: string | null
  rootId: number
  path: string
  kind: GroupKind
  root_name: string
}

export function serveTokens(app: FastifyInstance, identity: pg.Pool): void {
  // The root of a token may lie in another view than this one, or in none any more: what is shown is decided by the grants.
  const inScope = createInScope(identity)

  serve(app, listTokens, async (_, request) => {
    const { id, grants } = personOf(request)
    const { rows } = await inScope(EVERYTHING, (db) =>
      db.query<TokenRecord>(
        `select t.id, t.name, t.created_at, t.expires_at, t.last_used_at, g.id as "rootId", g.path, g.kind, g.name as root_name,
           jsonb_build_object('groups', t.groups, 'setup', t.setup, 'sync', t.sync, 'accounts', t.accounts, 'users', t.users,
             'audit', t.audit) as rights
         from api_token t join static_group g on g.id = t.root_group_id where t.user_id = $1 order by t.id desc`,
        [id],
      ),
    )
    return { items: rows.map((row) => presentToken(row, grants)) }
  })

  serve(app, createToken, async ({ body }, request) => {
    const user = personOf(request)
    requireFresh(user)
    const { name, rights, days } = body
    const { random, hash } = makeSecret()
    const row = await inScope(EVERYTHING, async (db) => {
      const found = await db.query<Place>('select id as "rootId", path, kind, name from static_group where id = $1', [
        fromId(body.rootId),
      ])
      const root = found.rows[0]
      if (root === undefined || isNothing(rightsAt(user.grants, root.path)))
        throw new ProblemError('not-found', 'There is no such group.')
      requireRights(rights, rightsAt(user.grants, root.path))
      const made = await db.query<Pick<TokenRecord, 'id' | 'created_at' | 'expires_at' | 'last_used_at'>>(
        `insert into api_token (user_id, name, secret_hash, root_group_id, groups, setup, sync, accounts, users, audit, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + make_interval(days => $11))
         returning id, created_at, expires_at, last_used_at`,
        [user.id, name, hash, root.rootId, ...RIGHT_OBJECTS.map((object) => rights[object]), days],
      )
      return made.rows.map((each) => ({ ...each, ...root, name, root_name: root.name, rights }))[0]
    })
    if (row === undefined) throw new Error('a token was not stored')
    return { secret: toTokenText(random), token: presentToken(row, user.grants) }
  })

  serve(app, revokeToken, async ({ params }, request) => {
    const { id } = personOf(request)
    const { rowCount } = await identity.query('delete from api_token where id = $1 and user_id = $2', [
      fromHiddenId('token', params.id),
      id,
    ])
    if (rowCount === 0) throw new ProblemError('not-found', 'There is no such token of yours.')
    return { revoked: true as const }
  })
}

/** @throws ProblemError `rights-exceeded`, `validation-failed` for a token that may do nothing */
function requireRights(wanted: Rights, own: Rights): void {
  const allowed = joinRights(wanted, own, 'lower')
  const beyond = RIGHT_OBJECTS.filter((object) => allowed[object] !== wanted[object])
  if (beyond.length > 0)
    throw new ProblemError('rights-exceeded', `You do not have that much yourself there: ${beyond.join(', ')}.`)
  if (isNothing(wanted)) throw new ProblemError('validation-failed', 'Choose what the token may do.')
}

function presentToken(row: TokenRecord, grants: readonly Grant[]): ApiToken {
  const seen = !isNothing(rightsAt(grants, row.path))
  return {
    id: toHiddenId('token', row.id),
    name: row.name,
    root: seen ? presentPlace({ ...row, name: row.root_name }) : null,
    rights: row.rights,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }
}
