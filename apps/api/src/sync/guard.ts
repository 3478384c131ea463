import type { GroupKind, HoldRule } from '@msp-console/contract'

// The last look before a plan is applied. Data in, data out: it neither reads nor writes.
//
//   rule              holds                                   when
//   everythingGone    all removals                            nothing, or nothing but the account's own company, would be left
//   tooMany           all removals                            more than max(10, min(5 % of live companies, 500))
//   rootGone          the root, and removals below it         the account's own company
//   managerGone       the manager, and removals below it      any MSP manager
//   tooManyOfParent   the removals among those children       more than half of one parent's 10 or more live children
//   childrenStay      the parent                              companies that are still there would hang below it
//   accessLost        those removals                          EMA knows the companies and no longer shows them to this login
//   tooManyMoves      all moves                               more than 10 and more than 20 % of live companies
//   depthCollapse     all moves                               more than half of 10 or more deep companies would stand at the top
//   tooManyTypes      all changes of type                     more than 10 and more than 1 % of live companies
//   otherCompanies    all additions                           10 and more of them, and hardly a company that is known here
//
// Whatever the rule, removals that stand above a held one are held with it: nothing is removed over what stays.
// A held removal stays suspect, a held move or type stays what it was; everything else of the same plan applies.

export interface Removal {
  id: number
  parentId: number
  kind: GroupKind
  isRoot: boolean
}

export interface Hold {
  rule: HoldRule
  /** How many changes this rule holds. */
  count: number
  /** What the rule would have allowed; null where it allows none. */
  limit: number | null
  /** The parent, root or manager concerned; null for the whole account. */
  groupId: number | null
}

export interface Verdict {
  allowed: number[]
  held: { id: number; rule: HoldRule }[]
  reasons: Hold[]
}

/** Companies below one parent as the plan would leave them. */
export interface Below {
  /** Not removed, candidates for removal included. */
  live: number
  /** Of those, the ones that are there, or whose access was lost. */
  staying: number
}

const LEAST = 10
const MOST = 500
const SHARE = 0.05
const PARENT_FROM = 10
const PARENT_SHARE = 0.5
const MOVE_SHARE = 0.2
const TYPE_SHARE = 0.01
const KNOWN_SHARE = 0.1
const DEEP_FROM = 10
const DEEP_SHARE = 0.5

/** How many removals one run may apply at most, given the companies that are not removed yet. */
export function removalLimit(live: number): number {
  return Math.max(LEAST, Math.min(Math.floor(live * SHARE), MOST))
}

/** Why all of so many removals are held, or null. Asked first, so that nobody lists a whole account to refuse it. */
export function guardCount(removals: number, live: number): Hold | null {
  const limit = removalLimit(live)
  if (removals > 1 && removals >= live - 1 && live > 2)
    return { rule: 'everythingGone', count: removals, limit: null, groupId: null }
  if (removals > 0 && removals >= live) return { rule: 'everythingGone', count: removals, limit: null, groupId: null }
  if (removals > limit) return { rule: 'tooMany', count: removals, limit, groupId: null }
  return null
}

/**
 * @param live companies of the account that are not removed, the candidates included
 * @param below what each parent of a candidate, and each candidate, would have below it
 */
