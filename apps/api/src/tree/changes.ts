// What has changed since a moment: whole rows of the groups concerned, so that applying them twice is applying them once.
import type { ChangedGroups, TreeChanges } from '@msp-console/contract'
import type { Scope } from '../access/scope.ts'
import type { Db } from '../db/tx.ts'
import { toCustomerColumns, toInnerColumns } from './columns.ts'
import { readMoment } from './generation.ts'
import { countInner, type InnerTuple, readFirstCustomers, readInnerIds, readRaised } from './queries.ts'

/** Above this the whole tree costs less than its parts. */
const GROUPS_MOST = 2000
const CUSTOMERS_MOST = 20_000

/**
 * @param oldest null: not known, everything may be new
 * @param wholeMost more customers than this in the whole view are not sent, because the reader has them by page; 0: none
 */
export async function readChanges(
  db: Db,
  scope: Scope,
  oldest: string | null,
  wholeMost: number,
): Promise<Omit<TreeChanges, 'since'> & { oldest: string }> {
  const moment = await readMoment(db, scope)
  const rows = oldest === null ? [] : await readRaised(db, scope, oldest, GROUPS_MOST + 1)
  const direct = await countDirect(db, scope, rows)
  const customers = [...direct.values()].reduce((sum, { customers: count }) => sum + count, 0)
  const withCustomers = wholeMost > 0
  if (oldest === null || rows.length > GROUPS_MOST || (withCustomers && customers > CUSTOMERS_MOST))
    return { ...moment, groups: null, customers: null }
  const ids = rows.map(([id]) => id)
  return {
    ...moment,
    groups: await toChangedGroups(db, scope, rows, ids),
    customers: withCustomers ? toCustomerColumns(ids, await readFirstCustomers(db, scope, ids, CUSTOMERS_MOST)) : null,
  }
}

async function countDirect(db: Db, scope: Scope, rows: readonly InnerTuple[]) {
  const counts = await countInner(
    db,
    scope,
    rows.map(([id]) => id),
  )
  const inner = new Map(counts.map(([parent, count]) => [parent, count]))
  return new Map(rows.map((row) => [row[0], { customers: row[7] - (inner.get(row[0]) ?? 0) }]))
}

async function toChangedGroups(
  db: Db,
  scope: Scope,
  rows: readonly InnerTuple[],
  ids: readonly number[],
): Promise<ChangedGroups> {
  const counts = await countInner(db, scope, ids)
  const counted = new Map(counts.map(([parent, inner, shown]) => [parent, { inner, shown }]))
  const { depth: _, ...columns } = toInnerColumns(rows, counted)
  const children = Map.groupBy(await readInnerIds(db, scope, ids), ([parent]) => parent)
  const below = ids.map((id) => (children.get(id) ?? []).map(([, child]) => child))
  return { ...columns, belowCount: below.map(({ length }) => length), below: below.flat() }
}
