// Search over names, former names, identifiers and e-mails (search_text: folded, one per line, the name first), ids and
// GUIDs. Words of fewer than three letters cannot use the trigram index and scan the tree; 20 ms at 100,000 groups.
import { fold } from '@msp-console/contract'
import { rangeOf, type Scope } from '../access/scope.ts'
import { fromId } from '../db/ids.ts'
import type { Db } from '../db/tx.ts'
import type { GroupRecord } from './present.ts'
import { GROUP_COLUMNS, SHOWN } from './queries.ts'

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Hits in order: that very name (or id, or GUID), names that begin so, the rest by name.
 * Indexes: static_group_search; primary key and company_by_guid for ids.
 */
export async function searchRows(db: Db, scope: Scope, q: string, limit: number) {
  const text = fold(q)
  const like = text.replaceAll(/[\\%_]/g, '\\$&')
  // The candidates first, narrow; what is shown is read for one page only.
  const { rows } = await db.query<GroupRecord & { total: number }>(
    `with hit as materialized (
       select g.id, g.name, false as exact, g.search_text from static_group g
       where g.search_text like $1 and g.path >= $3 and g.path < $4 and ${SHOWN}
       union
       select g.id, g.name, true, g.search_text from static_group g
       where g.path >= $3 and g.path < $4
         and (g.id = $5 or g.id = (select min(c.group_id) from company c where c.guid = $6::uuid))
     ), ranked as (
       select id, name, bool_or(exact) or split_part(min(search_text), E'\\n', 1) = $7 as exact,
         min(search_text) like $2 as prefix, count(*) over () as total
       from hit group by id, name
       order by 3 desc, 4 desc, name, id limit $8)
     select ${GROUP_COLUMNS}, r.total from ranked r join static_group g on g.id = r.id
     order by r.exact desc, r.prefix desc, g.name, g.id`,
    [
      `%${like}%`,
      `${like}%`,
      ...rangeOf(scope.path),
      /^\d{1,10}$/.test(q) ? fromId(q) : 0,
      GUID.test(q) ? q : null,
      text,
      limit,
    ],
  )
  return { rows, total: rows[0]?.total ?? 0 }
}
