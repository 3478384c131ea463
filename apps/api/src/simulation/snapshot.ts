// Everything that a simulated database holds, read at once, as rows that the invariants compare.
import type pg from 'pg'

export interface Group {
  id: number
  parent_id: number | null
  account_id: number | null
  kind: string
  name: string
  path: string
  depth: number
  setup: string
  presence: string
  state: string
  leaf: boolean
  source_status: string
  size: number
  child_count: number
  not_set_up: number
  normal: number
  unlinked: number
  version: string
  /** Null: a group of ours. */
  guid: string | null
  type_code: number | null
  status_code: number | null
  email: string | null
  vat_id: string | null
  custom_identifier: string | null
  description: string | null
  setup_at: string | null
  setup_by: string | null
  tags: string[] | null
  address: unknown
  company_version: string | null
  generation: number
}

export interface Run {
  id: number
  status: string
  preview: boolean
  company_id: number | null
  complete: boolean | null
  listed: number
  held: number
  error_code: string | null
  look_ups: { asked: number } | null
  counts: Record<string, number>
  /** Of its events, or of its plan when it was a preview. */
  told: Record<string, number>
  overlaps: boolean
}

export interface Event {
  id: number
  group_id: number
  run_id: number | null
  kind: string
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

interface Item {
  id: string
  run_id: number
  kind: string
  group_id: number | null
  guid: string | null
  rule: string | null
  aim: string
  decision: string | null
  is_open: boolean
  row: Record<string, unknown> | null
}

export interface Snapshot {
  groups: Map<number, Group>
  byGuid: Map<string, Group>
  runs: Run[]
  events: Event[]
  items: Item[]
  account: { root_group_id: number | null; writes: number; hold_run_id: number | null; is_fresh: boolean }
  /** Differs when any row of the mirror or its history was written, even with what it held before. */
  version: string
}

const KINDS = `jsonb_build_object('created', created, 'renamed', renamed, 'moved', moved, 'typeChanged', type_changed, 'statusChanged',
  status_changed, 'changed', changed, 'suspected', suspected, 'unlinked', unlinked, 'restored', restored, 'accessLost', access_lost)`

export async function readSnapshot(owner: pg.Pool, accountId: number): Promise<Snapshot> {
  const rowsOf = async <T extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
    (await owner.query<T>(sql, values)).rows
  const groups = await rowsOf<Group>(
    `select g.id, g.parent_id, g.account_id, g.kind, g.name, g.path, g.depth, g.setup, g.presence, g.state, g.leaf, g.source_status,
       g.size, g.child_count, g.not_set_up, g.normal, g.unlinked, g.xmin::text || g.ctid as version, c.guid, c.type_code, c.status_code,
       c.email, c.vat_id, c.custom_identifier, c.description, c.setup_at::text, c.setup_by, c.tags, c.address,
       c.xmin::text || c.ctid as company_version, coalesce(t.generation, 0)::int as generation
     from static_group g left join company c on c.group_id = g.id left join tree_generation t on t.group_id = g.id order by g.id`,
  )
  const runs = await rowsOf<Run>(
    `select r.id, status, preview, company_id, complete, listed, held, error_code, look_ups, ${KINDS} as counts,
       coalesce((select jsonb_object_agg(kind, n) from (select kind, count(*) as n from (
         select kind from group_event where run_id = r.id union all
         select kind from plan_item where run_id = r.id and preview and rule is null) e group by kind) k), '{}') as told,
       started_at < lag(coalesce(finished_at, 'infinity')) over (order by started_at, r.id) as overlaps
     from sync_run r where account_id = $1 order by id`,
    [accountId],
  )
  const events = await rowsOf<Event>(
    'select id::int, group_id, run_id, kind, before, after from group_event order by id',
  )
  const items = await rowsOf<Item>(
    `select id, run_id, kind, group_id, guid, rule, aim, decision, closed_at is null as is_open, row from plan_item
     where account_id = $1 and not preview order by kind, guid, run_id`,
    [accountId],
  )
  const accounts = await rowsOf<Snapshot['account']>(
    `select root_group_id, writes, hold_run_id, coalesce(hold_confirmed_at > now() - interval '24 hours', false) as is_fresh
     from account where id = $1`,
    [accountId],
  )
  return {
    groups: new Map(groups.map((group) => [group.id, group])),
    byGuid: new Map(groups.flatMap((group) => (group.guid === null ? [] : [[group.guid, group] as const]))),
    runs,
    events,
    items,
    account: accounts[0]!, // the simulation has made it
    version: `${groups.map(({ version, company_version }) => `${version}${company_version}`).join(' ')} ${events.length}`,
  }
}
