import type { EventKind, GroupLink, Run } from '@msp-console/contract'
import type { EventRecord } from '../access/events.ts'
import { loadLinks } from '../access/paths.ts'
import { ACCOUNT_IN_VIEW, rangeOf, type Scope, toPersonSql } from '../access/scope.ts'
import type { Db } from '../db/tx.ts'
import { presentRun, type RunRecord, toNamedGroups } from './present.ts'

/** As the contract names them, and as the columns of run_seen. */
const COUNTS = {
  created: 'created',
  renamed: 'renamed',
  moved: 'moved',
  typeChanged: 'type_changed',
  statusChanged: 'status_changed',
  changed: 'changed',
  suspected: 'suspected',
  unlinked: 'unlinked',
  restored: 'restored',
  accessLost: 'access_lost',
} as const

const FIELDS = `r.id, r.account_id, a.name as account_name, a.root_group_id, r.status, r.phase, r.trigger, r.started_at,
  r.finished_at, r.strategy, r.calls, r.listed, r.expected, r.complete, r.incomplete_reason, r.incomplete_detail, r.rejected,
  r.rejected_samples, r.preview, r.company_id, r.held_reasons, r.look_ups, r.odd_pairs, r.passes, r.error_code, r.error_detail`

const WHOLE_COUNTS = `jsonb_build_object(${Object.entries(COUNTS)
  .map(([name, column]) => `'${name}', r.${column}`)
  .join(', ')}, 'held', r.held)`

/**
 * For a view inside the account's tree: counted from the events of that part.
 * Index: group_event_by_run or group_event_by_group, whichever side is smaller.
 */
const PART_COUNTS = `(select jsonb_build_object(${Object.keys(COUNTS)
  .map((name) => `'${name}', count(*) filter (where e.kind = '${name}' and not e.held)`)
  .join(', ')}, 'held', count(*) filter (where e.held))
  from (
    select kind, group_id, false as held from group_event where run_id = r.id
    union all select kind, anchor_id, rule is not null from plan_item where run_id = r.id and (preview or rule is not null)) e
  join static_group g on g.id = e.group_id where g.path >= $1 and g.path < $2)`

/** Items in view of a run that held something, or took over what an earlier one held. Index: plan_item_by_run. */
const HOLD = `(select jsonb_build_object(
    'waiting', count(*) filter (where i.closed_at is null and i.decision is null),
    'approved', count(*) filter (where i.decision = 'approved'),
    'rejected', count(*) filter (where i.closed_at is null and i.decision = 'rejected'),
    'replaced', count(*) filter (where i.closed_at is not null and i.decision is distinct from 'approved'))
  from plan_item i join static_group g on g.id = i.anchor_id
  where i.run_id = r.id and i.rule is not null and not i.preview and g.path >= $1 and g.path < $2)`

/** Seconds of the last run of the same account and company. Index: sync_run_by_account, from its end. */
const LAST_TOOK = `(select extract(epoch from l.finished_at - l.started_at)::float8 from run_seen l
  where l.account_id = r.account_id and l.status = 'succeeded' and l.company_id is not distinct from r.company_id
  order by l.id desc limit 1)`

/** `$1`, `$2`: the scope's range; `$3`: its path. */
const toRuns = (
  scope: Scope,
) => `select ${FIELDS}, ${toPersonSql(scope, 'r.started_by')} as started_by, case when starts_with(coalesce('/1/2/' || a.root_group_id || '/', '/1/2/'), $3) then ${WHOLE_COUNTS}
    else ${PART_COUNTS} end as counts,
    case when not r.preview and (r.held > 0 or a.hold_run_id = r.id or r.held is null and exists (select from plan_item i where i.run_id = r.id and i.rule is not null))
      then ${HOLD} end as hold,
    case when r.status = 'running' then ${LAST_TOOK} end as expected_seconds,
    case when a.hold_run_id = r.id then a.hold_confirmed_at + interval '24 hours' end as decide_until
  from run_seen r join account_seen a on a.id = r.account_id`

