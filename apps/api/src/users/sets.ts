/**
 * Permission sets: the built-in ones, and those that belong to groups in view.
 * Invariant: nobody makes a set that gives more than they have, changes one that does, or one that is granted outside their view.
 */
import {
  type BuiltInSet,
  createSet,
  deleteSet,
  type GroupKind,
  listSets,
  type PermissionSet,
  type Rights,
  RIGHT_OBJECTS,
  updateSet,
} from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import { audit } from '../access/audit.ts'
import { rangeOf, type Scope, scopeOf } from '../access/scope.ts'
import { type Caller, callerOf } from '../access/session.ts'
import { toId } from '../db/ids.ts'
import { fromHiddenId, toHiddenId } from '../http/hidden.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import { exceeds } from './grants.ts'
import { requireOwn, RIGHTS } from './limits.ts'

interface SetRecord {
  id: number
  key: BuiltInSet | null
  name: string
  group_id: number | null
  group_kind: GroupKind
  group_name: string
  rights: Rights
  grants: number
}

const COLUMNS = RIGHT_OBJECTS.join(', ')

export function serveSets(app: FastifyInstance, inScope: InScope): void {
  serve(app, listSets, (_, request) => {
    const scope = scopeOf(request)
    return inScope(scope, async (db) => ({ items: (await listRows(db, scope, null)).map(present) }))
  })

  serve(app, createSet, ({ body: { name, rights } }, request) => {
    const { view } = callerOf(request)
    return inScope(view.scope, async (db) => {
      requireOwn(rights, view.rights)
      const id = await insertSet(db, view.scope.rootId, name, rights)
      const made = await requireSet(db, view.scope, id)
      await audit(db, request, {
        action: 'createSet',
        where: { groupId: view.scope.rootId },
        target: name,
        after: { name, ...rights },
      })
      return present(made)
    })
  })

  serve(app, updateSet, ({ params, body: { name, rights } }, request) => {
    const caller = callerOf(request)
    const { view } = caller
    return inScope(view.scope, async (db) => {
      const former = await requireChangeable(db, caller, params.id)
      requireOwn(rights, view.rights)
      await writeSet(db, former.id, name, rights)
      await audit(db, request, {
        action: 'updateSet',
        where: { groupId: former.group_id ?? 1 },
        target: former.name,
        before: { name: former.name, ...former.rights },
        after: { name, ...rights },
      })
      return present(await requireSet(db, view.scope, former.id))
    })
  })

  serve(app, deleteSet, ({ params }, request) => {
    const caller = callerOf(request)
    return inScope(caller.view.scope, async (db) => {
      const former = await requireChangeable(db, caller, params.id)
      if (former.grants > 0) throw new ProblemError('set-in-use', `Grants in your view that use it: ${former.grants}.`)
      await removeSet(db, former.id)
      await audit(db, request, {
        action: 'deleteSet',
        where: { groupId: former.group_id ?? 1 },
        target: former.name,
        before: { name: former.name, ...former.rights },
      })
      return { deleted: true as const }
    })
  })
}

/** Built-in ones first, in their order. Grants are counted as far as user and root are in view. */
async function listRows(db: Db, scope: Scope, id: number | null): Promise<SetRecord[]> {
  const { rows } = await db.query<SetRecord>(
    `select s.id, s.key, s.name, g.id as group_id, g.kind as group_kind, g.name as group_name, ${RIGHTS} as rights,
       (select count(*) from user_grant x join static_group r on r.id = x.root_group_id
        where x.set_id = s.id and r.path >= $1 and r.path < $2) as grants
     from permission_set s left join static_group g on g.id = s.group_id
     where (s.key is not null or g.path >= $1 and g.path < $2) and ($3::int is null or s.id = $3)
     order by s.key is null, case when s.key is null then 0 else s.id end, s.name collate msp_name, s.id`,
    [...rangeOf(scope.path), id],
  )
  return rows
}

async function requireSet(db: Db, scope: Scope, id: number): Promise<SetRecord> {
  const [found] = await listRows(db, scope, id)
  if (found === undefined) throw new ProblemError('not-found', 'There is no such permission set.')
  return found
}

/** @throws ProblemError `not-found`, `forbidden`, `rights-exceeded` */
async function requireChangeable(db: Db, { view }: Caller, id: string): Promise<SetRecord> {
  const found = await requireSet(db, view.scope, fromHiddenId('set', id))
  if (found.key !== null) throw new ProblemError('forbidden', 'Built-in permission sets do not change; make your own.')
  const object = exceeds(found.rights, view.rights)
  if (object !== null)
    throw new ProblemError('rights-exceeded', `This permission set gives more than your own right “${object}”.`)
  const { rows } = await db.query<{ yes: boolean }>('select set_reaches_beyond($1, $2) as yes', [
    found.id,
    view.scope.rootId,
  ])
  if (rows[0]?.yes === true)
    throw new ProblemError('forbidden', 'This permission set is granted outside your view as well.')
  return found
}

async function insertSet(db: Db, groupId: number, name: string, rights: Rights): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into permission_set (group_id, name, ${COLUMNS})
     select $1, $2, r.* from jsonb_to_record($3) as r (${COLUMNS.replaceAll(/\w+/g, '$& right_level')})
     on conflict do nothing returning id`,
    [groupId, name, rights],
  )
  const id = rows[0]?.id
  if (id === undefined) throw nameTaken()
  return id
}

async function writeSet(db: Db, id: number, name: string, rights: Rights): Promise<void> {
  const { rowCount } = await db.query(
    `update permission_set s set name = $2, (${COLUMNS}) =
       (select r.* from jsonb_to_record($3) as r (${COLUMNS.replaceAll(/\w+/g, '$& right_level')}))
     where id = $1 and not exists (
       select from permission_set o where o.group_id = s.group_id and o.name = $2 and o.id <> s.id)`,
    [id, name, rights],
  )
  if (rowCount !== 1) throw nameTaken()
}

/** Granted in view to somebody at home elsewhere it is in use as well, but there is nobody to count here. */
async function removeSet(db: Db, id: number): Promise<void> {
  try {
    await db.query('delete from permission_set where id = $1', [id])
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === '23503')) throw error
    throw new ProblemError('set-in-use', 'Grants in your view that use it: 0; somebody at home elsewhere has it.')
  }
}

function nameTaken(): ProblemError {
  return new ProblemError('conflict', 'There is a permission set of this name here already.')
}

function present(row: SetRecord): PermissionSet {
  return {
    id: toHiddenId('set', row.id),
    key: row.key,
    name: row.name,
    group: row.group_id === null ? null : { id: toId(row.group_id), kind: row.group_kind, name: row.group_name },
    rights: row.rights,
    grants: row.grants,
  }
}
