import type { ClientBase, Pool } from 'pg'
import { placeChanges, writePlan } from './apply.ts'
import { countAgain } from './lease.ts'
import { createPlanTable } from './plan.ts'

// What people decide about an account's open plan. Approving applies the items just as a run would have: the same tables, the
// same writer, the same history, but for the name of the person. It binds only while the newest run asks for the same.

export interface Decision {
  runId: number
  /** Items of that run's plan that whoever decides may decide on. */
  items: readonly string[]
  decision: 'approved' | 'rejected'
  /** E-mail of the person. */
  actor: string
}

/** `stale`: another run has been there since; `expired`: too long ago to still be true. Nothing was done in both cases. */
export type Decided = { outcome: 'done'; decided: number } | { outcome: 'stale' | 'expired' }

/** How long a complete listing counts as news. */
const LASTS = `interval '24 hours'`

export async function decideHold(pool: Pool, decision: Decision): Promise<Decided> {
  const client = await pool.connect()
  let failed = true
  try {
    await client.query('begin')
    const result = await decideInside(client, decision)
    await client.query('commit')
    await client.query('discard temp')
    failed = false
    return result
  } finally {
    // A broken connection is thrown away, and with it the transaction and its temporary tables.
    client.release(failed)
  }
}

async function decideInside(client: ClientBase, { runId, items, decision, actor }: Decision): Promise<Decided> {
  const { rows } = await client.query<{ id: number; root_group_id: number; is_open: boolean; is_fresh: boolean }>(
    `select a.id, a.root_group_id, a.hold_run_id is not distinct from r.id as is_open, a.hold_confirmed_at > now() - ${LASTS} as is_fresh
     from sync_run r join account a on a.id = r.account_id where r.id = $1 and a.state = 'connected' for update of a`,
    [runId],
  )
  const account = rows[0]
  if (account === undefined || !account.is_open) return { outcome: 'stale' }
  if (!account.is_fresh) return { outcome: 'expired' }
  await client.query(
    `create temp table chosen as
     select i.id as item, i.group_id, i.kind, i.row, i.aim from plan_item i
     where i.run_id = $1 and i.id = any($2::uuid[]) and i.closed_at is null and i.decision is null and not i.preview`,
    [runId, items],
  )
  const taken =
    decision === 'approved'
      ? await approve(client, { accountId: account.id, runId }, account.root_group_id, actor)
      : await reject(client, runId, actor)
  await client.query(
    `update plan_item i set decision = $1::plan_decision, decided_by = $2, decided_at = now(), closed_at = case when $1::plan_decision = 'approved' then now() end
     from chosen c where c.item = i.id`,
    [decision, actor],
  )
  await client.query(
    `update account a set hold_run_id = null, hold_confirmed_at = null
     where a.id = $1 and not exists (select from plan_item i where i.account_id = a.id and i.closed_at is null and not i.preview)`,
    [account.id],
  )
  await countAgain(client, runId)
  await client.query(
    `select pg_notify('msp_console', json_build_object('type', type, 'accountId', $1::int)::text) from unnest(array['accounts', 'tree']) type`,
    [account.id],
  )
  return { outcome: 'done', decided: taken }
}

async function reject(client: ClientBase, runId: number, actor: string): Promise<number> {
  await client.query(
    `insert into group_event (group_id, run_id, kind, after, actor)
     select group_id, $1, 'rejected', jsonb_build_object('change', kind), $2 from chosen where group_id is not null`,
    [runId, actor],
  )
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from chosen')
  return rows[0]?.n ?? 0
}

interface Where {
  accountId: number
  runId: number
}

async function approve(client: ClientBase, where: Where, rootId: number, actor: string): Promise<number> {
  await createPlanTable(client)
  await dropImpossible(client)
  await client.query(PLAN_OF_CHOSEN, [where.accountId])
  await client.query('analyze plan (id, guid)')
  const placed = await placeChanges(client, where.accountId, rootId)
  await writePlan(client, where, { rootId, isNewRoot: false, placed, first: false, actor })
  // A run that has made its plan already must make it anew.
  await client.query('update account set writes = writes + 1 where id = $1', [where.accountId])
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from chosen')
  return rows[0]?.n ?? 0
}

/** A removal over what stays; a move below, or an addition under, what is neither there nor being added. They go on waiting. */
async function dropImpossible(client: ClientBase): Promise<void> {
  await client.query(
    `with recursive firm as (
       select g.parent_id as id from static_group g
       where g.parent_id in (select group_id from chosen where kind = 'unlinked') and g.kind <> 'staticGroup' and g.presence <> 'unlinked'
         and g.id not in (select group_id from chosen where kind = 'unlinked')
       union
       select g.parent_id from firm f join static_group g on g.id = f.id join chosen c on c.group_id = g.parent_id and c.kind = 'unlinked')
     delete from chosen c using firm f where c.kind = 'unlinked' and c.group_id = f.id`,
  )
  await client.query(
    `delete from chosen c where c.kind in ('moved', 'created') and (c.row->>'parent_id') is not null
       and not exists (select from static_group g where g.id = (c.row->>'parent_id')::int)
       and not exists (select from chosen n where n.kind = 'created' and (n.row->>'id') = (c.row->>'parent_id'))`,
  )
}

/** Groups as they are now, with the chosen changes; additions as the listing brought them. */
const PLAN_OF_CHOSEN = `
  insert into plan
  select g.id, c.guid, false, x.removed, coalesce((x.moved->>'parent_guid')::uuid, c.parent_guid),
    case when x.moved is null then g.parent_id else (x.moved->>'parent_id')::int end,
    coalesce((x.retyped->>'kind')::group_kind, g.kind), g.name, coalesce((x.retyped->>'type_code')::int, c.type_code), c.status_code,
    g.source_status, c.email, c.vat_id, c.custom_identifier, c.description, c.row_hash,
    case when x.removed then 'unlinked' else g.presence end,
    g.parent_id, g.kind, g.name, c.type_code, c.status_code, g.source_status, c.email, c.vat_id, c.custom_identifier, c.description,
    g.presence, c.suspect_since, c.suspect_run_id, null, null
  from (
    select group_id, bool_or(kind = 'unlinked') as removed, (jsonb_agg(row) filter (where kind = 'moved'))->0 as moved,
      (jsonb_agg(row) filter (where kind = 'typeChanged'))->0 as retyped
    from chosen where group_id is not null group by group_id) x
  join static_group g on g.id = x.group_id join company c on c.group_id = g.id
  where c.account_id = $1
  union all
  select (jsonb_populate_record(null::plan, row)).* from chosen where group_id is null`
