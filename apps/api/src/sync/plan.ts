import type { ClientBase } from 'pg'

// What a listing would change, as a table: one row per company that differs from the mirror, none for the others.
// It reads the mirror and the staging tables and writes only its own temporary table.

const TABLE = `
  create temp table plan (
    id int primary key, guid uuid, is_new boolean not null, is_missing boolean not null,
    parent_guid uuid, parent_id int, kind group_kind, name text collate msp_name, type_code int, status_code int,
    source_status source_status, email text, vat_id text, custom_identifier text, description text, hash bigint,
    presence presence not null,
    old_parent_id int, old_kind group_kind, old_name text collate msp_name, old_type_code int, old_status_code int,
    old_source_status source_status, old_email text, old_vat_id text, old_custom_identifier text, old_description text,
    old_presence presence, suspect_since timestamptz, suspect_run_id int,
    look_up text); -- what EMA said when it was asked for this missing company
`

const DIFF = `
  create temp table diff (
    group_id int, guid uuid, missing boolean, parent_guid uuid, kind group_kind, name text collate msp_name, type_code int,
    status_code int, source_status source_status, email text, vat_id text, custom_identifier text, description text, hash bigint)`

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

/** Companies that a listing can speak of: of the whole account $1, or those that it names and those below the path $3. */
const KNOWN = 'select group_id, guid, row_hash, true as expected from company where account_id = $1'
const KNOWN_WITHIN = `
  select c.group_id, c.guid, c.row_hash, g.path >= $3 and g.path < left($3, -1) || '0' as expected
  from company c join static_group g on g.id = c.group_id
  where c.account_id = $1 and (g.path >= $3 and g.path < left($3, -1) || '0' or c.guid in (select guid from staging))`

/** The group that account roots hang under. */
const COMPANIES = 2

/**
 * Fills the temporary table `plan` from `staging`.
 *
 * `diff` reads (account_id, guid) and the hash of every company once; a company that was missing last time has no hash, so it
 * always differs. The wider joins touch only what differs. Fields the source left unknown keep the value they had. A row that could
 * not be read (no name) proves that the company exists and changes nothing else.
 *
 * Parents are found by GUID among the new companies and the mirror's, else the account's unresolved group stands in, if
 * there is one yet. Without the parent that the source names a row gets no hash, so that the next run looks for it again.
 * @returns how many companies are in the plan
 */
export async function planChanges(client: ClientBase, input: PlanInput): Promise<number> {
  const { accountId, rootGuid, complete, within } = input
  await createPlanTable(client)
  // A table of its own with statistics: the joins below are then made for as many rows as differ, be it ten or all.
  await client.query(DIFF)
  await client.query(
    `insert into diff
     select k.group_id, coalesce(s.guid, k.guid) as guid, s.guid is null as missing, s.parent_guid, s.kind, s.name, s.type_code,
       s.status_code, s.source_status, s.email, s.vat_id, s.custom_identifier, s.description, s.hash
     from staging s
     full join (${within === null ? KNOWN : KNOWN_WITHIN}) k on k.guid = s.guid
     where (k.group_id is null and s.name is not null)
       or (k.group_id is not null and s.guid is not null and k.row_hash is distinct from s.hash)
       or (s.guid is null and $2 and k.expected)`,
    within === null ? [accountId, complete] : [accountId, complete, within],
  )
  await client.query('analyze diff (group_id, guid)')
  const { rowCount } = await client.query(
    `with fresh as materialized (
       select guid, nextval('static_group_id_seq')::int as id from diff where group_id is null),
     wanted as (
       select d.*, coalesce(d.group_id, own.id) as id, coalesce(d.parent_guid, c.parent_guid) as wanted_guid, c, g
       from diff d
       left join fresh own on own.guid = d.guid
       left join company c on c.group_id = d.group_id
       left join static_group g on g.id = d.group_id
       where not d.missing or g.presence <> 'unlinked')
     insert into plan
     select w.id, w.guid, w.group_id is null, w.missing, w.wanted_guid,
       case when w.missing then null
            when w.guid = $2 then ${COMPANIES}
            when w.wanted_guid is null then coalesce((w.g).parent_id, u.id)
            else coalesce(up.id, known.group_id, u.id) end,
       coalesce(w.kind, (w.g).kind, 'unknown'), coalesce(w.name, (w.g).name), coalesce(w.type_code, (w.c).type_code, 0),
       coalesce(w.status_code, (w.c).status_code),
       case when w.status_code is null then coalesce((w.g).source_status, w.source_status) else w.source_status end,
       coalesce(w.email, (w.c).email), coalesce(w.vat_id, (w.c).vat_id),
       coalesce(w.custom_identifier, (w.c).custom_identifier), coalesce(w.description, (w.c).description),
       case when w.guid <> $2 and w.wanted_guid is not null and up.id is null and known.group_id is null then null
            when w.name is null then (w.c).row_hash else w.hash end,
       case when not w.missing then 'present' when (w.g).presence = 'present' then 'suspect' else (w.g).presence end,
       (w.g).parent_id, (w.g).kind, (w.g).name, (w.c).type_code, (w.c).status_code, (w.g).source_status, (w.c).email, (w.c).vat_id,
       (w.c).custom_identifier, (w.c).description, (w.g).presence, (w.c).suspect_since, (w.c).suspect_run_id
     from wanted w
     left join fresh up on up.guid = w.wanted_guid
     left join company known on known.account_id = $1 and known.guid = w.wanted_guid
     left join static_group u on u.account_id = $1 and u.kind = 'unresolved' and not u.leaf`,
    [accountId, rootGuid],
  )
  if (within !== null) await keepHashes(client)
  await client.query('analyze plan (id, guid)')
  return rowCount ?? 0
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
