import { fold, type GroupKind, type User } from '@msp-console/contract'
import { loadPaths } from '../access/paths.ts'
import { rangeOf, type Scope } from '../access/scope.ts'
import type { Caller } from '../access/session.ts'
import { toId } from '../db/ids.ts'
import type { Db } from '../db/tx.ts'
import { isWithin, loadGrants, presentGrants } from './grants.ts'

export interface UserRecord {
  id: string
  name: string
  email: string
  disabled: boolean
  created_at: string
  home_id: number | null
  home_kind: GroupKind
  home_name: string
  home_path: string
  has_password: boolean
  last_sign_in_at: string | null
}

/** Ids of those, among the given, who sign in with a code as well. */
export type FindTwoFactor = (db: Db, ids: readonly string[]) => Promise<ReadonlySet<string>>

/** At home in the view; who is at home nowhere is seen by those who see everything. Row-level security says the same. */
const VISIBLE = `from app_user u left join static_group h on h.id = u.home_group_id
  where (h.path >= $1 and h.path < $2 or u.home_group_id is null and $1 = '/1/')`

const COLUMNS = `u.id, u.name, u.email, u.disabled_at is not null as disabled, u.created_at, u.last_sign_in_at, h.id as home_id, h.kind as home_kind,
  h.name as home_name, h.path as home_path`

/** Names and addresses are few; no index. */
const MATCHES = `($3::text is null or strpos(fold(u.name || ' ' || u.email), $3) > 0)`

export interface UserPage {
  q: string | undefined
  after: readonly [name: string, id: string] | null
  limit: number
}

export async function listUserRows(db: Db, scope: Scope, { q, after, limit }: UserPage): Promise<UserRecord[]> {
  const { rows } = await db.query<UserRecord>(
    `select page.*, f.has_password from (
       select ${COLUMNS} ${VISIBLE} and ${MATCHES}
         and ($4::text is null or (u.name collate msp_name, u.id) > ($4 collate msp_name, $5::text))
       order by u.name collate msp_name, u.id limit $6) page
     cross join lateral facts_of_users(array[page.id]) f
     order by page.name collate msp_name, page.id`,
    [...rangeOf(scope.path), toNeedle(q), ...(after ?? [null, null]), limit],
  )
  return rows
}

export async function countUsers(db: Db, scope: Scope, q: string | undefined): Promise<number> {
  const { rows } = await db.query<{ count: number }>(`select count(*) ${VISIBLE} and ${MATCHES}`, [
    ...rangeOf(scope.path),
    toNeedle(q),
  ])
  return rows[0]?.count ?? 0
}

/** Null = not at home in the view. `lock` for who is about to be changed. */
export async function findUser(db: Db, scope: Scope, id: string, lock = false): Promise<UserRecord | null> {
  const { rows } = await db.query<UserRecord>(
    `select ${COLUMNS}, f.has_password ${VISIBLE.replace('where', 'cross join lateral facts_of_users(array[u.id]) f where')}
       and u.id = $3 ${lock ? 'for update of u' : ''}`,
    [...rangeOf(scope.path), id],
  )
  return rows[0] ?? null
}

function toNeedle(q: string | undefined): string | null {
  return q === undefined || q === '' ? null : fold(q)
}

export async function presentUsers(
  db: Db,
  { user, view }: Caller,
  rows: readonly UserRecord[],
  findTwoFactor: FindTwoFactor,
): Promise<User[]> {
  const ids = rows.map(({ id }) => id)
  const grantsOf = await loadGrants(db, ids, [view.scope.rootId])
  const withCode = await findTwoFactor(db, ids)
  const paths = ids.flatMap((id) => grantsOf(id).known.flatMap((each) => ('root_path' in each ? each.root_path : [])))
  const toLinks = await loadPaths(db, view.scope, paths)
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    email: row.email,
    homeGroup: row.home_id === null ? null : { id: toId(row.home_id), kind: row.home_kind, name: row.home_name },
    disabled: row.disabled,
    invited: !row.has_password,
    twoFactor: withCode.has(row.id),
    createdAt: row.created_at,
    lastSignInAt: row.last_sign_in_at,
    grants: presentGrants(grantsOf(row.id), toLinks),
    manageable: row.id !== user.id && isWithin(grantsOf(row.id), view.rights),
  }))
}
