/**
 * Users whose home lies in the view, their grants, and why somebody sees a group or does not. Sets are beside it, in sets.ts, and
 * so is what ends a sign-in, in sign-in.ts.
 * Invariant: who is not at home in the view does not exist here; what may be changed is said in limits.ts.
 */
import {
  createUser,
  createUserLink,
  deleteUser,
  explainAccess,
  explainOwnAccess,
  getUser,
  listUsers,
  updateUser,
  type User,
  type UserLink,
} from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { audit } from '../access/audit.ts'
import { scopeOf } from '../access/scope.ts'
import { type Caller, callerOf, userOf } from '../access/session.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { fromCursor, toCursor, toPage } from '../http/cursor.ts'
import { serve } from '../http/serve.ts'
import { changeUser, inviteUser, removeUser } from './change.ts'
import { explain, findPath, NO_GROUP } from './explain.ts'
import { loadGrants } from './grants.ts'
import { noSuchUser, requireManageable } from './limits.ts'
import { countUsers, type FindTwoFactor, findUser, listUserRows, presentUsers, type UserRecord } from './queries.ts'
import { serveSets } from './sets.ts'
import { serveUserSignIn } from './sign-in.ts'

type CreateLink = (
  db: Db,
  options: { userId: string; kind: 'invite' | 'reset'; createdBy: string; baseUrl: string },
) => Promise<UserLink>

export interface UserDeps {
  inScope: InScope
  createLink: CreateLink
  findTwoFactor: FindTwoFactor
  /** Where browsers reach the console. */
  baseUrl: string
}

const NameAndId = z.tuple([z.string(), z.string()])

export function serveUsers(app: FastifyInstance, deps: UserDeps): void {
  const { inScope } = deps
  const presentOne = async (db: Db, caller: Caller, row: UserRecord): Promise<User> => {
    const [user] = await presentUsers(db, caller, [row], deps.findTwoFactor)
    if (user === undefined) throw noSuchUser()
    return user
  }
  const makeLink = (db: Db, caller: Caller, { id, has_password }: UserRecord) =>
    deps.createLink(db, {
      userId: id,
      kind: has_password ? 'reset' : 'invite',
      createdBy: caller.user.email,
      baseUrl: deps.baseUrl,
    })

  serve(app, listUsers, ({ query: { limit, cursor, q } }, request) => {
    const caller = callerOf(request)
    const { scope } = caller.view
    return inScope(scope, async (db) => {
      const list = ['users', scope.rootId, q ?? '']
      const after = fromCursor(list, cursor, NameAndId)
      const { page, last } = toPage(await listUserRows(db, scope, { q, after, limit: limit + 1 }), limit)
      return {
        items: await presentUsers(db, caller, page, deps.findTwoFactor),
        nextCursor: last && toCursor(list, [last.name, last.id]),
        total: await countUsers(db, scope, q),
      }
    })
  })

  serve(app, getUser, ({ params }, request) => {
    const caller = callerOf(request)
    return inScope(caller.view.scope, async (db) => {
      const row = await findUser(db, caller.view.scope, params.id)
      if (row === null) throw noSuchUser()
      return presentOne(db, caller, row)
    })
  })

  serve(app, createUser, ({ body }, request) => {
    const caller = callerOf(request)
    return inScope(caller.view.scope, async (db) => {
      const row = await inviteUser(db, request, body)
      return { user: await presentOne(db, caller, row), link: await makeLink(db, caller, row) }
    })
  })

  serve(app, updateUser, ({ params, body }, request) => {
    const caller = callerOf(request)
    return inScope(caller.view.scope, async (db) =>
      presentOne(db, caller, await changeUser(db, request, params.id, body)),
    )
  })

  serve(app, deleteUser, ({ params }, request) =>
    inScope(scopeOf(request), async (db) => {
      await removeUser(db, request, params.id)
      return { deleted: true as const }
    }),
  )

  serve(app, createUserLink, ({ params }, request) => {
    const caller = callerOf(request)
    return inScope(caller.view.scope, async (db) => {
      const row = await requireManageable(db, caller, params.id)
      const where = { groupId: row.home_id ?? 1 }
      await audit(db, request, {
        action: 'createUserLink',
        where,
        target: row.email,
        after: { kind: row.has_password ? 'reset' : 'invite' },
      })
      return makeLink(db, caller, row)
    })
  })

  serve(app, explainAccess, ({ params, query }, request) => {
    const { scope } = callerOf(request).view
    return inScope(scope, async (db) => {
      const user = await findUser(db, scope, params.id)
      if (user === null) throw noSuchUser()
      const path = await findPath(db, scope.path, query.group)
      if (path === null) return NO_GROUP
      const grantsOf = await loadGrants(db, [user.id], [scope.rootId])
      return explain(user.disabled, grantsOf(user.id).known, path)
    })
  })

  serve(app, explainOwnAccess, async ({ query }, request) => {
    const user = userOf(request)
    const { caller } = request
    if (caller === null) return { ...NO_GROUP, reason: 'noGrants' as const }
    const { roots } = caller.view
    // In a preview it is the other's view, as far as it lies in the caller's.
    const whose = caller.preview?.id ?? user.id
    for (const root of roots) {
      const found = await inScope(root, async (db) => {
        const path = await findPath(db, root.path, query.group)
        if (path === null) return null
        const ids = roots.map(({ rootId }) => rootId)
        const grantsOf = await loadGrants(db, [whose], ids)
        return explain(false, grantsOf(whose).known, path)
      })
      if (found !== null) return found
    }
    return NO_GROUP
  })

  serveUserSignIn(app, inScope)
  serveSets(app, inScope)
}
