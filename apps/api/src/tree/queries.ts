import type { CustomerState, GroupKind, Presence, SourceStatus } from '@msp-console/contract'
import { rangeOf, type Scope } from '../access/scope.ts'
import type { Db } from '../db/tx.ts'

/** Arrays instead of objects: a whole tree is read at once, and a row object costs as much again as its values. */
export type InnerTuple = readonly [
  id: number,
  parentId: number | null,
  kind: GroupKind,
  state: CustomerState,
  sourceStatus: SourceStatus,
  presence: Presence,
  name: string,
  children: number,
  notSetUp: number,
  normal: number,
  unlinked: number,
  depth: number,
]

export type CustomerTuple = readonly [
  parentId: number,
  id: number,
  state: CustomerState,
  sourceStatus: SourceStatus,
  presence: Presence,
  name: string,
]

const INNER = `g.id, g.parent_id, g.kind, g.state, g.source_status, g.presence, g.name, g.child_count, g.not_set_up, g.normal,
  g.unlinked, g.depth`
const CUSTOMER = 'g.parent_id, g.id, g.state, g.source_status, g.presence, g.name'
const IN_SCOPE = 'g.path >= $1 and g.path < $2'
const SHOWN = `not (g.kind = 'unresolved' and g.child_count = 0)`

async function readTuples<T extends readonly unknown[]>(db: Db, text: string, values: unknown[]): Promise<T[]> {
  const { rows } = await db.query<unknown[]>({ text, values, rowMode: 'array' })
  return rows as unknown as T[] // the columns above, in their order
}

/** All groups but customers, siblings in their order; hidden ones too, because they are counted. */
export function readInner(db: Db, scope: Scope): Promise<InnerTuple[]> {
  return readTuples(
    db,
    `select ${INNER} from static_group g where not g.leaf and ${IN_SCOPE}
     order by g.parent_id, g.name, g.id`,
    rangeOf(scope.path),
  )
}

/** All customers in blocks of one parent, siblings in their order. Index: static_group_siblings gives both. */
export function readCustomers(db: Db, scope: Scope): Promise<CustomerTuple[]> {
  return readTuples(
    db,
    `select ${CUSTOMER} from static_group g where g.leaf and ${IN_SCOPE}
     order by g.parent_id, g.leaf, g.name, g.id`,
    rangeOf(scope.path),
  )
}

/** Groups by id as far as they are in scope and can be opened. Index: primary key. */
export function readInnerByIds(db: Db, scope: Scope, ids: readonly number[]): Promise<InnerTuple[]> {
  return readTuples(
    db,
    `select ${INNER} from static_group g where g.id = any($3::int[]) and not g.leaf and ${IN_SCOPE}`,
    [...rangeOf(scope.path), ids],
  )
}

/** The first children of each parent. Index: static_group_siblings, one short range per parent. */
export function readFirstInner(db: Db, scope: Scope, parents: readonly number[], most: number): Promise<InnerTuple[]> {
  return readTuples(
    db,
    `select g.* from unnest($3::int[]) o (id) cross join lateral (
       select ${INNER} from static_group g where g.parent_id = o.id and not g.leaf and ${IN_SCOPE} and ${SHOWN}
       order by g.leaf, g.name, g.id limit $4) g`,
    [...rangeOf(scope.path), parents, most],
  )
}

export function readFirstCustomers(
  db: Db,
  scope: Scope,
  parents: readonly number[],
  most: number,
): Promise<CustomerTuple[]> {
  return readTuples(
    db,
    `select g.* from unnest($3::int[]) o (id) cross join lateral (
       select ${CUSTOMER} from static_group g where g.parent_id = o.id and g.leaf and ${IN_SCOPE}
       order by g.leaf, g.name, g.id limit $4) g`,
    [...rangeOf(scope.path), parents, most],
  )
}

/** Inner children of each group: [parent, how many, how many of them are shown]. Index: static_group_siblings. */
export function countInner(
  db: Db,
  scope: Scope,
  parents: readonly number[],
): Promise<(readonly [number, number, number])[]> {
  return readTuples(
    db,
    `select g.parent_id, count(*), count(*) filter (where ${SHOWN}) from static_group g
     where g.parent_id = any($3::int[]) and not g.leaf and ${IN_SCOPE} group by g.parent_id`,
    [...rangeOf(scope.path), parents],
  )
}

/** Inner groups in scope that were raised by `oldest` or a later transaction. One pass over tree_generation, a row per inner group. */
export function readRaised(db: Db, scope: Scope, oldest: string, most: number): Promise<InnerTuple[]> {
  return readTuples(
    db,
    `select ${INNER} from tree_generation t join static_group g on g.id = t.group_id
     where t.raised_in >= $3::xid8 and not g.leaf and ${SHOWN} and ${IN_SCOPE} limit $4`,
    [...rangeOf(scope.path), oldest, most],
  )
}

/** [parent, id] of the inner children of each group, in sibling order. Index: static_group_siblings. */
export function readInnerIds(db: Db, scope: Scope, parents: readonly number[]): Promise<(readonly [number, number])[]> {
  return readTuples(
    db,
    `select g.parent_id, g.id from static_group g where g.parent_id = any($3::int[]) and not g.leaf and ${IN_SCOPE} and ${SHOWN}
     order by g.parent_id, g.leaf, g.name, g.id`,
    [...rangeOf(scope.path), parents],
  )
}

/** One page of one group's customers. Index: static_group_siblings, from the cursor on. */
export function readCustomerPage(
  db: Db,
  scope: Scope,
  parent: number,
  after: readonly [name: string, id: number] | null,
  limit: number,
): Promise<CustomerTuple[]> {
  const from = after === null ? '' : 'and (g.leaf, g.name, g.id) > (true, $5, $6)'
  return readTuples(
    db,
    `select ${CUSTOMER} from static_group g where g.parent_id = $3 and g.leaf and ${IN_SCOPE} ${from}
     order by g.leaf, g.name, g.id limit $4`,
    [...rangeOf(scope.path), parent, limit, ...(after ?? [])],
  )
}
