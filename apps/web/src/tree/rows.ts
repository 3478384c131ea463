import { at, missingCustomers, missingInner, type TreeData } from './columns.ts'
import { CUSTOMER, CUSTOMER_GAP, indexOf, INNER, INNER_GAP, parentOf, NO_REF, type Ref, toRef, typeOf } from './refs.ts'
import type { Hits } from './hits.ts'

// The visible rows, top to bottom: one loop over the inner groups that skips closed subtrees, nothing allocated per row.
// Pure: the same data, open groups and hits give the same rows. Siblings keep the order of the wire: inner groups first,
// then customers; after either a gap row where more are known than loaded.

export interface Rows {
  readonly length: number
  readonly ref: Int32Array
  /** While filtering, siblings are counted as shown: position per row, and how many are shown per inner group. */
  readonly pos: Int32Array | null
  readonly shown: Int32Array | null
}

/** What the accessibility tree needs of a row; `level` and `posInSet` from 1. */
export interface Place {
  level: number
  posInSet: number
  setSize: number
}

/**
 * Without hits, `open` are the ids of open groups. With hits, a group is open when something below it matches, and
 * `open` are the ids of groups toggled since: an open one is then closed, a closed one shows all its children.
 */
export function toRows(data: TreeData, open: ReadonlySet<number>, hits: Hits | null): Rows {
  const { inner } = data
  const out = new Int32Array(3 * inner.size + data.customer.size)
  const pos = hits && new Int32Array(out.length)
  const shown = hits && new Int32Array(inner.size + 1)
  const above: number[] = []
  let length = 0
  let i = 0

  const put = (ref: Ref, parent: number) => {
    if (pos && shown) pos[length] = shown[parent + 1] = at(shown, parent + 1) + 1
    out[length++] = ref
  }
  const isWhole = (group: number) => !hits || at(hits.below, group) === 0
  const putCustomers = (group: number) => {
    const whole = isWhole(group)
    if (whole && missingInner(inner, group) > 0) put(toRef(group, INNER_GAP), group)
    const first = at(inner.firstCustomer, group)
    const end = first + at(inner.loadedCustomers, group)
    for (let j = first; j < end; j++) {
      if (whole || (hits && at(hits.customer, j))) put(toRef(j, CUSTOMER), group)
    }
    if (whole && missingCustomers(inner, group) > 0) put(toRef(group, CUSTOMER_GAP), group)
  }

  for (;;) {
    let last = above.at(-1)
    while (last !== undefined && i >= at(inner.end, last)) {
      putCustomers(last)
      above.pop()
      last = above.at(-1)
    }
    if (i >= inner.size) break
    const parent = last ?? -1
    const visible = !hits || at(hits.inner, i) || at(hits.below, i) || (last !== undefined && isWhole(last))
    if (!visible) {
      i = at(inner.end, i)
      continue
    }
    put(toRef(i, INNER), parent)
    if (isOpen(data, open, hits, i)) above.push(i++)
    else i = at(inner.end, i)
  }
  return { length, ref: out.slice(0, length), pos: pos && pos.slice(0, length), shown }
}

/** Whether inner group `i` shows its children. */
export function isOpen(data: TreeData, open: ReadonlySet<number>, hits: Hits | null, i: number): boolean {
  if (at(data.inner.children, i) === 0) return false
  const toggled = open.has(at(data.inner.id, i))
  return hits ? toggled !== at(hits.below, i) > 0 : toggled
}

export function isExpandable(data: TreeData, ref: Ref): boolean {
  return typeOf(ref) === INNER && at(data.inner.children, indexOf(ref)) > 0
}

export function refAt(rows: Rows, row: number): Ref {
  return rows.ref[row] ?? NO_REF
}

/** -1 when it is not visible. */
export function rowOf(rows: Rows, ref: Ref): number {
  return ref === NO_REF ? -1 : rows.ref.indexOf(ref)
}

/** -1 when nothing that matches is visible. */
export function firstMatch(rows: Rows, hits: Hits): number {
  return rows.ref.findIndex((ref) => isMatch(hits, ref))
}

export function isMatch(hits: Hits, ref: Ref): boolean {
  const type = typeOf(ref)
  return (type === INNER || type === CUSTOMER) && at(type === INNER ? hits.inner : hits.customer, indexOf(ref)) > 0
}

export function placeOf(data: TreeData, rows: Rows, row: number): Place {
  const { inner } = data
  const ref = refAt(rows, row)
  const up = parentOf(data, ref)
  const parent = up === NO_REF ? -1 : indexOf(up)
  const level = parent < 0 ? 1 : at(inner.depth, parent) + 2
  if (rows.pos && rows.shown) return { level, posInSet: at(rows.pos, row), setSize: at(rows.shown, parent + 1) }
  if (parent < 0) return { level, posInSet: at(inner.ordinal, indexOf(ref)), setSize: topCount(data) }
  return { level, posInSet: positionOf(data, ref, parent), setSize: at(inner.children, parent) }
}

/** Among all siblings that are known, from 1; a gap counts as the first of those missing. */
function positionOf({ inner, customer }: TreeData, ref: Ref, parent: number): number {
  const index = indexOf(ref)
  const groups = at(inner.children, parent) - at(inner.customers, parent)
  switch (typeOf(ref)) {
    case CUSTOMER:
      return groups + index - at(inner.firstCustomer, at(customer.parent, index)) + 1
    case INNER_GAP:
      return at(inner.loaded, index) + 1
    case CUSTOMER_GAP:
      return groups + at(inner.loadedCustomers, index) + 1
    default:
      return at(inner.ordinal, index)
  }
}

function topCount({ inner }: TreeData): number {
  let count = 0
  for (let i = 0; i < inner.size; i = at(inner.end, i)) count++
  return count
}
