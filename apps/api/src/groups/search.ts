// Search over names, former names, identifiers and e-mails (search_text: folded, one per line, the name first), ids and
// GUIDs. Words of fewer than three letters cannot use the trigram index and scan the tree; 20 ms at 100,000 groups.
import { fold } from '@msp-console/contract'
import type { Scope } from '../access/scope.ts'
import type { Db } from '../db/tx.ts'
import type { GroupRecord } from './present.ts'
import { findGroupId, GROUP_COLUMNS } from './queries.ts'

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Hits in order: that very name (or id, or GUID), names that begin so, the rest by name.
 * Indexes: static_group_search inside find_groups; primary key and company_by_guid for ids.
 */
export async function searchRows(db: Db, scope: Scope, q: string, limit: number) {
  const text = fold(q)
  const like = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
  const { rows } = await db.query<GroupRecord & { total: number }>({
    name: 'search',
    text: `select ${GROUP_COLUMNS}, hit.total from find_groups($1, $2, $3, $4) hit join static_group g on g.id = hit.id
     order by hit.rank, g.name, g.id`,
    values: [text, like, await findIds(db, scope, q), limit],
  })
  return { rows, total: rows[0]?.total ?? 0 }
}

/** A whole id, or a GUID; in several accounts the oldest one's. */
async function findIds(db: Db, scope: Scope, q: string): Promise<number[]> {
  if (!GUID.test(q) && !/^\d{1,10}$/.test(q)) return []
  const id = await findGroupId(db, scope, q)
  return id === null ? [] : [id]
}
