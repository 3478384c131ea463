/**
 * What a caller may see: one subtree. Every query about the tree takes a Scope and adds its range, so that "may not see"
 * and "does not exist" are the same answer; the database checks the same a second time (db/scoped.ts).
 */
import type { FastifyRequest } from 'fastify'
import type { Scope } from '../db/scoped.ts'
import { callerOf } from './session.ts'

export { rangeOf, type Scope } from '../db/scoped.ts'

/** The console's own work, which nobody asked for. */
export const EVERYTHING: Scope = { rootId: 1, path: '/1/', name: 'All' }

/** @throws ProblemError `unauthenticated`, or `forbidden` for a user without any rights */
export function scopeOf(request: FastifyRequest): Scope {
  return callerOf(request).view.scope
}

/** `/1/2/57/` → [1, 2, 57], cut to what is inside the scope. */
export function toIds(path: string, scope: Scope): number[] {
  const ids = path.slice(1, -1).split('/').map(Number)
  return ids.slice(Math.max(0, ids.indexOf(scope.rootId)))
}

/** Whether the whole tree of an account is in view; its root hangs under Companies, and so does what has no root yet. */
export function seesAccount(scope: Scope, rootGroupId: number | null): boolean {
  return (rootGroupId === null ? '/1/2/' : `/1/2/${rootGroupId}/`).startsWith(scope.path)
}

/**
 * SQL for the accounts of which a view holds the whole tree, or a part. `$1`, `$2`: the scope's range; `$3`: its path; `a`:
 * account_seen, which names the root to those only who see it.
 */
export const ACCOUNT_IN_VIEW = `(coalesce('/1/2/' || a.root_group_id || '/', '/1/2/') collate "C" >= $1
    and coalesce('/1/2/' || a.root_group_id || '/', '/1/2/') collate "C" < $2
    or a.id = (select s.account_id from static_group s where s.path = $3))`

/** What the account is called in this view. */
export function nameAccount(scope: Scope, account: { name: string | null; root_group_id: number | null }): string {
  return (seesAccount(scope, account.root_group_id) ? account.name : null) ?? scope.name
}

/**
 * SQL for a person's e-mail as this view may know it: whoever is at home outside is not named. The look at app_user is under
 * row-level security. Who sees everything also reads the names of users who are gone.
 */
export function toPersonSql(scope: Scope, column: string): string {
  return scope.rootId === 1 ? column : `(select u.email from app_user u where u.email = ${column})`
}
