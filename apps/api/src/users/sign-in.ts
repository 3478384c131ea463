/**
 * How users sign in, as an administrator may end it: sessions, API tokens, the second factor.
 * Invariant: only for whom the caller may manage, told in the audit log; what lies outside the view ends with the rest and is not told.
 */
import {
  type ApiToken,
  endUserSessions,
  endUserTwoFactor,
  type GroupKind,
  listUserTokens,
  revokeUserToken,
  revokeUserTokens,
  type Rights,
} from '@msp-console/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { audit } from '../access/audit.ts'
import { presentPlace } from '../access/routes.ts'
import { callerOf, type Caller } from '../access/session.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { fromHiddenId, toHiddenId } from '../http/hidden.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import { endSessions, endTokens } from './change.ts'
import { noSuchUser, requireManageable } from './limits.ts'
import { findUser, type UserRecord } from './queries.ts'

interface TokenRecord {
  id: number
  name: string
  rights: Rights
  created_at: string
  expires_at: string
  last_used_at: string | null
  root_id: number
  root_kind: GroupKind
  root_name: string
}

export function serveUserSignIn(app: FastifyInstance, inScope: InScope): void {
  /** In one transaction, with a user whom the caller may manage. */
  const withUser = <T>(request: FastifyRequest, id: string, work: (db: Db, user: UserRecord) => Promise<T>) => {
    const caller: Caller = callerOf(request)
    return inScope(caller.view.scope, async (db) => work(db, await requireManageable(db, caller, id)))
  }

  serve(app, endUserSessions, ({ params }, request) =>
    withUser(request, params.id, async (db, user) => {
      const ended = await endSessions(db, user.id)
      await audit(db, request, { action: 'endUserSessions', ...toPlace(user), after: { ended } })
      return { ended }
    }),
  )

  serve(app, endUserTwoFactor, ({ params }, request) =>
    withUser(request, params.id, async (db, user) => {
      const { rows } = await db.query<{ ended: boolean }>('select end_two_factor_of($1) as ended', [user.id])
      const ended = rows[0]?.ended === true
      if (ended) await audit(db, request, { action: 'endUserTwoFactor', ...toPlace(user) })
      return { ended }
    }),
  )

  serve(app, listUserTokens, ({ params }, request) => {
    const { scope } = callerOf(request).view
    return inScope(scope, async (db) => {
      if ((await findUser(db, scope, params.id)) === null) throw noSuchUser()
      const { rows } = await db.query<TokenRecord>('select * from tokens_of_user($1)', [params.id])
      return { items: rows.map(presentToken) }
    })
  })

  serve(app, revokeUserToken, ({ params }, request) =>
    withUser(request, params.id, async (db, user) => {
      const [name] = await endTokens(db, user.id, fromHiddenId('token', params.token))
      if (name === undefined) throw new ProblemError('not-found', 'This user has no such token in your view.')
      await audit(db, request, { action: 'revokeUserToken', ...toPlace(user), before: { name } })
      return { revoked: true as const }
    }),
  )

  serve(app, revokeUserTokens, ({ params }, request) =>
    withUser(request, params.id, async (db, user) => {
      const { length: count } = await endTokens(db, user.id, null)
      await audit(db, request, { action: 'revokeUserTokens', ...toPlace(user), after: { count } })
      return { revoked: count }
    }),
  )
}

/** Of an audit entry about a user. */
function toPlace({ home_id, email }: UserRecord): { where: { groupId: number }; target: string } {
  return { where: { groupId: home_id ?? 1 }, target: email }
}

function presentToken(row: TokenRecord): ApiToken {
  return {
    id: toHiddenId('token', row.id),
    name: row.name,
    root: presentPlace({ rootId: row.root_id, kind: row.root_kind, name: row.root_name }),
    rights: row.rights,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }
}
