import type { EventKind, GroupKind, HoldRule, PlanItem, PlanItemState } from '@msp-console/contract'
import { rangeOf, type Scope, toPersonSql } from '../access/scope.ts'
import type { Db } from '../db/tx.ts'

const STATE = `case when i.preview then 'planned' when i.decision = 'approved' then 'approved' when i.closed_at is not null then 'replaced'
  when i.decision = 'rejected' then 'rejected' else 'waiting' end`

export interface ItemRecord {
  id: string
  kind: EventKind
  state: PlanItemState
  group_id: number | null
  group_kind: GroupKind
  group_name: string
  company_kind: GroupKind
  name: string
  guid: string | null
  /** Of the group itself, or of the nearest group above. */
  path: string
  above: string[]
  before: PlanItem['before']
  after: PlanItem['after']
  rule: HoldRule | null
  decided_by: string | null
  by_person: boolean
  decided_at: string | null
}

export interface ItemFilter {
  kind: EventKind | null
  state: PlanItemState | null
}

export type AfterItem = readonly [path: string, name: string, id: string]

/** `$1`: run, `$2`, `$3`: range of the scope, `$4`: kind, `$5`: state. Index: plan_item_by_run, then groups by primary key. */
const ITEMS = `from plan_item i join static_group g on g.id = i.anchor_id
  where i.run_id = $1 and g.path >= $2 and g.path < $3 and ($4::event_kind is null or i.kind = $4) and ($5::text is null or ${STATE} = $5)`

const valuesOf = (scope: Scope, runId: number, { kind, state }: ItemFilter) => [
  runId,
  ...rangeOf(scope.path),
  kind,
  state,
]

/** In the order of the tree. */
export async function listItemRows(
  db: Db,
  scope: Scope,
  runId: number,
  filter: ItemFilter,
  page: { after: AfterItem | null; limit: number },
): Promise<ItemRecord[]> {
  const from = page.after === null ? '' : 'and (g.path, i.name::text collate "C", i.id) > ($7, $8, $9::uuid)'
  const { rows } = await db.query<ItemRecord>(
    `select i.id, i.kind, ${STATE} as state, i.group_id, g.kind as group_kind, g.name as group_name, i.company_kind, i.name, i.guid, g.path,
       i.above, i.before, i.after, i.rule, ${toPersonSql(scope, 'i.decided_by')} as decided_by, i.decided_by is not null as by_person, i.decided_at
     ${ITEMS} ${from} order by g.path, i.name::text collate "C", i.id limit $6`,
    [...valuesOf(scope, runId, filter), page.limit, ...(page.after ?? [])],
  )
  return rows
}

/** How many of each kind, the most first, whichever kind the filter names. */
export async function countKinds(db: Db, scope: Scope, runId: number, { state }: ItemFilter) {
  const { rows } = await db.query<{ kind: EventKind; count: number }>(
    `select i.kind, count(*) ${ITEMS} group by i.kind order by 2 desc, 1`,
    valuesOf(scope, runId, { kind: null, state }),
  )
  return rows
}

/** What waits and may be decided on from this view: the company, and where it would move to, lie inside. */
export async function listDecidable(
  db: Db,
  scope: Scope,
  runId: number,
  wanted: readonly string[] | null,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select i.id ${ITEMS} and ($6::uuid[] is null or i.id = any($6))
       and (i.target_id is null or exists (select from static_group t where t.id = i.target_id and t.path >= $2 and t.path < $3))`,
    [...valuesOf(scope, runId, { kind: null, state: 'waiting' }), wanted],
  )
  return rows.map(({ id }) => id)
}

/** Runs whose plan is open, with when it was confirmed. Few accounts. */
export async function listOpenPlans(db: Db): Promise<{ run_id: number; confirmed_at: string }[]> {
  const { rows } = await db.query<{ run_id: number; confirmed_at: string }>(
    `select hold_run_id as run_id, hold_confirmed_at as confirmed_at from account_seen where hold_run_id is not null order by hold_confirmed_at desc`,
  )
  return rows
}
