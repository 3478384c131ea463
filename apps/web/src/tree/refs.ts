import { at, type TreeData } from './columns.ts'

// How a node of the tree is named. A `Ref` finds it at once, but holds for one TreeData only; what outlives a refresh is a
// `Key`. Both also name gaps: rows that stand for children which are known but not here.

/** Index × 4 + what it indexes. Gaps stand for children that are known but not here; they index the parent. */
export type Ref = number
export const INNER = 0
export const CUSTOMER = 1
export const INNER_GAP = 2
export const CUSTOMER_GAP = 3
export const NO_REF: Ref = -1

/** Names a row across refreshes: the id of a group; of a gap -2 × the parent's id, minus 1 where customers are missing. */
export type Key = number

export function toRef(index: number, type: number): Ref {
  return index * 4 + type
}

export function indexOf(ref: Ref): number {
  return ref >> 2
}

export function typeOf(ref: Ref): number {
  return ref & 3
}

export function refOfId(data: TreeData, id: number): Ref {
  // A scan of 100,000 integers takes 30 µs, and needs no map that holds them all.
  const i = data.inner.id.indexOf(id)
  if (i >= 0) return toRef(i, INNER)
  const j = data.customer.id.indexOf(id)
  return j >= 0 ? toRef(j, CUSTOMER) : NO_REF
}

export function refOfKey(data: TreeData, key: Key): Ref {
  if (key >= 0) return refOfId(data, key)
  const i = data.inner.id.indexOf(Math.floor(-key / 2))
  return i < 0 ? NO_REF : toRef(i, key % 2 === 0 ? INNER_GAP : CUSTOMER_GAP)
}

export function keyOf(data: TreeData, ref: Ref): Key {
  const index = indexOf(ref)
  switch (typeOf(ref)) {
    case CUSTOMER:
      return at(data.customer.id, index)
    case INNER_GAP:
      return -2 * at(data.inner.id, index)
    case CUSTOMER_GAP:
      return -2 * at(data.inner.id, index) - 1
    default:
      return at(data.inner.id, index)
  }
}

/** The inner group that holds it, NO_REF at the top. */
export function parentOf(data: TreeData, ref: Ref): Ref {
  const index = indexOf(ref)
  const type = typeOf(ref)
  if (type === INNER_GAP || type === CUSTOMER_GAP) return toRef(index, INNER)
  const parent = at(type === CUSTOMER ? data.customer.parent : data.inner.parent, index)
  return parent < 0 ? NO_REF : toRef(parent, INNER)
}

export function nameOf(data: TreeData, ref: Ref): string {
  const column = typeOf(ref) === CUSTOMER ? data.customer.name : data.inner.name
  return column[indexOf(ref)] ?? ''
}
