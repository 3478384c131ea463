import type { ClientBase } from 'pg'

// What a listing would change, as a table: one row per company that differs from the mirror, none for the others.
// It reads the mirror and the staging tables and writes only its own temporary table.

/** Without constraints, here and in staging.ts: each would be rows in the catalogue, and those are what a run without changes logs. */
const TABLE = `
  create temp table plan (
    id int, guid uuid, is_new boolean, is_missing boolean,
    parent_guid uuid, parent_id int, kind group_kind, name text collate msp_name, type_code int, status_code int,
    source_status source_status, email text, vat_id text, custom_identifier text, description text, hash bigint,
    presence presence,
    old_parent_id int, old_kind group_kind, old_name text collate msp_name, old_type_code int, old_status_code int,
    old_source_status source_status, old_email text, old_vat_id text, old_custom_identifier text, old_description text,
    old_presence presence, suspect_since timestamptz, suspect_run_id int,
    look_up text, -- what EMA said when it was asked for this missing company
    search_text text); -- of a new company; null = to be made of the other columns
`

export interface PlanInput {
  accountId: number
  /** The account's own company. */
  rootGuid: string
  /** False: absence proves nothing, and missing companies stay out of the plan. */
  complete: boolean
  /** Of the group at which the listing began, when it was not the whole account: nothing outside can be missing. */
  within: string | null
}

export async function createPlanTable(client: ClientBase): Promise<void> {
  await client.query(TABLE)
}

/** Companies that a listing can speak of: of the whole account $1, or those that it names and those below the path $4. */
const KNOWN =
  'select group_id, guid, row_hash, true as expected from company where account_id = $1 and $4::text is null'
const KNOWN_WITHIN = `
  select c.group_id, c.guid, c.row_hash, g.path >= $4 and g.path < left($4, -1) || '0' as expected
  from company c join static_group g on g.id = c.group_id
  where c.account_id = $1 and (g.path >= $4 and g.path < left($4, -1) || '0' or c.guid in (select guid from staging))`

/** `known`: the parent among the companies there are, looked up where it is not a new one; `u`: the unresolved group. */
const KNOWN_PARENT = (guid: string): string => `left join lateral (
       select k.group_id from company k where k.guid = ${guid} and k.account_id = $1 and up.id is null offset 0) known on true
     left join static_group u on u.account_id = $1 and u.kind = 'unresolved' and not u.leaf`

/** The group that account roots hang under. */
const COMPANIES = 2

/**
 * Fills the temporary table `plan` from `staging`.
 *
 * `diff` reads (account_id, guid) and the hash of every company once; a company that was missing last time has no hash, so it
 * always differs. The wider looks touch only what differs, one by one: the
 * planner cannot know how little that usually is, and would read both tables from end to end. Fields the source left unknown keep the value they had. A row that could
 * not be read (no name) proves that the company exists and changes nothing else.
 *
 * Parents are found by GUID among the new companies and the mirror's, else the account's unresolved group stands in, if
 * there is one yet. Without the parent that the source names a row gets no hash, so that the next run looks for it again.
 * @returns how many companies are in the plan
 */
