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
    old_presence presence, suspect_since timestamptz, suspect_run_id int);
`

/**
 * Fills the temporary table `plan` from `staging`. Fields the source left unknown keep the value they had. A row that
 * could not be read (no name) proves that the company exists and changes nothing else.
 * The join reads (account_id, guid) and the hash of every company once; a company that was missing last time has no
 * hash, so it always differs. The wider joins touch only what differs.
 * @param complete false: absence proves nothing, and missing companies stay out of the plan
 * @returns how many companies are in the plan
 */
export async function planChanges(client: ClientBase, accountId: number, complete: boolean): Promise<number> {
  await client.query(TABLE)
  const { rowCount } = await client.query(
    `insert into plan
     select coalesce(d.group_id, nextval(pg_get_serial_sequence('static_group', 'id'))), d.guid, d.group_id is null, d.missing,
       coalesce(d.parent_guid, c.parent_guid), null,
       case when d.name is null then g.kind else d.kind end, coalesce(d.name, g.name), coalesce(d.type_code, c.type_code),
       coalesce(d.status_code, c.status_code),
       case when d.status_code is null then coalesce(g.source_status, d.source_status) else d.source_status end,
       coalesce(d.email, c.email), coalesce(d.vat_id, c.vat_id), coalesce(d.custom_identifier, c.custom_identifier),
       coalesce(d.description, c.description), case when d.name is null then c.row_hash else d.hash end,
       case when not d.missing then 'present' when g.presence = 'present' then 'suspect' else g.presence end,
       g.parent_id, g.kind, g.name, c.type_code, c.status_code, g.source_status, c.email, c.vat_id, c.custom_identifier,
       c.description, g.presence, c.suspect_since, c.suspect_run_id
     from (
       select k.group_id, coalesce(s.guid, k.guid) as guid, s.guid is null as missing, s.parent_guid, s.kind, s.name, s.type_code,
         s.status_code, s.source_status, s.email, s.vat_id, s.custom_identifier, s.description, s.hash
       from staging s
       full join (select group_id, guid, row_hash from company where account_id = $1) k on k.guid = s.guid
       where (k.group_id is null and s.name is not null)
         or (k.group_id is not null and s.guid is not null and k.row_hash is distinct from s.hash)
         or (s.guid is null and $2)) d
     left join company c on c.group_id = d.group_id
     left join static_group g on g.id = d.group_id
     where not d.missing or g.presence <> 'unlinked'`,
    [accountId, complete],
  )
  await client.query('analyze plan (id, guid)')
  return rowCount ?? 0
}
