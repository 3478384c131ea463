/**
 * Ways to name a target in a request: by group, account, run, user. Each gives the requests that try it and what they are about.
 */
import { toHiddenId } from '../http/hidden.ts'
import type { CanaryWorld, Known } from './canary-world.ts'
import type { Principal } from './principals.ts'
import { sees, type Target, UNKNOWN } from './relations.ts'

export interface Request {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
  /** Whether what it names is in view. */
  seen: boolean
  malformed?: boolean
  /** Code for who may and sees; default: success. `any`: the room's own tests say what. */
  outcome?: string
  /** What a reader gets for what is not in view; default `not-found`. `empty`: success that holds nothing of it. `any`: the same for all. */
  unseen?: 'not-found' | 'empty' | 'any'
}

export interface At {
  world: CanaryWorld
  who: Principal
  target: Target
  /** Who may do it there, and would be obeyed. */
  obeyed: boolean
}

export type Build = (at: At) => Request[]

/** Asked once for each principal, at their own root. */
export function once(...requests: Omit<Request, 'seen'>[]): Build {
  return ({ target }) => (target.relation === 'own root' ? requests.map((request) => ({ seen: true, ...request })) : [])
}

/** In any of the views that this one may choose. */
export const seenByAnyRoot = ({ world, who, target }: At) =>
  target.group !== null && [who.root, ...who.roots].some((root) => sees(world, root, target.group?.id ?? 0))

export const seenBy = ({ world, who, target }: At) => target.group !== null && sees(world, who.root, target.group.id)

/** The group in the path by id, and by GUID where it has one. */
export const byGroup: Build = (at) => {
  const { world, who, target } = at
  const guid = target.group?.guid
  const byGuid = [...world.groups.values()].some((group) => group.guid === guid && sees(world, who.root, group.id))
  return [
    { params: { id: target.id }, seen: seenBy(at), malformed: target.malformed },
    ...(guid ? [{ params: { id: guid }, seen: byGuid }] : []),
    ...(target.relation === 'unknown' ? [{ params: { id: '00000000-0000-4000-8000-00000000dead' }, seen: false }] : []),
  ]
}

export const byAccount =
  (outcome: (account: { connected: boolean; root: number }) => Partial<Request>): Build =>
  (at) => {
    const { world, who } = at
    if (at.target.relation !== 'own root') return []
    const visible = (root: number) => sees(world, who.root, root) || (who.root !== null && sees(world, root, who.root))
    return [
      ...world.accounts.map((account) => ({
        params: { id: String(account.id) },
        seen: visible(account.root),
        ...outcome(account),
      })),
      { params: { id: '8000999' }, seen: false, ...outcome({ connected: true, root: 0 }) },
      { params: { id: 'x!' }, seen: false, malformed: true },
    ]
  }

export const byRun: Build = (at) => {
  const { world, who } = at
  if (at.target.relation !== 'own root') return []
  const visible = (root = -1) => sees(world, who.root, root) || (who.root !== null && sees(world, root, who.root))
  const rootOf = (id: number) => world.accounts.find((account) => account.id === id)?.root
  return [
    ...world.runs.map(({ id, accountId }) => ({
      params: { id: toHiddenId('run', id) },
      seen: visible(rootOf(accountId)),
    })),
    { params: { id: toHiddenId('run', 9_000_999) }, seen: false },
    { params: { id: 'x!' }, seen: false, malformed: true },
  ]
}

export const byPlan: Build = (at) => byRun(at).map((request) => ({ ...request, query: { limit: '200' } }))

/** Names an item that nobody has, so that it is never obeyed. */
export const byDecision: Build = (at) =>
  byRun(at).map((request) => ({
    ...request,
    body: { items: ['00000000-0000-4000-8000-00000000dead'] },
    outcome: 'plan-stale',
  }))

/** What can be deleted, alone or among others of the same GUID, is never sent to whom it would obey. */
export const byDeletion: Build = (at) => {
  const { world, who, target, obeyed } = at
  const isFree = ({ presence, child_count, guid }: Known) =>
    presence === 'unlinked' && child_count === 0 && guid !== null
  const some = [...world.groups.values()].some((group) => group.guid === target.group?.guid && isFree(group))
  if (obeyed && target.group !== null && (isFree(target.group) || some)) return []
  const outcome = target.group?.id === who.root ? 'forbidden' : 'group-in-use'
  return byGroup(at).map((request, index) => ({ ...request, outcome: index === 0 ? outcome : 'any' }))
}

/** Companies of connected accounts; the rest of the tree cannot be asked for. */
export const byCompany: Build = (at) => {
  const { group } = at.target
  const account = at.world.accounts.find(({ id }) => id === group?.account_id)
  const outcome =
    (group?.guid ?? null) === null ? 'not-found' : account?.connected === true ? 'ok' : 'account-disconnected'
  return byGroup(at).map((request, index) => ({ ...request, outcome: index === 0 ? outcome : 'any' }))
}

/** The user or set that lives at the target. `body`: never sent where it would be obeyed. */
export const byResident =
  (idOf: (group: number) => string | null, more: Partial<Request> = {}, writes = false): Build =>
  (at) => {
    const { target, obeyed } = at
    const id = target.malformed ? 'x!' : idOf(target.group?.id ?? Number(UNKNOWN))
    const seen = seenBy(at)
    if (id === null || (writes && obeyed && seen)) return []
    return [{ params: { id }, seen, malformed: target.malformed, outcome: 'any', ...more }]
  }