export async function planChanges(client: ClientBase, input: PlanInput): Promise<number> {
  const { accountId, rootGuid, complete, within } = input
  await createPlanTable(client)
  // Nobody can tell the planner how many are new; where it guesses few, it compares each of them with every other. What is
  // looked up one by one still is. An error ends the session, and this with it.
  await client.query('set enable_nestloop = off')
  const { rowCount } = await client.query(
    `with diff as materialized (
       select k.group_id, coalesce(s.guid, k.guid) as guid, s.guid is null as missing, s.parent_guid, s.kind, s.name, s.type_code,
         s.status_code, s.source_status, s.email, s.vat_id, s.custom_identifier, s.description, s.hash,
         s.search_text
       from staging s
       full join (${within === null ? KNOWN : KNOWN_WITHIN}) k on k.guid = s.guid
       where (k.group_id is null and s.name is not null)
         or (k.group_id is not null and s.guid is not null and k.row_hash is distinct from s.hash)
         or (s.guid is null and $3 and k.expected)),
     fresh as materialized (
       select nextval('static_group_id_seq')::int as id, d.* from diff d where d.group_id is null),
     wanted as (
       select d.*, coalesce(d.parent_guid, (c.row).parent_guid) as wanted_guid, c.row as c, g.row as g
       from diff d
       cross join lateral (select c as row from company c where c.group_id = d.group_id offset 0) c
       cross join lateral (select g as row from static_group g where g.id = d.group_id offset 0) g
       where d.group_id is not null and (not d.missing or (g.row).presence <> 'unlinked'))
     insert into plan
     select f.id, f.guid, true, false, f.parent_guid,
       case when f.guid = $2 then ${COMPANIES} else coalesce(up.id, known.group_id, u.id) end,
       coalesce(f.kind, 'unknown'), f.name, coalesce(f.type_code, 0), f.status_code, f.source_status, f.email, f.vat_id,
       f.custom_identifier, f.description,
       case when f.guid <> $2 and f.parent_guid is not null and up.id is null and known.group_id is null then null else f.hash end,
       'present', null, null, null, null, null, null, null, null, null, null, null, null, null, null, f.search_text
     from fresh f
     left join fresh up on up.guid = f.parent_guid
     ${KNOWN_PARENT('f.parent_guid')}
     union all
     select w.group_id, w.guid, false, w.missing, w.wanted_guid,
       case when w.missing then null
            when w.guid = $2 then ${COMPANIES}
            when w.wanted_guid is null then (w.g).parent_id
            else coalesce(up.id, known.group_id, u.id) end,
       coalesce(w.kind, (w.g).kind), coalesce(w.name, (w.g).name), coalesce(w.type_code, (w.c).type_code),
       coalesce(w.status_code, (w.c).status_code),
       case when w.status_code is null then coalesce((w.g).source_status, w.source_status) else w.source_status end,
       coalesce(w.email, (w.c).email), coalesce(w.vat_id, (w.c).vat_id),
       coalesce(w.custom_identifier, (w.c).custom_identifier), coalesce(w.description, (w.c).description),
       case when w.guid <> $2 and w.wanted_guid is not null and up.id is null and known.group_id is null then null
            when w.name is null then (w.c).row_hash else w.hash end,
       case when not w.missing then 'present' when (w.g).presence = 'present' then 'suspect' else (w.g).presence end,
       (w.g).parent_id, (w.g).kind, (w.g).name, (w.c).type_code, (w.c).status_code, (w.g).source_status, (w.c).email, (w.c).vat_id,
       (w.c).custom_identifier, (w.c).description, (w.g).presence, (w.c).suspect_since, (w.c).suspect_run_id, null, null
     from wanted w
     left join fresh up on up.guid = w.wanted_guid
     ${KNOWN_PARENT('w.wanted_guid')}`,
    [accountId, rootGuid, complete, within],
  )
  await client.query('reset enable_nestloop')
  if (rowCount === null || rowCount === 0) return 0
  if (within !== null) await keepHashes(client)
  // After the rows, which takes a third of the time.
  await client.query('create unique index plan_by_id on plan (id)')
  await client.query('analyze plan (id, guid)')
  return rowCount
}

/**
 * A listing by children says less of a company than the search, so its hashes are others. What it leaves alone keeps the hash
 * of the last whole listing; what it changes has none until the next one.
 */
async function keepHashes(client: ClientBase): Promise<void> {
  await client.query(
    `update plan p set hash = (
       select c.row_hash from company c where c.group_id = p.id
         and (p.parent_id, p.name, p.type_code, p.status_code, p.email, p.vat_id, p.custom_identifier, p.description)
           is not distinct from (p.old_parent_id, p.old_name, p.old_type_code, p.old_status_code, p.old_email, p.old_vat_id,
             p.old_custom_identifier, p.old_description))`,
  )
}

/**
 * The first load of another account drops indexes, which locks these tables one after the other. A statement that takes them in
 * another order would stand in its way while it stands in that one's; so they are taken in the same order before.
 */
export async function inLockOrder<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('begin; lock table static_group, company in access share mode')
  const result = await work()
  await client.query('commit')
  return result
}
