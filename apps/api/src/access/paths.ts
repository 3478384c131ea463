import type { GroupLink } from '@msp-console/contract'
import { toId } from '../db/ids.ts'
import type { Db } from '../db/tx.ts'
import { toIds, type Scope } from './scope.ts'

export type ToLinks = (path: string) => GroupLink[]

/**
 * Names along the ways to many groups, in one statement by primary key. The result turns the path of a group into the
 * links from the top of the scope down to its parent; nothing above the scope is named.
 */
export async function loadPaths(db: Db, scope: Scope, paths: readonly string[]): Promise<ToLinks> {
  const parentsOf = (path: string) => toIds(path, scope).slice(0, -1)
  const ids = [...new Set(paths.flatMap(parentsOf))]
  if (ids.length === 0) return () => []
  const { rows } = await db.query<{ id: number; kind: GroupLink['kind']; name: string }>(
    'select id, kind, name from static_group where id = any($1::int[])',
    [ids],
  )
  const links = new Map(rows.map(({ id, kind, name }) => [id, { id: toId(id), kind, name }]))
  return (path) => parentsOf(path).flatMap((id) => links.get(id) ?? [])
}
