/**
 * Rows → the columns of the wire. Pure. Invariant: inner groups stand in preorder, siblings in the order they came in;
 * customers stand in blocks of one parent, the blocks in the preorder of their parents.
 */
import { type CustomerColumns, type InnerColumns, toKindLetter, toMark } from '@msp-console/contract'
import type { CustomerTuple, InnerTuple } from './queries.ts'

export interface Counted {
  /** Inner children in the database, and how many of them are shown; the rest are empty places for the unresolved. */
  inner: number
  shown: number
}

/** Preorder from the root. Groups that cannot be reached from it are left out, and empty places for the unresolved. */
export function toPreorder(rows: readonly InnerTuple[], rootId: number): InnerTuple[] {
  const byParent = new Map<number, InnerTuple[]>()
  let root: InnerTuple | undefined
  for (const row of rows) {
    if (row[0] === rootId) root = row
    else if (row[1] !== null && isShown(row)) {
      const siblings = byParent.get(row[1])
      if (siblings === undefined) byParent.set(row[1], [row])
      else siblings.push(row)
    }
  }
  const order: InnerTuple[] = []
  const stack = root === undefined ? [] : [root]
  for (let row = stack.pop(); row !== undefined; row = stack.pop()) {
    order.push(row)
    const children = byParent.get(row[0]) ?? []
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i]!) // i runs over the indexes
  }
  return order
}

/** @param rows in preorder. @param counted inner children by parent, of all groups in `rows` */
export function toInnerColumns(rows: readonly InnerTuple[], counted: ReadonlyMap<number, Counted>): InnerColumns {
  const top = rows[0]?.[11] ?? 0
  const columns: InnerColumns = {
    idDelta: [],
    depth: [],
    kind: '',
    mark: '',
    name: [],
    children: [],
    customers: [],
    notSetUp: [],
    normal: [],
    unlinked: [],
  }
  let last = 0
  for (const [id, , kind, state, sourceStatus, presence, name, children, notSetUp, normal, unlinked, depth] of rows) {
    const { inner, shown } = counted.get(id) ?? { inner: 0, shown: 0 }
    columns.idDelta.push(id - last)
    last = id
    columns.depth.push(depth - top)
    columns.kind += toKindLetter(kind)
    columns.mark += toMark(state, sourceStatus, presence)
    columns.name.push(name)
    columns.children.push(children - (inner - shown))
    columns.customers.push(children - inner)
    columns.notSetUp.push(notSetUp)
    columns.normal.push(normal)
    columns.unlinked.push(unlinked)
  }
  return columns
}

/** @param order parents in the order of their blocks. @param rows customers, those of one parent next to each other */
export function toCustomerColumns(order: readonly number[], rows: readonly CustomerTuple[]): CustomerColumns {
  const blocks = new Map<number, [from: number, to: number]>()
  for (let from = 0, to = 0; from < rows.length; from = to) {
    const parent = rows[from]![0] // from < length
    while (to < rows.length && rows[to]![0] === parent) to++
    blocks.set(parent, [from, to])
  }
  const columns: CustomerColumns = { of: [], count: [], idDelta: [], mark: '', name: [] }
  let lastParent = 0
  let last = 0
  for (const parent of order) {
    const [from, to] = blocks.get(parent) ?? [0, 0]
    if (from === to) continue
    columns.of.push(parent - lastParent)
    lastParent = parent
    columns.count.push(to - from)
    for (let i = from; i < to; i++) {
      const [, id, state, sourceStatus, presence, name] = rows[i]! // inside the block
      columns.idDelta.push(id - last)
      last = id
      columns.mark += toMark(state, sourceStatus, presence)
      columns.name.push(name)
    }
  }
  return columns
}

/** From all inner groups there are. */
export function countRows(rows: readonly InnerTuple[]): Map<number, Counted> {
  const counted = new Map<number, Counted>()
  for (const row of rows) {
    const parent = row[1]
    if (parent === null) continue
    const { inner, shown } = counted.get(parent) ?? { inner: 0, shown: 0 }
    counted.set(parent, { inner: inner + 1, shown: shown + (isShown(row) ? 1 : 0) })
  }
  return counted
}

function isShown(row: InnerTuple): boolean {
  return row[2] !== 'unresolved' || row[7] > 0
}
