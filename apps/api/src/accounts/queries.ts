import { ACCOUNT_IN_VIEW, rangeOf, type Scope } from '../access/scope.ts'
import type { Db } from '../db/tx.ts'
import type { AccountRecord } from './present.ts'

/**
 * A dozen rows at most; each with the counters of its root, or of the view's root where that lies inside the account's tree.
 * Companies are all groups but the place for the unresolved.
 */
export async function listAccountRows(db: Db, scope: Scope): Promise<AccountRecord[]> {
  const { rows } = await db.query<AccountRecord>(
    `select a.id, a.name, a.base_url, a.login, a.state, a.root_group_id, g.kind as root_kind, a.calls_per_second,
       g.size - (select count(*) from static_group u where u.kind = 'unresolved' and u.account_id = a.id) as companies,
       g.not_set_up + g.normal + g.unlinked as customers, a.connected_at, a.disconnected_at, a.last_complete_at,
       a.interval_seconds, a.next_run_at, a.cause, a.failures, a.failing_since, a.failing, a.disabled, a.can_retry, a.stale_at,
       exists (select from plan_item i where i.account_id = a.id and i.closed_at is null and i.decision is null and not i.preview) as waits
     from account_seen a left join static_group g
       on g.id = case when starts_with('/1/2/' || a.root_group_id || '/', $3) then a.root_group_id else $4 end
     where ${ACCOUNT_IN_VIEW} order by a.id`,
    [...rangeOf(scope.path), scope.path, scope.rootId],
  )
  return rows
}

export interface Known {
  id: number
  state: 'connected' | 'disconnected'
}

/** Index: account (base_url, login). */
export async function findKnown(db: Db, baseUrl: string, login: string): Promise<Known | null> {
  const { rows } = await db.query<Known>('select id, state from account where base_url = $1 and login = $2', [
    baseUrl,
    login,
  ])
  return rows[0] ?? null
}

export interface NewAccount {
  name: string
  baseUrl: string
  login: string
  companyGuid: string
  callsPerSecond: number | null
}

/**
 * A new row, or the one of this login that was disconnected. Null = it is connected already (perhaps since a moment).
 * The password is sealed to the row, so it can be stored only now that the row has its id.
 */
export async function saveAccount(
  db: Db,
  account: NewAccount,
  sealFor: (id: number) => Buffer,
): Promise<number | null> {
  const { rows } = await db.query<{ id: number }>(
    `insert into account (name, base_url, login, company_guid, calls_per_second) values ($1, $2, $3, $4, $5)
     on conflict (base_url, login) do update set state = 'connected', name = excluded.name,
       company_guid = excluded.company_guid, calls_per_second = excluded.calls_per_second, connected_at = now(),
       disconnected_at = null
     where account.state = 'disconnected' returning id`,
    [account.name, account.baseUrl, account.login, account.companyGuid, account.callsPerSecond],
  )
  const id = rows[0]?.id
  if (id === undefined) return null
  await db.query('update account set secret = $2 where id = $1', [id, sealFor(id)])
  await db.query(`select pg_notify('msp_console', $1)`, [JSON.stringify({ type: 'accounts', accountId: id })])
  return id
}

export interface Login {
  base_url: string
  login: string
  company_guid: string
  name: string
  state: 'connected' | 'disconnected'
  root_group_id: number | null
}

/** As row-level security lets it be seen: also where the view holds only a part of its tree. */
export async function findLogin(db: Db, accountId: number): Promise<Login | null> {
  const { rows } = await db.query<Login>(
    'select base_url, login, company_guid, name, state, root_group_id from account where id = $1',
    [accountId],
  )
  return rows[0] ?? null
}

/** False: it is not connected any more. Waits for an apply under way, which has the row. */
export async function savePassword(db: Db, accountId: number, sealed: Buffer): Promise<boolean> {
  const { rowCount } = await db.query(`update account set secret = $2 where id = $1 and state = 'connected'`, [
    accountId,
    sealed,
  ])
  return rowCount === 1
}

export interface EventRow {
  id: number
  at: string
  kind: 'quarantined' | 'disabled' | 'recovered'
  cause: string | null
}

/** Newest first. Index: account_event_by_account. */
export async function listEventRows(db: Db, accountId: number, limit: number): Promise<EventRow[]> {
  const { rows } = await db.query<EventRow>(
    'select id, at, kind, cause from account_event where account_id = $1 order by id desc limit $2',
    [accountId, limit],
  )
  return rows
}

export interface Consequences {
  companies: number
  customers: number
  computers: number
}

/** Null = no such account. Index-only range of static_group_by_path, which carries kind and state. */
export async function countLinked(db: Db, accountId: number): Promise<Consequences | null> {
  const { rows } = await db.query<Consequences>(
    `select l.companies, l.customers, coalesce(r.computers, 0) as computers
     from account_seen a left join static_group r on r.id = a.root_group_id cross join lateral (
       select count(*) as companies, count(*) filter (where g.kind = 'customer') as customers from static_group g
       where g.path >= r.path and g.path < left(r.path, -1) || '0' and g.state <> 'unlinked' and g.kind <> 'unresolved') l
     where a.id = $1`,
    [accountId],
  )
  return rows[0] ?? null
}
