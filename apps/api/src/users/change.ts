/**
 * Inviting, changing and removing users. Each call is one transaction with its audit entry.
 * Invariant: what somebody has afterwards, the caller has; whom the caller may not manage does not change; one administrator of
 * everything is left. Grants are read on every request, so all of it acts on the next one.
 */
import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { audit } from '../access/audit.ts'
import { rangeOf } from '../access/scope.ts'
import { type Caller, callerOf } from '../access/session.ts'
import { fromId } from '../db/ids.ts'
import { toHiddenId } from '../http/hidden.ts'
import type { Db } from '../db/tx.ts'
import { ProblemError } from '../http/problem.ts'
import { loadGrants } from './grants.ts'
import {
  noSuchUser,
  requireAdministrator,
  requireGivable,
  requireHome,
  requireManageable,
  type WantedGrant,
} from './limits.ts'
import { findUser, type UserRecord } from './queries.ts'

interface Wanted {
  name: string
  homeGroupId: string
  grants: { rootId: string; setId: string }[]
}

/** Without a password: a link sets the first one. @throws ProblemError `rights-exceeded`, `email-taken` */
export async function inviteUser(
  db: Db,
  request: FastifyRequest,
  wanted: Wanted & { email: string },
): Promise<UserRecord> {
  const caller = callerOf(request)
  const homeId = fromId(wanted.homeGroupId)
  await requireHome(db, caller.view.scope, homeId)
  const grants = await requireGivable(db, caller, wanted.grants)
  const { rows } = await db.query<{ id: string }>(
    `insert into app_user (id, name, email, home_group_id) values ($1, $2, lower($3), $4)
     on conflict (email) do nothing returning id`,
    [randomUUID(), wanted.name, wanted.email, homeId],
  )
  const id = rows[0]?.id
  if (id === undefined) throw new ProblemError('email-taken', 'Somebody signs in with this address already.')
  await addGrants(db, id, grants, caller.user.email)
  const made = await requireUser(db, caller, id)
  const after = await describe(db, caller, made)
  await audit(db, request, { action: 'createUser', where: { groupId: homeId }, target: made.email, after })
  return made
}

/** @throws ProblemError `not-found`, `forbidden`, `rights-exceeded` */
export async function changeUser(
  db: Db,
  request: FastifyRequest,
  id: string,
  wanted: Wanted & { disabled: boolean },
): Promise<UserRecord> {
  const caller = callerOf(request)
  const former = await requireManageable(db, caller, id)
  const before = await describe(db, caller, former)
  const homeId = fromId(wanted.homeGroupId)
  await requireHome(db, caller.view.scope, homeId)
  const grants = await requireGivable(db, caller, wanted.grants)
  await db.query(
    `update app_user set name = $2, home_group_id = $3, updated_at = now(),
       disabled_at = case when $4 then coalesce(disabled_at, now()) end where id = $1`,
    [id, wanted.name, homeId, wanted.disabled],
  )
  await takeOtherGrants(db, id, grants)
  await addGrants(db, id, grants, caller.user.email)
  if (wanted.disabled) await endAll(db, id)
  await keepAdministrator(db, caller)
  const changed = await requireUser(db, caller, id)
  const after = await describe(db, caller, changed)
  // Who moves is told where they leave and where they arrive.
  const homes = new Set([former.home_id ?? 1, homeId])
  for (const groupId of homes)
    await audit(db, request, { action: 'updateUser', where: { groupId }, target: former.email, before, after })
  return changed
}

/** @throws ProblemError `not-found`, `forbidden` */
export async function removeUser(db: Db, request: FastifyRequest, id: string): Promise<void> {
  const caller = callerOf(request)
  const former = await requireManageable(db, caller, id)
  const before = await describe(db, caller, former)
  // Sessions, credentials, links, tokens and grants go with it.
  await db.query('delete from app_user where id = $1', [id])
  await keepAdministrator(db, caller)
  const where = { groupId: former.home_id ?? 1 }
  await audit(db, request, { action: 'deleteUser', where, target: former.email, before })
}

/** @returns how many there were */
export async function endSessions(db: Db, id: string): Promise<number> {
  const { rows } = await db.query<{ ended: number }>('select end_sessions_of($1) as ended', [id])
  return rows[0]?.ended ?? 0
}

/** @param which id of one; null = all of them @returns names, as far as they are in view */
export async function endTokens(db: Db, id: string, which: number | null): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>('select name from end_tokens_of($1, $2) as name', [id, which])
  return rows.map(({ name }) => name)
}

/** Whoever is enabled again begins anew. */
async function endAll(db: Db, id: string): Promise<void> {
  await endSessions(db, id)
  await endTokens(db, id, null)
}

/** Only who sees everything can have taken the last one's rights. */
async function keepAdministrator(db: Db, { view }: Caller): Promise<void> {
  if (view.scope.rootId === 1) await requireAdministrator(db)
}

async function requireUser(db: Db, { view }: Caller, id: string): Promise<UserRecord> {
  const found = await findUser(db, view.scope, id)
  if (found === null) throw noSuchUser()
  return found
}

async function takeOtherGrants(db: Db, userId: string, keep: readonly WantedGrant[]): Promise<void> {
  await db.query(
    `delete from user_grant x where x.user_id = $1 and not exists (
       select from unnest($2::int[], $3::int[]) as k (root, set) where k.root = x.root_group_id and k.set = x.set_id)`,
    [userId, keep.map(({ rootId }) => rootId), keep.map(({ setId }) => setId)],
  )
}

async function addGrants(db: Db, userId: string, grants: readonly WantedGrant[], by: string): Promise<void> {
  await db.query(
    `insert into user_grant (user_id, root_group_id, set_id, granted_by)
     select $1, k.root, k.set, $4 from unnest($2::int[], $3::int[]) as k (root, set) on conflict do nothing`,
    [userId, grants.map(({ rootId }) => rootId), grants.map(({ setId }) => setId), by],
  )
}

/** For the audit log: groups, and sets by where they belong, carry an id, so that a narrower view is not shown them. */
async function describe(db: Db, { view }: Caller, user: UserRecord): Promise<Record<string, unknown>> {
  const grantsOf = await loadGrants(db, [user.id], [view.scope.rootId])
  const { rows } = await db.query<{ id: number; group_id: number | null }>(
    `select s.id, s.group_id from permission_set s join static_group g on g.id = s.group_id where g.path >= $1 and g.path < $2`,
    rangeOf(view.scope.path),
  )
  const groupOf = new Map(rows.map(({ id, group_id }) => [toHiddenId('set', id), group_id]))
  const grants = grantsOf(user.id).known.flatMap((each) => {
    if (each.place === 'above') return []
    const { id, key, name } = each.set
    return [{ groupId: each.root_id, root: each.root_name, set: key ?? { groupId: groupOf.get(id) ?? 0, name } }]
  })
  const home = user.home_id === null ? null : { groupId: user.home_id, name: user.home_name }
  return { name: user.name, homeGroup: home, disabled: user.disabled, grants }
}
