/**
 * Deleting a company that is removed at the source: the only delete there is, and only of what holds nothing.
 * Invariant: the answer to "what would go" and the delete ask for the same; the database function checks it once more.
 */
import { deleteGroup, getRemoval, type Removal } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import { audit } from '../access/audit.ts'
import { rangeOf, scopeOf, type Scope } from '../access/scope.ts'
import { toId } from '../db/ids.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import { countEvents, findGroupId, type FullGroup, readGroup } from './queries.ts'

const WORDS: Record<Removal['blockedBy'][number], string> = {
  notRemoved: 'it is not removed at the source',
  children: 'other groups are in it',
  computers: 'computers are in it',
  accountRoot: 'it is the root of an account',
  notACompany: 'it mirrors no company',
}

export function serveRemoval(app: FastifyInstance, inScope: InScope): void {
  serve(app, getRemoval, ({ params }, request) => {
    const scope = scopeOf(request)
    return inScope(scope, async (db) => readRemoval(db, scope, await requireGroup(db, scope, params.id)))
  })

  serve(app, deleteGroup, ({ params }, request) => {
    const scope = scopeOf(request)
    return inScope(scope, async (db) => {
      const group = await requireGroup(db, scope, params.id)
      // The parent is where the deletion is told, and the root of a view has none in it.
      if (group.id === scope.rootId)
        throw new ProblemError('forbidden', 'The root of your view cannot be deleted from here.')
      // As everybody does who writes an account's tree; what was read before may have changed meanwhile.
      await db.query('select lock_accounts(array[$1::int])', [group.account_id])
      const { blockedBy, ...gone } = await readRemoval(db, scope, group)
      const { rows } = await db.query<{ deleted: boolean }>('select delete_unlinked($1) as deleted', [group.id])
      if (rows[0]?.deleted !== true) {
        const why = blockedBy.map((reason) => WORDS[reason]).join(', ')
        throw new ProblemError('group-in-use', `It cannot be deleted: ${why || 'it has just changed'}.`)
      }
      const parentId = Number(group.path.split('/').at(-3))
      await audit(db, request, {
        action: 'deleteGroup',
        where: { groupId: parentId },
        target: group.name,
        before: { guid: group.company?.guid ?? null, events: gone.events, grants: gone.grants },
      })
      await db.query(`select pg_notify('msp_console', $1)`, [
        JSON.stringify({ type: 'tree', accountId: group.account_id }),
      ])
      return { parentId: toId(parentId) }
    })
  })
}

async function readRemoval(db: Db, scope: Scope, group: FullGroup): Promise<Removal> {
  const { rows } = await db.query<{ grants: number }>(
    `select count(*)::int as grants from user_grant x join static_group g on g.id = x.root_group_id
     where g.id = $3 and g.path >= $1 and g.path < $2`,
    [...rangeOf(scope.path), group.id],
  )
  const { child_count: children, computers } = group
  return {
    blockedBy: [
      ...(group.presence === 'unlinked' ? [] : (['notRemoved'] as const)),
      ...(children > 0 ? (['children'] as const) : []),
      ...(computers > 0 ? (['computers'] as const) : []),
      ...(group.account_root === group.id ? (['accountRoot'] as const) : []),
      ...(group.company === null ? (['notACompany'] as const) : []),
    ],
    children,
    computers,
    events: await countEvents(db, scope, group.id),
    grants: rows[0]?.grants ?? 0,
  }
}

async function requireGroup(db: Db, scope: Scope, ref: string): Promise<FullGroup> {
  const id = await findGroupId(db, scope, ref)
  const group = id === null ? null : await readGroup(db, scope, id)
  if (group === null) throw new ProblemError('not-found', 'There is no such group.')
  return group
}

/** A company by id or GUID with its account, for whoever starts a run of it. */
export async function findCompany(db: Db, scope: Scope, ref: string) {
  const id = await findGroupId(db, scope, ref)
  const group = id === null ? null : await readGroup(db, scope, id)
  if (group === null || group.company === null || group.account_id === null) return null
  return { id: group.id, name: group.name, accountId: group.account_id, isRoot: group.account_root === group.id }
}
