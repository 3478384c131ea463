// Search over names, former names, identifiers and e-mails (search_text: folded, one per line, the name first), ids and
// GUIDs. Words of fewer than three letters cannot use the trigram index and scan the tree; 20 ms at 100,000 groups.
import { fold } from '@msp-console/contract'
import { rangeOf, type Scope } from '../access/scope.ts'
import type { Db } from '../db/tx.ts'
import type { GroupRecord } from './present.ts'
import { findGroupId, GROUP_COLUMNS, SHOWN } from './queries.ts'

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Hits in order: that very name (or id, or GUID), names that begin so, the rest by name.
 * Indexes: static_group_search inside groups_like; primary key and company_by_guid for ids.
 */
export async function searchRows(db: Db, scope: Scope, q: string, limit: number) {
  const text = fold(q)
  const like = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
  // The candidates first, narrow; what is shown is read for one page only.
  const { rows } = await db.query<GroupRecord & { total: number }>({
    name: 'search',
    text: `with hit as materialized (
       select g.id, g.name, case
           when g.id = any($3::int[]) or g.search_text = $1 or starts_with(g.search_text, $1 || E'\\n') then 0
           when starts_with(g.search_text, $1) then 1 else 2 end as rank
       from static_group g
       where g.id in (select groups_like($2) union all select unnest($3::int[])) and g.path >= $4 and g.path < $5 and ${SHOWN}
     ), page as (select id, rank from hit order by rank, name, id limit $6)
     select ${GROUP_COLUMNS}, (select count(*) from hit) as total
     from page join static_group g on g.id = page.id order by page.rank, g.name, g.id`,
    values: [text, like, await findIds(db, scope, q), ...rangeOf(scope.path), limit],
  })
  return { rows, total: rows[0]?.total ?? 0 }
}

/** A whole id, or a GUID; in several accounts the oldest one's. */
async function findIds(db: Db, scope: Scope, q: string): Promise<number[]> {
  if (!GUID.test(q) && !/^\d{1,10}$/.test(q)) return []
  const id = await findGroupId(db, scope, q)
  return id === null ? [] : [id]
}
