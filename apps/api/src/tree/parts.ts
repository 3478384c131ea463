// The three parts of the tree, each read in one snapshot of the database together with its generation.
import type { Tree } from '@msp-console/contract'
import type { Scope } from '../access/scope.ts'
import type { Db } from '../db/tx.ts'
import { countRows, toCustomerColumns, toInnerColumns, toPreorder } from './columns.ts'
import { readMoment } from './generation.ts'
import {
  countInner,
  type CustomerTuple,
  type InnerTuple,
  readCustomers,
  readFirstCustomers,
  readFirstInner,
  readInner,
  readInnerByIds,
} from './queries.ts'

const CHILDREN_MOST = 40
/** Bytes of JSON before compression; about 9 KB on the wire with names as they are in life. */
const BUDGET = 20_000

/** A part as it was read; `oldest` is to be sealed before it goes out. */
export type Part = Omit<Tree, 'since'> & { oldest: string }

export async function readInnerPart(db: Db, scope: Scope): Promise<Part> {
  const moment = await readMoment(db, scope)
  const rows = await readInner(db, scope)
  return { ...moment, inner: toInnerColumns(toPreorder(rows, scope.rootId), countRows(rows)), customers: null }
}

/** Blocks in preorder, so the inner groups are read as well. No customers at all where there are more than `most`. */
export async function readCustomerPart(db: Db, scope: Scope, most: number): Promise<Part> {
  const moment = await readMoment(db, scope)
  const rows = await readInner(db, scope)
  const [, , , , , , , , notSetUp = 0, normal = 0, unlinked = 0] = rows.find(([id]) => id === scope.rootId) ?? []
  if (notSetUp + normal + unlinked > most) return { ...moment, inner: null, customers: null }
  const order = toPreorder(rows, scope.rootId).map(([id]) => id)
  return { ...moment, inner: null, customers: toCustomerColumns(order, await readCustomers(db, scope)) }
}

/** What is on screen first: the open groups with their first children, cut to the budget. */
export async function readOpenedPart(db: Db, scope: Scope, open: readonly number[] | undefined): Promise<Part> {
  const moment = await readMoment(db, scope)
  const asked = new Set([scope.rootId, ...(open ?? (await readTops(db, scope)))])
  const groups = await readInnerByIds(db, scope, [...asked])
  const opened = groups.map(([id]) => id)
  const children = await readFirstInner(db, scope, opened, CHILDREN_MOST)
  const budget = { left: BUDGET }
  const rows = takeWithin(budget, toPreorder([...groups.filter(isTop(scope)), ...children], scope.rootId), 6)
  const reachable = rows.map(([id]) => id)
  const openedIds = reachable.filter((id) => asked.has(id))
  const customers = takeWithin(budget, await readFirstCustomers(db, scope, openedIds, CHILDREN_MOST), 5)
  const counts = await countInner(db, scope, reachable)
  const counted = new Map(counts.map(([parent, inner, shown]) => [parent, { inner, shown }]))
  return { ...moment, inner: toInnerColumns(rows, counted), customers: toCustomerColumns(reachable, customers) }
}

/** The other open groups come as children of theirs, or cannot be placed. */
const isTop =
  (scope: Scope) =>
  ([id]: InnerTuple): boolean =>
    id === scope.rootId

/** Open when nobody says otherwise: Companies and the root of each account. */
async function readTops(db: Db, { rootId }: Scope): Promise<number[]> {
  if (rootId > 2) return []
  const { rows } = await db.query<{ id: number }>(
    'select root_group_id as id from account_seen where root_group_id is not null order by id limit 48',
  )
  return [2, ...rows.map(({ id }) => id)]
}

function takeWithin<T extends InnerTuple | CustomerTuple>(
  budget: { left: number },
  rows: readonly T[],
  nameAt: number,
): T[] {
  return rows.filter((row) => {
    budget.left -= Buffer.byteLength(String(row[nameAt])) + (nameAt === 6 ? 24 : 10)
    return budget.left > 0
  })
}
