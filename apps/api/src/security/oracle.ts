/**
 * What an answer must be and must not hold, from the policy table of the contract, the principals' levels as written down in
 * principals.ts and the tree as the owner reads it. Independent on purpose: it shares no line with the code it judges.
 */
import { RIGHT_OBJECTS, type Access } from '@msp-console/contract'
import type { CanaryWorld } from './canary-world.ts'
import type { Request } from './by-target.ts'
import type { Principal } from './principals.ts'
import { toHiddenId } from '../http/hidden.ts'
import { sees } from './relations.ts'

const ORDER = ['none', 'read', 'use', 'write']

/** Why the guard refuses, or null. */
export function refusalOf(access: Access, who: Principal): string | null {
  if (access === 'open') return null
  if (!who.live) return 'unauthenticated'
  if (access === 'signedIn') return null
  if (who.root === null) return 'forbidden'
  if (ORDER.indexOf(who.levels[access.object]) < ORDER.indexOf(access.level)) return 'forbidden'
  if (access.fresh !== true) return null
  if (who.token) return 'forbidden'
  return who.fresh ? null : 'confirmation-required'
}

/** A code, `ok`, or `any` where the room's own tests say which. */
export function outcomeOf(access: Access, who: Principal, request: Request): string {
  const refused = refusalOf(access, who)
  if (refused !== null) return refused
  if (request.malformed === true) return 'validation-failed'
  if (request.seen) return request.outcome ?? 'ok'
  if (access === 'signedIn' && who.root === null) return 'any'
  const unseen = request.unseen ?? 'not-found'
  return unseen === 'empty' ? 'ok' : unseen
}

/** For each kind of object the lower level; one of the two itself where that one is lower throughout. */
export function lowerOf(a: Principal['levels'], b: Principal['levels']): Principal['levels'] {
  const rank = (level: string) => ORDER.indexOf(level)
  const objects = RIGHT_OBJECTS
  if (objects.every((object) => rank(a[object]) <= rank(b[object]))) return a
  if (objects.every((object) => rank(b[object]) <= rank(a[object]))) return b
  return {
    ...a,
    ...Object.fromEntries(objects.map((object) => [object, rank(a[object]) < rank(b[object]) ? a[object] : b[object]])),
  }
}

/** What an answer about accounts tells to somebody who may not know it: how they are connected, or a run. */
export function overtold(world: CanaryWorld, who: Principal, access: Access, body: string): string[] {
  // Of what was done in the log tells who may read the log.
  if (typeof access !== 'object' || access.object === 'audit') return []
  const logins = who.levels.accounts === 'none' && (/za[a-z]+q@/.test(body) || body.includes(world.mockUrl))
  return [
    ...(logins ? ['tells how an account is connected'] : []),
    ...(who.levels.sync === 'none' && body.includes('"lastRun":{') ? ['tells of a run'] : []),
  ]
}

/** As they are made, letter by letter: among the random ids of users something like one turns up now and then. */
const CANARY = /z(?:c\d{5}|p\d{4}|[asu]\d{4,8}|[acusp]made)q/g
const GROUP_ID = /(?<![0-9a-z])7000\d{3}(?![0-9a-z])/gi
const GUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi

/** What is in the bytes although it lies outside: canaries, ids of groups, GUIDs. */
export function createForeignFinder(world: CanaryWorld) {
  const byCanary = Map.groupBy(world.groups.values(), ({ canary }) => canary)
  const byGuid = Map.groupBy(world.groups.values(), ({ guid }) => guid)
  const homes = new Map<string, number>()
  const rootOf = new Map(world.accounts.map(({ id, root }) => [id, root]))
  const runs = new Map(world.runs.map(({ id, accountId }) => [toHiddenId('run', id), rootOf.get(accountId) ?? 0]))
  return {
    /** Where principals are at home. */
    addHome: (canary: string, home: number) => void homes.set(canary, home),
    find(who: Principal, bytes: string): string[] {
      const inView = (id: number) => who.live && (sees(world, who.root, id) || who.roots.includes(id))
      // Whoever sees a part of an account's tree knows its runs.
      const isPartOf = (root: number) => inView(root) || (who.root !== null && sees(world, root, who.root))
      const isOwn = (canary: string): boolean => {
        if (who.live && canary === who.canary) return true
        if (canary.startsWith('zc')) return (byCanary.get(canary) ?? []).some(({ id }) => inView(id))
        if (canary.startsWith('za'))
          return world.accounts.some((account) => account.canary === canary && inView(account.root))
        const home = homes.get(canary) ?? Number(/\d+/.exec(canary)?.[0] ?? 1)
        return inView(home)
      }
      const canaries = [...bytes.matchAll(CANARY)].map(([text]) => text.toLowerCase()).filter((text) => !isOwn(text))
      const ids = [...bytes.matchAll(GROUP_ID)].map(([text]) => text).filter((text) => !inView(Number(text)))
      const guids = [...bytes.matchAll(GUID)]
        .map(([text]) => text.toLowerCase())
        .filter(
          (text) =>
            (byGuid.has(text) && !(byGuid.get(text) ?? []).some(({ id }) => inView(id))) ||
            (runs.has(text) && !isPartOf(runs.get(text) ?? 0)),
        )
      return [...new Set([...canaries, ...ids, ...guids])]
    },
  }
}

const lengthOf = (columns: { name: string[] } | undefined) => columns?.name.length

/** Numbers that an answer gives, against what walking the tree counts; null where nothing is counted. */
export function miscount(
  world: CanaryWorld,
  who: Principal,
  name: string,
  request: Request,
  body: unknown,
): string | null {
  const groups = [...world.groups.values()]
  const below = (root: number | null) => groups.filter(({ id }) => sees(world, root, id))
  const mine = below(who.root)
  const customers = (root: number | null) => below(root).filter(({ leaf }) => leaf).length
  const check = (said: unknown, counted: number) =>
    said === counted ? null : `says ${String(said)} instead of ${counted}`
  const got = body as Record<string, never> // read field by field, compared with numbers
  switch (name) {
    case 'listCustomers': {
      const { under, q, account } = request.query ?? {}
      if (account !== undefined)
        return check(got['total'], mine.filter((group) => group.leaf && group.account_id === Number(account)).length)
      if (q !== undefined) return check(got['total'], mine.filter(({ leaf, canary }) => leaf && canary === q).length)
      return check(got['total'], customers(under === undefined ? who.root : Number(under)))
    }
    case 'searchGroups': {
      const q = request.query?.['q'] ?? ''
      if (q.length < 7) return null // found in many names
      const hits = mine.filter(({ id, canary, guid }) => String(id) === q || canary === q || guid === q)
      // A GUID that stands in several accounts is the oldest one's.
      return check(got['total'], hits.some(({ guid }) => guid === q) ? 1 : hits.length)
    }
    case 'listChildren': {
      const parent = Number(request.params?.['id'])
      if (Number.isNaN(parent)) return null
      return check(
        got['total'],
        groups.filter(
          (group) => group.parent_id === parent && !(group.kind === 'unresolved' && group.child_count === 0),
        ).length,
      )
    }
    case 'getGroup': {
      const id = Number(request.params?.['id'])
      if (Number.isNaN(id)) return null
      return check(got['rollUp']?.['companies'], below(id).filter(({ guid }) => guid !== null).length)
    }
    case 'getOverview':
      return check(got['customers']?.['total'], customers(who.root))
    case 'getTree':
      if (request.query?.['part'] === 'customers')
        return check(lengthOf(got['customers']), mine.filter(({ leaf, id }) => leaf && id !== who.root).length)
      if (request.query?.['part'] !== 'inner') return null
      return check(
        lengthOf(got['inner']),
        mine.filter((group) => !group.leaf && !(group.kind === 'unresolved' && group.child_count === 0)).length,
      )
    default:
      return null
  }
}
