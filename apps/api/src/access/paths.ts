import type { GroupLink } from '@msp-console/contract'
import { toId } from '../db/ids.ts'
import type { Db } from '../db/tx.ts'
import { rangeOf, toIds, type Scope } from './scope.ts'

export type ToLinks = (path: string) => GroupLink[]

/** Names of groups inside the scope by id; what is outside is missing. Index: primary key. */
export async function loadLinks(db: Db, scope: Scope, ids: readonly number[]): Promise<Map<number, GroupLink>> {
  if (ids.length === 0) return new Map()
  const { rows } = await db.query<{ id: number; kind: GroupLink['kind']; name: string }>({
    name: 'links',
    text: 'select id, kind, name from static_group where id = any($1::int[]) and path >= $2 and path < $3',
    values: [[...new Set(ids)], ...rangeOf(scope.path)],
  })
  return new Map(rows.map(({ id, kind, name }) => [id, { id: toId(id), kind, name }]))
}

/**
 * Names along the ways to many groups, in one statement. The result turns the path of a group into the links from the top
 * of the scope down to its parent; nothing above the scope is named.
 */
export async function loadPaths(db: Db, scope: Scope, paths: readonly string[]): Promise<ToLinks> {
  const parentsOf = (path: string) => toIds(path, scope).slice(0, -1)
  const links = await loadLinks(db, scope, paths.flatMap(parentsOf))
  return (path) => parentsOf(path).flatMap((id) => links.get(id) ?? [])
}
