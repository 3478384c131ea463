import type { GroupKind } from '@msp-console/contract'

// The last look before companies are shown as removed. Data in, data out: it neither reads nor writes.
//
//   rule              holds                                   when
//   everythingGone    all removals                            nothing would be left
//   tooMany           all removals                            more than max(10, min(5 % of live companies, 500))
//   rootGone          the root, and removals below it         the account's own company
//   managerGone       the manager, and removals below it      any MSP manager
//   tooManyOfParent   the removals among those children       more than half of one parent's 10 or more live children
//
// Whatever the rule, removals that stand above a held one are held with it: nothing is removed over what stays.
// A held removal stays suspect; adds, changes and the other removals of the same run apply.

export interface Removal {
  id: number
  parentId: number
  kind: GroupKind
  isRoot: boolean
}

export interface Hold {
  rule: 'tooMany' | 'tooManyOfParent' | 'rootGone' | 'managerGone' | 'everythingGone'
  /** How many removals this rule holds. */
  count: number
  /** What the rule would have allowed; null where it allows none. */
  limit: number | null
  /** The parent, root or manager concerned; null for the whole account. */
  groupId: number | null
}

export interface Verdict {
  allowed: number[]
  held: number[]
  reasons: Hold[]
}

const LEAST = 10
const MOST = 500
const SHARE = 0.05
const PARENT_FROM = 10
const PARENT_SHARE = 0.5

/** How many removals one run may apply at most, given the companies that are not removed yet. */
export function removalLimit(live: number): number {
  return Math.max(LEAST, Math.min(Math.floor(live * SHARE), MOST))
}

/**
 * @param live companies of the account that are not removed, the candidates included
 * @param liveChildren not removed companies among the children of each parent of a candidate
 */
export function guardRemovals(
  removals: readonly Removal[],
  live: number,
  liveChildren: ReadonlyMap<number, number>,
): Verdict {
  if (removals.length === 0) return { allowed: [], held: [], reasons: [] }
  const limit = removalLimit(live)
  if (removals.length >= live) return holdAll(removals, 'everythingGone', null)
  if (removals.length > limit) return holdAll(removals, 'tooMany', limit)

  const byId = new Map(removals.map((removal) => [removal.id, removal]))
  const held = new Set<number>()
  const reasons: Hold[] = []
  const hold = (rule: Hold['rule'], groupId: number, tops: readonly number[], most: number | null) => {
    const ids = withAbove(withBelow(tops, removals, byId), byId)
    for (const id of ids) held.add(id)
    reasons.push({ rule, count: ids.length, limit: most, groupId })
  }

  for (const top of removals) {
    if (!top.isRoot && top.kind !== 'mspManager') continue
    hold(top.isRoot ? 'rootGone' : 'managerGone', top.id, [top.id], null)
  }
  for (const [parentId, siblings] of Map.groupBy(removals, (removal) => removal.parentId)) {
    const children = liveChildren.get(parentId) ?? siblings.length
    const most = Math.floor(children * PARENT_SHARE)
    if (children >= PARENT_FROM && siblings.length > most) {
      const ids = siblings.map((removal) => removal.id)
      hold('tooManyOfParent', parentId, ids, most)
    }
  }
  return {
    allowed: removals.filter((removal) => !held.has(removal.id)).map((removal) => removal.id),
    held: [...held],
    reasons,
  }
}

function holdAll(removals: readonly Removal[], rule: Hold['rule'], limit: number | null): Verdict {
  return {
    allowed: [],
    held: removals.map((removal) => removal.id),
    reasons: [{ rule, count: removals.length, limit, groupId: null }],
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
