import {
  type CustomerColumns,
  fromKindLetter,
  type GroupKind,
  type InnerColumns,
  type Tree,
} from '@msp-console/contract'

// The tree in memory: the columns of the wire as typed arrays, never one object per group (100,000 objects cost ten
// times the memory and 15 times the time to expand). The first screen, the inner groups alone and everything are the
// same type: what is known but not loaded yet shows as `children` and `customers` being greater than what is there.

export interface Inner {
  readonly size: number
  readonly id: Int32Array
  /** Index of the parent, -1 at the top. */
  readonly parent: Int32Array
  /** The subtree of `i` is `i` to `end[i]`, exclusive. */
  readonly end: Int32Array
  readonly depth: Int32Array
  /** Position among the inner siblings, from 1. */
  readonly ordinal: Int32Array
  /** Inner children that are here. */
  readonly loaded: Int32Array
  /** One character per group, as on the wire. */
  readonly kind: string
  readonly mark: string
  readonly name: readonly string[]
  /** Direct children of any kind and direct customers, whether loaded or not. */
  readonly children: Int32Array
  readonly customers: Int32Array
  readonly notSetUp: Int32Array
  readonly normal: Int32Array
  readonly unlinked: Int32Array
  /** Where the loaded customers of a group start, and how many they are. */
  readonly firstCustomer: Int32Array
  readonly loadedCustomers: Int32Array
}

interface Customers {
  readonly size: number
  readonly id: Int32Array
  /** Index of the inner group that holds it. */
  readonly parent: Int32Array
  readonly mark: string
  readonly name: readonly string[]
}

export interface TreeData {
  readonly generation: string
  readonly inner: Inner
  readonly customer: Customers
  /** Nothing is missing: every known group is here. */
  readonly complete: boolean
}

/** Element of a typed array. Indexes come from the arrays themselves; the 0 only satisfies the compiler. */
export function at(column: Int32Array | Uint8Array, index: number): number {
  return column[index] ?? 0
}

/** The name to show: the wire leaves naming groups of our own to the UI. */
export type Naming = (kind: GroupKind, name: string) => string

/**
 * @throws RangeError when columns differ in length
 */
export function toTreeData(
  generation: string,
  inner: InnerColumns,
  customers: CustomerColumns | null,
  toName: Naming,
): TreeData {
  const size = inner.idDelta.length
  requireLength(size, [inner.depth, inner.kind, inner.mark, inner.name, inner.children, inner.customers])
  requireLength(size, [inner.notSetUp, inner.normal, inner.unlinked])
  const id = sums(inner.idDelta)
  const { parent, end, ordinal, loaded } = toShape(inner.depth)
  const blocks = toBlocks(id, customers, toName)
  const children = new Int32Array(inner.children)
  const ofCustomers = new Int32Array(inner.customers)
  return {
    generation,
    inner: {
      size,
      id,
      parent,
      end,
      depth: new Int32Array(inner.depth).map((depth) => depth - (inner.depth[0] ?? 0)),
      ordinal,
      loaded,
      kind: inner.kind,
      mark: inner.mark,
      name: inner.name.map((name, i) => toName(fromKindLetter(inner.kind.charAt(i)), name)),
      children,
      customers: ofCustomers,
      notSetUp: new Int32Array(inner.notSetUp),
      normal: new Int32Array(inner.normal),
      unlinked: new Int32Array(inner.unlinked),
      firstCustomer: blocks.first,
      loadedCustomers: blocks.loaded,
    },
    customer: blocks.customer,
    complete: children.every((count, i) => count <= at(loaded, i) + at(blocks.loaded, i)),
  }
}

/** Whether one answer of the server can be shown by itself. */
export function hasInner(part: Tree | undefined): part is Tree & { inner: InnerColumns } {
  return part !== undefined && part.inner !== null
}

/** Inner children that are known of `i` but not here. */
export function missingInner(inner: Inner, i: number): number {
  return Math.max(0, at(inner.children, i) - at(inner.customers, i) - at(inner.loaded, i))
}

export function missingCustomers(inner: Inner, i: number): number {
  return Math.max(0, at(inner.customers, i) - at(inner.loadedCustomers, i))
}

function requireLength(size: number, columns: readonly { readonly length: number }[]): void {
  if (columns.some((column) => column.length !== size)) throw new RangeError('columns of the tree differ in length')
}

function sums(deltas: readonly number[]): Int32Array {
  const values = new Int32Array(deltas)
  for (let i = 1; i < values.length; i++) values[i] = at(values, i) + at(values, i - 1)
  return values
}

/** Parent, subtree end and position follow from the depths of a preorder. */
function toShape(depths: readonly number[]) {
  const size = depths.length
  const parent = new Int32Array(size).fill(-1)
  const end = new Int32Array(size).fill(size)
  const ordinal = new Int32Array(size)
  const loaded = new Int32Array(size)
  const above: number[] = []
  let tops = 0
  depths.forEach((depth, i) => {
    let last = above.at(-1)
    while (last !== undefined && (depths[last] ?? 0) >= depth) {
      end[last] = i
      above.pop()
      last = above.at(-1)
    }
    if (last === undefined) {
      ordinal[i] = ++tops
    } else {
      parent[i] = last
      ordinal[i] = loaded[last] = at(loaded, last) + 1
    }
    above.push(i)
  })
  return { parent, end, ordinal, loaded }
}

function toBlocks(innerId: Int32Array, columns: CustomerColumns | null, toName: Naming) {
  const first = new Int32Array(innerId.length)
  const loaded = new Int32Array(innerId.length)
  if (!columns)
    return { first, loaded, customer: { size: 0, id: new Int32Array(), parent: new Int32Array(), mark: '', name: [] } }
  const id = sums(columns.idDelta)
  const size = id.length
  requireLength(size, [columns.mark, columns.name])
  requireLength(columns.of.length, [columns.count])
  const parent = new Int32Array(size)
  let start = 0
  let i = 0
  sums(columns.of).forEach((parentId, block) => {
    const count = columns.count[block] ?? 0
    // Blocks come in preorder, so the search goes on where the last one was found; a stray block is looked for from 0.
    i = innerId.indexOf(parentId, Math.max(i, 0))
    if (i < 0) i = innerId.indexOf(parentId)
    if (i < 0) throw new RangeError('customers of a group that is not in the tree')
    first[i] = start
    loaded[i] = count
    parent.fill(i, start, start + count)
    start += count
  })
  if (start !== size) throw new RangeError('blocks of customers do not add up')
  return {
    first,
    loaded,
    customer: { size, id, parent, mark: columns.mark, name: columns.name.map((name) => toName('customer', name)) },
  }
}
