import type { ChangedGroups, CustomerColumns, InnerColumns, Tree, TreeChanges } from '@msp-console/contract'

// The tree after some changes: the columns that are here with the rows of changed groups put in their place, so that a live
// update costs what changed. Pure. Invariant: the same columns as the server would send anew, or null where that cannot be
// said (a group that nobody has sent); then everything is loaded again.

/** @param inner a part with inner groups. @param customers null where customers come by page */
export function mergeChanges(
  inner: InnerColumns,
  customers: CustomerColumns | null,
  changes: Pick<TreeChanges, 'groups' | 'customers'>,
): { inner: InnerColumns; customers: CustomerColumns | null } | null {
  const { groups } = changes
  if (groups === null || (customers !== null && changes.customers === null)) return null
  const before = toShape(inner)
  const after = toShapeOfChanged(groups)
  const root = before.ids[0]
  if (root === undefined) return null
  const order = walk(root, before, after)
  if (order === null) return null
  const merged = toInner(order, inner, before, groups, after)
  if (customers === null || changes.customers === null) return { inner: merged, customers: null }
  return { inner: merged, customers: toCustomers(order, customers, changes.customers, after) }
}

interface Shape {
  ids: number[]
  /** Row by id. */
  rowOf: Map<number, number>
  /** Ids of the inner children of a row. */
  below: (row: number) => readonly number[]
}

interface Place {
  id: number
  depth: number
}

function toShape({ idDelta, depth }: InnerColumns): Shape {
  const ids = sums(idDelta)
  const children: number[][] = []
  const above: number[] = []
  for (const [row, level] of depth.entries()) {
    while (above.length > 0 && (depth[above.at(-1) ?? 0] ?? 0) >= level) above.pop()
    const parent = above.at(-1)
    if (parent !== undefined) (children[parent] ??= []).push(ids[row] ?? 0)
    above.push(row)
  }
  return { ids, rowOf: new Map(ids.map((id, row) => [id, row])), below: (row) => children[row] ?? [] }
}

function toShapeOfChanged({ idDelta, belowCount, below }: ChangedGroups): Shape {
  const ids = sums(idDelta)
  const ends = sums(belowCount)
  return {
    ids,
    rowOf: new Map(ids.map((id, row) => [id, row])),
    below: (row) => below.slice((ends[row] ?? 0) - (belowCount[row] ?? 0), ends[row]),
  }
}

/** Preorder from the root; null when it leads to a group that is in neither, or to one twice. */
function walk(root: number, before: Shape, after: Shape): Place[] | null {
  const order: Place[] = []
  const seen = new Set<number>()
  const stack: Place[] = [{ id: root, depth: 0 }]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { id, depth } = next
    const [changed, kept] = [after.rowOf.get(id), before.rowOf.get(id)]
    if (seen.has(id) || (changed === undefined && kept === undefined)) return null
    seen.add(id)
    order.push(next)
    const children = changed === undefined ? before.below(kept ?? 0) : after.below(changed)
    for (let i = children.length - 1; i >= 0; i--) stack.push({ id: children[i] ?? 0, depth: depth + 1 })
  }
  return order
}

function toInner(
  order: readonly Place[],
  old: InnerColumns,
  before: Shape,
  changed: ChangedGroups,
  after: Shape,
): InnerColumns {
  const next: InnerColumns = {
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
  for (const { id, depth } of order) {
    const fresh = after.rowOf.get(id)
    const [from, row] = fresh === undefined ? [old, before.rowOf.get(id) ?? 0] : [changed, fresh]
    next.idDelta.push(id - last)
    last = id
    next.depth.push(depth)
    next.kind += from.kind.charAt(row)
    next.mark += from.mark.charAt(row)
    next.name.push(from.name[row] ?? '')
    for (const column of ['children', 'customers', 'notSetUp', 'normal', 'unlinked'] as const)
      next[column].push(from[column][row] ?? 0)
  }
  return next
}

function toCustomers(
  order: readonly Place[],
  old: CustomerColumns,
  changed: CustomerColumns,
  after: Shape,
): CustomerColumns {
  const [kept, fresh] = [toBlocks(old), toBlocks(changed)]
  const next: CustomerColumns = { of: [], count: [], idDelta: [], mark: '', name: [] }
  const marks: string[] = []
  let lastParent = 0
  let last = 0
  for (const { id: parent } of order) {
    const { blocks, ids, columns } = after.rowOf.has(parent) ? fresh : kept
    const block = blocks.get(parent)
    if (block === undefined) continue
    next.of.push(parent - lastParent)
    lastParent = parent
    next.count.push(block.end - block.start)
    marks.push(columns.mark.slice(block.start, block.end))
    for (let i = block.start; i < block.end; i++) {
      const id = ids[i] ?? 0
      next.idDelta.push(id - last)
      last = id
      next.name.push(columns.name[i] ?? '')
    }
  }
  next.mark = marks.join('')
  return next
}

function toBlocks(columns: CustomerColumns) {
  const ends = sums(columns.count)
  const blocks = new Map(
    sums(columns.of).map((parent, i) => [
      parent,
      { start: (ends[i] ?? 0) - (columns.count[i] ?? 0), end: ends[i] ?? 0 },
    ]),
  )
  return { columns, blocks, ids: sums(columns.idDelta) }
}

function sums(deltas: readonly number[]): number[] {
  let sum = 0
  return deltas.map((delta) => (sum += delta))
}

/** Both parts as they are after the changes; null when they have to be loaded anew. */
export function applyChanges(inner: Tree, customers: Tree | undefined, changes: TreeChanges) {
  if (inner.inner === null) return null
  const merged = mergeChanges(inner.inner, customers?.customers ?? null, changes)
  if (merged === null) return null
  const { generation, since } = changes
  return {
    inner: { generation, since, inner: merged.inner, customers: null } satisfies Tree,
    customers: customers && ({ generation, since, inner: null, customers: merged.customers } satisfies Tree),
  }
}
