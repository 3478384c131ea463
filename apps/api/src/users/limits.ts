// What callers may hand out, and whom they may manage. Every answer is the same for what does not exist and what is outside.
import type { Rights } from '@msp-console/contract'
import { rangeOf, type Scope } from '../access/scope.ts'
import type { Caller } from '../access/session.ts'
import { fromId } from '../db/ids.ts'
import { fromHiddenId } from '../http/hidden.ts'
import type { Db } from '../db/tx.ts'
import { ProblemError } from '../http/problem.ts'
import { exceeds, isWithin, loadGrants } from './grants.ts'
import { findUser, type UserRecord } from './queries.ts'

export interface WantedGrant {
  rootId: number
  setId: number
}

/** The user, locked until the end of the transaction. @throws ProblemError `not-found`, `forbidden` */
export async function requireManageable(db: Db, caller: Caller, id: string): Promise<UserRecord> {
  const { scope, rights } = caller.view
  const found = await findUser(db, scope, id, true)
  if (found === null) throw noSuchUser()
  if (found.id === caller.user.id)
    throw new ProblemError('forbidden', 'This is your own account; somebody else has to change it.')
  const grantsOf = await loadGrants(db, [id], [scope.rootId])
  if (!isWithin(grantsOf(id), rights))
    throw new ProblemError('forbidden', 'This user has rights that you do not have here, or were given from above.')
  return found
}

export function noSuchUser(): ProblemError {
  return new ProblemError('not-found', 'There is no such user.')
}

/** @throws ProblemError `rights-exceeded` */
export async function requireHome(db: Db, scope: Scope, groupId: number): Promise<void> {
  const { rows } = await db.query('select from static_group where id = $1 and path >= $2 and path < $3', [
    groupId,
    ...rangeOf(scope.path),
  ])
  if (rows.length === 0) throw exceeded('/body/homeGroupId', 'The home group is not in your view.')
}

/** The grants without repetitions. @throws ProblemError `rights-exceeded` with a pointer for each one that is too much */
export async function requireGivable(
  db: Db,
  { view }: Caller,
  given: readonly { rootId: string; setId: string }[],
): Promise<WantedGrant[]> {
  const wanted = given.map(({ rootId, setId }) => ({ rootId: fromId(rootId), setId: fromHiddenId('set', setId) }))
  const { rows: roots } = await db.query<{ id: number }>(
    'select id from static_group where id = any($1::int[]) and path >= $2 and path < $3',
    [wanted.map(({ rootId }) => rootId), ...rangeOf(view.scope.path)],
  )
  const { rows: sets } = await db.query<{ id: number; rights: Rights }>(
    `select s.id, ${RIGHTS} as rights from permission_set s left join static_group g on g.id = s.group_id
     where s.id = any($1::int[]) and (s.key is not null or g.path >= $2 and g.path < $3)`,
    [wanted.map(({ setId }) => setId), ...rangeOf(view.scope.path)],
  )
  const inView = new Set(roots.map(({ id }) => id))
  const rightsOf = new Map(sets.map(({ id, rights }) => [id, rights]))
  const errors = wanted.flatMap(({ rootId, setId }, i) => {
    const rights = rightsOf.get(setId)
    if (!inView.has(rootId)) return [{ pointer: `/body/grants/${i}/rootId`, detail: 'not in your view' }]
    if (rights === undefined) return [{ pointer: `/body/grants/${i}/setId`, detail: 'not in your view' }]
    const object = exceeds(rights, view.rights)
    return object === null ? [] : [{ pointer: `/body/grants/${i}/setId`, detail: `more than your own “${object}”` }]
  })
  if (errors.length > 0)
    throw new ProblemError('rights-exceeded', 'Nobody hands out more than they have; see errors.', { errors })
  return [...new Map(wanted.map((each) => [`${each.rootId}/${each.setId}`, each])).values()]
}

/** @throws ProblemError `rights-exceeded` */
export function requireOwn(wanted: Rights, own: Rights): void {
  const object = exceeds(wanted, own)
  if (object !== null) throw exceeded(`/body/rights/${object}`, `Your own right “${object}” is lower.`)
}

/** Of `permission_set s`. */
export const RIGHTS = `jsonb_build_object('groups', s.groups, 'setup', s.setup, 'sync', s.sync, 'accounts', s.accounts,
  'users', s.users, 'audit', s.audit)`

/** Called last in a transaction that may have taken the last one's rights. @throws ProblemError `forbidden` */
export async function requireAdministrator(db: Db): Promise<void> {
  const { rows } = await db.query<{ yes: boolean }>('select has_administrator() as yes')
  if (rows[0]?.yes !== true)
    throw new ProblemError('forbidden', 'This is the last administrator of everything; make another one first.')
}

function exceeded(pointer: string, detail: string): ProblemError {
  return new ProblemError('rights-exceeded', detail, { errors: [{ pointer, detail }] })
}
