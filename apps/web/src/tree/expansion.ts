import { fromKindLetter } from '@msp-console/contract'
import { at, type TreeData } from './columns.ts'
import { indexOf, NO_REF, parentOf, type Ref } from './refs.ts'

// Which groups are open, as ids, so that a new generation of the tree changes nothing.

/** The first request names at most this many groups. */
const MOST_ASKED = 50

/** Open when nothing is remembered: All, Companies and the root of each account. */
export function defaultOpen(data: TreeData): Set<number> {
  const open = new Set<number>()
  const { inner } = data
  for (let i = 0; i < inner.size; i++) {
    const kind = fromKindLetter(inner.kind.charAt(i))
    if (kind === 'all' || kind === 'companies' || isAccountRoot(data, i)) open.add(at(inner.id, i))
  }
  // A caller who sees only part of the tree has neither: then its top.
  if (open.size === 0 && inner.size > 0) open.add(at(inner.id, 0))
  return open
}

/** Roots of accounts that `before` did not have: a newly connected account shows opened. */
export function newRoots(before: TreeData, after: TreeData): number[] {
  const roots: number[] = []
  for (let i = 0; i < after.inner.size; i++) {
    const id = at(after.inner.id, i)
    if (isAccountRoot(after, i) && !before.inner.id.includes(id)) roots.push(id)
  }
  return roots
}

export function allIds({ inner }: TreeData): Set<number> {
  const open = new Set<number>()
  for (let i = 0; i < inner.size; i++) if (at(inner.children, i) > 0) open.add(at(inner.id, i))
  return open
}

/** The tops alone, so that something stays to look at. */
export function topIds(data: TreeData): Set<number> {
  const open = new Set<number>()
  for (let i = 0; i < data.inner.size; i = at(data.inner.end, i)) open.add(at(data.inner.id, i))
  return open
}

/** Indexes of the inner groups below `up` (NO_REF = the tops) that have children. */
export function groupsBelow({ inner }: TreeData, up: Ref): number[] {
  const groups: number[] = []
  const end = up === NO_REF ? inner.size : at(inner.end, indexOf(up))
  for (let i = up === NO_REF ? 0 : indexOf(up) + 1; i < end; i = at(inner.end, i)) {
    if (at(inner.children, i) > 0) groups.push(i)
  }
  return groups
}

/** From the parent up. */
export function ancestorIds(data: TreeData, ref: Ref): number[] {
  const ids: number[] = []
  for (let up = parentOf(data, ref); up !== NO_REF; up = parentOf(data, up)) ids.push(at(data.inner.id, indexOf(up)))
  return ids
}

export function withIds(open: ReadonlySet<number>, ids: Iterable<number>): ReadonlySet<number> {
  const next = new Set(open)
  for (const id of ids) next.add(id)
  return next.size === open.size ? open : next
}

export function withToggled(open: ReadonlySet<number>, ids: Iterable<number>): ReadonlySet<number> {
  const next = new Set(open)
  for (const id of ids) if (!next.delete(id)) next.add(id)
  return next
}

/** What the first request asks for; undefined = the server's default, the same as ours. */
export function toAsked(open: ReadonlySet<number> | null): string | undefined {
  return open && open.size > 0 ? [...open].slice(0, MOST_ASKED).join(',') : undefined
}

function isAccountRoot(data: TreeData, i: number): boolean {
  const parent = at(data.inner.parent, i)
  return parent >= 0 && fromKindLetter(data.inner.kind.charAt(parent)) === 'companies'
}
