import type { ClientBase } from 'pg'
import type { ApplyInput } from './apply.ts'

// The set statements of the apply transaction: one per table and kind of write, each touching exactly the rows that
// differ. New rows and changed rows are told apart by the plan, so nothing is upserted and no unchanged row is locked.

/** What search looks in by parts of words. Each letter here costs in the trigram index, a quarter of a first load. */
const SEARCH_TEXT = `fold(concat_ws(E'\\n', p.name, nullif(p.custom_identifier, ''), nullif(p.email, ''), nullif(array_to_string(f.names, E'\\n'), '')))`

/** Newest first, each once, the last 20. */
const FORMER_NAMES = `case when p.name <> p.old_name
  then (array_prepend(p.old_name::text, array_remove(c.former_names, p.old_name::text)))[1:20] else c.former_names end`

/** @returns how many rows of static_group were written */
export async function writeGroups(client: ClientBase, accountId: number, placed: boolean): Promise<number> {
  if (!placed) return (await client.query(CHANGED_GROUPS_IN_PLACE)).rowCount ?? 0
  const inserted = await client.query(
    `insert into static_group (id, parent_id, account_id, kind, name, path, depth, presence, source_status, size, child_count,
       not_set_up, normal, unlinked, search_text)
     select p.id, x.parent_id, $1, p.kind, p.name, x.path, x.depth, p.presence, p.source_status, x.size, x.child_count,
       x.not_set_up, x.normal, x.unlinked, coalesce(p.search_text, ${SEARCH_TEXT})
     from plan p join placement x on x.id = p.id cross join (select null::text[] as names) f
     where p.is_new`,
    [accountId],
  )
  const updated = await client.query(
    `update static_group g set
       parent_id = coalesce(x.parent_id, g.parent_id), path = coalesce(x.path, g.path), depth = coalesce(x.depth, g.depth),
       size = coalesce(x.size, g.size), child_count = coalesce(x.child_count, g.child_count),
       not_set_up = coalesce(x.not_set_up, g.not_set_up), normal = coalesce(x.normal, g.normal),
       unlinked = coalesce(x.unlinked, g.unlinked),
       kind = coalesce(w.kind, g.kind), name = coalesce(w.name, g.name), presence = coalesce(w.presence, g.presence),
       source_status = coalesce(w.source_status, g.source_status), search_text = coalesce(w.search_text, g.search_text)
     from (${CHANGED_WORDS}) w full join (select * from placement where not is_new) x on x.id = w.id
     where g.id = coalesce(w.id, x.id)`,
  )
  return (inserted.rowCount ?? 0) + (updated.rowCount ?? 0)
}

/** Rows of existing groups whose words differ; a company whose e-mail alone changed differs in its search text only. */
const CHANGED_WORDS = `
  select p.id, p.kind, p.name, p.presence, p.source_status, t.search_text
  from plan p
  join static_group o on o.id = p.id
  join company c on c.group_id = p.id
  cross join lateral (select ${FORMER_NAMES} as names) f
  cross join lateral (select ${SEARCH_TEXT} as search_text) t
  where not p.is_new
    and (p.kind <> o.kind or p.name <> o.name or p.presence <> o.presence or p.source_status <> o.source_status
      or t.search_text <> o.search_text)`

const CHANGED_GROUPS_IN_PLACE = `
  update static_group g set kind = coalesce(w.kind, g.kind), name = coalesce(w.name, g.name), presence = w.presence,
    source_status = coalesce(w.source_status, g.source_status), search_text = w.search_text
  from (${CHANGED_WORDS}) w where g.id = w.id`

/** @returns how many rows of company were written */
export async function writeCompanies(
  client: ClientBase,
  input: Pick<ApplyInput, 'accountId' | 'runId'>,
): Promise<number> {
  const inserted = await client.query(
    `insert into company (group_id, account_id, guid, parent_guid, type_code, status_code, email, vat_id, custom_identifier,
       description, row_hash, first_seen_at)
     select p.id, $1, p.guid, p.parent_guid, p.type_code, p.status_code, p.email, p.vat_id, p.custom_identifier, p.description,
       p.hash, r.started_at
     from plan p, sync_run r where p.is_new and p.guid is not null and r.id = $2`,
    [input.accountId, input.runId],
  )
  // A missing company has no hash, so that the next listing compares it anew.
  const updated = await client.query(
    `update company c set parent_guid = p.parent_guid, type_code = p.type_code, status_code = p.status_code, email = p.email,
       vat_id = p.vat_id, custom_identifier = p.custom_identifier, description = p.description,
       row_hash = case when p.is_missing then null else p.hash end,
       former_names = ${FORMER_NAMES},
       changed_at = now(),
       last_seen_at = case when p.presence = 'present' then null
         when p.old_presence = 'present' then greatest(a.last_complete_at, c.first_seen_at) else c.last_seen_at end,
       suspect_since = case when p.presence = 'present' then null
         when p.old_presence = 'present' then r.started_at else c.suspect_since end,
       suspect_run_id = case when p.presence = 'present' then null
         when p.old_presence = 'present' then r.id else c.suspect_run_id end
     from plan p, sync_run r, account a
     where not p.is_new and c.group_id = p.id and r.id = $1 and a.id = r.account_id
       and (p.presence <> p.old_presence or p.name <> p.old_name or p.parent_id <> p.old_parent_id
         or c.row_hash is distinct from p.hash or p.parent_guid is distinct from c.parent_guid
         or (p.type_code, p.status_code, p.email, p.vat_id, p.custom_identifier, p.description)
           is distinct from (c.type_code, c.status_code, c.email, c.vat_id, c.custom_identifier, c.description))`,
    [input.runId],
  )
  return (inserted.rowCount ?? 0) + (updated.rowCount ?? 0)
}
