// Statements have names, so that each connection plans them once: planning costs more than a page does.
import type { GroupLink } from '@msp-console/contract'
import { rangeOf, type Scope, toPersonSql } from '../access/scope.ts'
import { fromId } from '../db/ids.ts'
import type { Db } from '../db/tx.ts'
import type { EventRecord } from '../access/events.ts'
import type { CompanyRecord, GroupRecord } from './present.ts'

/**
 * What a row of the tree shows. `own` = groups of ours in the subtree, which are no companies: All, Companies, Lost & found
 * and the accounts' places for the unresolved. `hidden` = the account's empty place for the unresolved. Both can differ from
 * zero near the top only, so the sub-selects run for a handful of rows. Index: static_group_unresolved.
 */
const GROUP_COLUMNS = `g.id, g.kind, g.name, g.path, g.leaf, g.state, g.setup, g.presence, g.source_status, g.size,
  g.child_count, g.not_set_up, g.normal, g.unlinked, g.computers,
  case when g.account_id is not null and g.parent_id <> 2 then (g.kind = 'unresolved')::int else
    (select count(*) from static_group o where o.id in (1, 2, 3) and starts_with(o.path, g.path)) +
    (select count(*) from static_group o where o.kind = 'unresolved' and starts_with(o.path, g.path)) end as own,
  case when g.parent_id is distinct from 2 then 0 else
    (select count(*) from static_group o where o.kind = 'unresolved' and o.account_id = g.account_id and o.child_count = 0)
  end as hidden`

/** An empty place for the unresolved is no place at all. */
const SHOWN = `not (g.kind = 'unresolved' and g.child_count = 0)`

export interface FullGroup extends GroupRecord {
  account_id: number | null
  account_name: string | null
  account_root: number | null
  account_state: 'connected' | 'disconnected' | null
  company: CompanyRecord | null
}

/**
 * The id of a group named by id, by `root` or by EMA GUID; null = not in scope or not at all. A GUID may stand in several
 * accounts: the oldest account's group wins. Index: primary key; company_by_guid.
 */
export async function findGroupId(db: Db, scope: Scope, ref: string): Promise<number | null> {
  if (ref === 'root') return scope.rootId
  if (/^\d+$/.test(ref)) return fromId(ref)
  const { rows } = await db.query<{ id: number }>({
    name: 'group-by-guid',
    text: `select g.id from company c join static_group g on g.id = c.group_id
     where c.guid = $1 and g.path >= $2 and g.path < $3 order by c.account_id limit 1`,
    values: [ref, ...rangeOf(scope.path)],
  })
  return rows[0]?.id ?? null
}

/** A parent outside the view is not told, not even by its GUID. Index: primary keys of static_group, company, account. */
export async function readGroup(db: Db, scope: Scope, id: number): Promise<FullGroup | null> {
  const { rows } = await db.query<FullGroup & CompanyRecord & { guid: string | null }>({
    name: `group${scope.rootId === 1 ? '-of-all' : ''}`,
    text: `select ${GROUP_COLUMNS}, g.account_id, a.name as account_name, a.root_group_id as account_root, a.state as account_state,
       c.guid, case when $4 or exists (select from company p join static_group s on s.id = p.group_id
         where p.guid = c.parent_guid and s.path >= $2 and s.path < $3) then c.parent_guid end as parent_guid, c.type_code, c.status_code, c.email, c.vat_id, c.custom_identifier, c.description,
       c.former_names, c.tags, c.address, c.first_seen_at, c.changed_at, c.setup_at, ${toPersonSql(scope, 'c.setup_by')} as setup_by,
       case when g.presence = 'present' then a.last_complete_at else c.last_seen_at end as last_seen_at
     from static_group g left join company c on c.group_id = g.id left join account_seen a on a.id = g.account_id
     where g.id = $1 and g.path >= $2 and g.path < $3`,
    values: [id, ...rangeOf(scope.path), scope.rootId === 1],
  })
  const row = rows[0]
  return row === undefined ? null : { ...row, company: row.guid === null ? null : row }
}

/** The same company in other accounts' trees. Index: company_by_guid. */
export async function listElsewhere(db: Db, scope: Scope, id: number, guid: string) {
  const { rows } = await db.query<GroupLinkRecord & { account_name: string; root_group_id: number | null }>({
    name: 'elsewhere',
    text: `select g.id, g.kind, g.name, a.name as account_name, a.root_group_id
     from company c join static_group g on g.id = c.group_id join account_seen a on a.id = c.account_id
     where c.guid = $1 and c.group_id <> $2 and g.path >= $3 and g.path < $4 order by a.id`,
    values: [guid, id, ...rangeOf(scope.path)],
  })
  return rows
}

interface GroupLinkRecord {
  id: number
  kind: GroupLink['kind']
  name: string
}

export type AfterSibling = readonly [leaf: boolean, name: string, id: number]

/** One page in sibling order. Index: static_group_siblings, from the cursor on, without sorting. */
export async function listChildRows(
  db: Db,
  scope: Pick<Scope, 'path'>,
  parentId: number,
  after: AfterSibling | null,
  limit: number,
) {
  const from = after === null ? '' : 'and (g.leaf, g.name, g.id) > ($5, $6, $7)'
  const { rows } = await db.query<GroupRecord>({
    name: `children${after === null ? '' : '-after'}`,
    text: `select ${GROUP_COLUMNS} from static_group g where g.parent_id = $3 and g.path >= $1 and g.path < $2 and ${SHOWN} ${from}
     order by g.leaf, g.name, g.id limit $4`,
    values: [...rangeOf(scope.path), parentId, limit, ...(after ?? [])],
  })
  return rows
}

/** Newest first. Index: group_event_by_group. */
export async function listEventRows(db: Db, scope: Scope, groupId: number, before: number | null, limit: number) {
  const { rows } = await db.query<EventRecord>(
    `select e.id, e.kind, e.at, e.run_id, ${toPersonSql(scope, 'e.actor')} as actor, e.actor is not null as by_person, e.before, e.after
     from static_group g join group_event e on e.group_id = g.id
     where g.id = $3 and g.path >= $1 and g.path < $2 and ($4::bigint is null or e.id < $4) order by e.id desc limit $5`,
    [...rangeOf(scope.path), groupId, before, limit],
  )
  return rows
}

export async function countEvents(db: Db, scope: Scope, groupId: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*) from static_group g join group_event e on e.group_id = g.id where g.id = $3 and g.path >= $1 and g.path < $2`,
    [...rangeOf(scope.path), groupId],
  )
  return rows[0]?.count ?? 0
}

export { GROUP_COLUMNS }