export function guardRemovals(removals: readonly Removal[], live: number, below: ReadonlyMap<number, Below>): Verdict {
  const byId = new Map(removals.map((removal) => [removal.id, removal]))
  const held = new Map<number, HoldRule>()
  const reasons: Hold[] = []
  const hold = (rule: HoldRule, groupId: number | null, ids: readonly number[], limit: number | null) => {
    for (const id of ids) if (!held.has(id)) held.set(id, rule)
    reasons.push({ rule, count: ids.length, limit, groupId })
  }

  const whole = guardCount(removals.length, live)
  if (whole !== null) {
    hold(whole.rule, null, [...byId.keys()], whole.limit)
    return toVerdict(removals, held, new Set(), reasons)
  }
  for (const top of removals) {
    if (!top.isRoot && top.kind !== 'mspManager') continue
    hold(top.isRoot ? 'rootGone' : 'managerGone', top.id, withAbove(withBelow([top.id], removals, byId), byId), null)
  }
  const byParent = Map.groupBy(removals, (removal) => removal.parentId)
  for (const [parentId, siblings] of byParent) {
    const children = below.get(parentId)?.live ?? siblings.length
    const most = Math.floor(children * PARENT_SHARE)
    if (children >= PARENT_FROM && siblings.length > most) {
      const ids = siblings.map((removal) => removal.id)
      hold('tooManyOfParent', parentId, withAbove(withBelow(ids, removals, byId), byId), most)
    }
  }
  for (const parent of removals) {
    if (!held.has(parent.id) && (below.get(parent.id)?.staying ?? 0) > 0)
      hold('childrenStay', parent.id, withAbove([parent.id], byId), null)
  }
  // What is absent below without proof so far is no reason to ask anybody: its parent waits for it.
  const waiting = removals.filter(({ id }) => (below.get(id)?.live ?? 0) > (byParent.get(id)?.length ?? 0))
  const waits = withAbove(
    waiting.map(({ id }) => id),
    byId,
  )
  return toVerdict(removals, held, new Set(waits), reasons)
}

export interface Changes {
  /** Companies of the account that are not removed, before this plan. */
  live: number
  /** Of those, the ones that this listing shows; null when the listing may have left some out. */
  seen: number | null
  /** Absent companies that EMA knows and does not show. */
  accessLost: number
  created: number
  moved: number
  typeChanged: number
  /** Live companies that stand below the first level now. */
  deep: number
  /** Of those, the ones that would come to stand at the first level, or where nobody knows their parent. */
  flattened: number
}

/** What of a plan besides removals is held: all changes of one kind, or none. */
export function guardChanges(changes: Changes): Hold[] {
  const { live, seen, accessLost, created, moved, typeChanged, deep, flattened } = changes
  const reasons: Hold[] = []
  const hold = (rule: HoldRule, count: number, limit: number | null) =>
    reasons.push({ rule, count, limit, groupId: null })
  if (accessLost > 0) hold('accessLost', accessLost, null)
  const moves = Math.max(LEAST, Math.floor(live * MOVE_SHARE))
  if (deep >= DEEP_FROM && flattened > deep * DEEP_SHARE) hold('depthCollapse', moved, null)
  else if (moved > moves) hold('tooManyMoves', moved, moves)
  const types = Math.max(LEAST, Math.floor(live * TYPE_SHARE))
  if (typeChanged > types) hold('tooManyTypes', typeChanged, types)
  if (live >= LEAST && seen !== null && seen < live * KNOWN_SHARE && created >= LEAST)
    hold('otherCompanies', created, null)
  return reasons
}

function toVerdict(
  removals: readonly Removal[],
  held: ReadonlyMap<number, HoldRule>,
  waits: ReadonlySet<number>,
  reasons: Hold[],
): Verdict {
  return {
    allowed: removals.filter(({ id }) => !held.has(id) && !waits.has(id)).map(({ id }) => id),
    held: [...held].map(([id, rule]) => ({ id, rule })),
    reasons,
  }
}

/** The given removals and every removal that a chain of removed parents leads up to one of them. */
function withBelow(
  tops: readonly number[],
  removals: readonly Removal[],
  byId: ReadonlyMap<number, Removal>,
): number[] {
  const wanted = new Set(tops)
  const isWanted = (removal: Removal): boolean => {
    let at: Removal | undefined = removal
    // The step count ends a chain that bites its own tail.
    for (let steps = 0; at !== undefined && steps <= byId.size; steps++) {
      if (wanted.has(at.id)) return true
      at = byId.get(at.parentId)
    }
    return false
  }
  return removals.filter(isWanted).map((removal) => removal.id)
}

/** The given removals and every removal that a chain of parents leads to from one of them. */
function withAbove(ids: readonly number[], byId: ReadonlyMap<number, Removal>): number[] {
  const wanted = new Set(ids)
  for (const id of ids) {
    // A parent that is wanted already has been followed, or is being: this also ends a chain that bites its own tail.
    for (let at = byId.get(byId.get(id)?.parentId ?? 0); at !== undefined && !wanted.has(at.id);) {
      wanted.add(at.id)
      at = byId.get(at.parentId)
    }
  }
  return [...wanted]
}
