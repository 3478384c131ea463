// "Why do I (not) see this?": the grants that are there, looked at from one group.
import { type AccessExplained, covers, joinRights, NO_RIGHTS } from '@msp-console/contract'
import { rangeOf } from '../access/scope.ts'
import { fromId, toId } from '../db/ids.ts'
import type { Db } from '../db/tx.ts'
import type { KnownGrant } from './grants.ts'

/** Also for a group that is there, but outside the view of the one who asks. */
export const NO_GROUP: AccessExplained = { sees: false, reason: 'noGroup', rights: NO_RIGHTS, grants: [] }

/** Of a group in the subtree of `within`, or null. */
export async function findPath(db: Db, within: string, id: string): Promise<string | null> {
  const { rows } = await db.query<{ path: string }>(
    'select path from static_group where id = $1 and path >= $2 and path < $3',
    [fromId(id), ...rangeOf(within)],
  )
  return rows[0]?.path ?? null
}

/**
 * Pure.
 * @param grants those that the one who asks may know; one from above holds for every group in view
 * @param path of a group in view
 */
export function explain(disabled: boolean, grants: readonly KnownGrant[], path: string): AccessExplained {
  const reasons = grants.map((grant) => {
    const { set, rights } = grant
    if (grant.place === 'above') return { root: null, set, covers: true, rights }
    const root = { id: toId(grant.root_id), kind: grant.root_kind, name: grant.root_name }
    return { root, set, covers: path.startsWith(grant.root_path), rights }
  })
  const rights = reasons.reduce((all, each) => (each.covers ? joinRights(all, each.rights) : all), NO_RIGHTS)
  if (disabled) return { sees: false, reason: 'disabled', rights: NO_RIGHTS, grants: reasons }
  if (covers(rights, 'groups', 'read')) return { sees: true, reason: 'granted', rights, grants: reasons }
  return { sees: false, reason: reasons.length === 0 ? 'noGrants' : 'noGrantCovers', rights, grants: reasons }
}