/** @param rest conditions and order */
async function readRuns(db: Db, scope: Scope, rest: string, values: readonly unknown[]): Promise<Run[]> {
  const { rows } = await db.query<RunRecord>(`${toRuns(scope)} where ${ACCOUNT_IN_VIEW} and ${rest}`, [
    ...rangeOf(scope.path),
    scope.path,
    ...values,
  ])
  const links = await loadLinks(db, scope, rows.flatMap(toNamedGroups))
  return rows.map((row) => presentRun(row, scope, links))
}

/** Newest first. Index: primary key, or sync_run_by_account. */
export function listRunRows(
  db: Db,
  scope: Scope,
  { accountId, before, limit }: { accountId: number | null; before: number | null; limit: number },
): Promise<Run[]> {
  const rest = `($4::int is null or r.account_id = $4) and ($5::int is null or r.id < $5) order by r.id desc limit $6`
  return readRuns(db, scope, rest, [accountId, before, limit])
}

export async function countRuns(db: Db, scope: Scope, accountId: number | null): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*) from run_seen r join account_seen a on a.id = r.account_id
     where ${ACCOUNT_IN_VIEW} and ($4::int is null or r.account_id = $4)`,
    [...rangeOf(scope.path), scope.path, accountId],
  )
  return rows[0]?.count ?? 0
}

/** Null = no such account in view. */
export async function findAccountState(db: Db, scope: Scope, id: number): Promise<string | null> {
  const { rows } = await db.query<{ state: string }>(
    `select a.state from account_seen a where ${ACCOUNT_IN_VIEW} and a.id = $4`,
    [...rangeOf(scope.path), scope.path, id],
  )
  return rows[0]?.state ?? null
}

export async function getRunRow(db: Db, scope: Scope, id: number): Promise<Run | null> {
  return (await readRuns(db, scope, 'r.id = $4', [id]))[0] ?? null
}

/** The last run of each account, by account id. Few accounts: a step into sync_run_by_account for each. */
export async function listLatestRuns(db: Db, scope: Scope): Promise<Map<number, Run>> {
  const rest = 'r.id in (select (select max(id) from run_seen where account_id = o.id) from account_seen o)'
  const runs = await readRuns(db, scope, rest, [])
  return new Map(runs.map((run) => [Number(run.accountId), run]))
}

/** What was held and decided is no change of the tree: the plan tells it. */
const SHOWN = `e.kind not in ('held', 'rejected')`

export interface ChangeRecord extends EventRecord {
  group_id: number
  group_kind: GroupLink['kind']
  group_name: string
  path: string
}

/** In the order in which they were written. Index: group_event_by_run, then groups by primary key. */
export async function listChangeRows(
  db: Db,
  scope: Scope,
  by: { runId: number; kind: EventKind | null; after: number; limit: number },
): Promise<ChangeRecord[]> {
  const { rows } = await db.query<ChangeRecord>(
    `select e.id, e.kind, e.at, e.run_id, ${toPersonSql(scope, 'e.actor')} as actor, e.actor is not null as by_person,
       e.before, e.after, g.id as group_id, g.kind as group_kind, g.name as group_name, g.path
     from group_event e join static_group g on g.id = e.group_id
     where e.run_id = $1 and e.id > $2 and ${SHOWN} and ($3::event_kind is null or e.kind = $3) and g.path >= $4 and g.path < $5
     order by e.id limit $6`,
    [by.runId, by.after, by.kind, ...rangeOf(scope.path), by.limit],
  )
  return rows
}

export async function countChanges(db: Db, scope: Scope, runId: number, kind: EventKind | null): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*) from group_event e join static_group g on g.id = e.group_id
     where e.run_id = $1 and ${SHOWN} and ($2::event_kind is null or e.kind = $2) and g.path >= $3 and g.path < $4`,
    [runId, kind, ...rangeOf(scope.path)],
  )
  return rows[0]?.count ?? 0
}
