/**
 * Disconnecting an account: the credentials are forgotten and every company of it is unlinked, in one transaction.
 * Groups, computers, setup and history stay; connecting the same login again links them again.
 */
import type pg from 'pg'
import { inTransaction } from '../db/tx.ts'
import { ProblemError } from '../http/problem.ts'

/** @returns how many companies were unlinked. @throws ProblemError `not-found`, `account-disconnected` */
export function disconnect(pool: pg.Pool, accountId: number, actor: string): Promise<number> {
  return inTransaction(pool, (db) => disconnectInside(db, accountId, actor), { timeoutSeconds: 60 })
}

async function disconnectInside(db: pg.PoolClient, accountId: number, actor: string): Promise<number> {
  const rootId = await lockConnected(db, accountId)
  await db.query(
    `update account set state = 'disconnected', secret = null, disconnected_at = now(), generation = generation + 1
     where id = $1`,
    [accountId],
  )
  const unlinked = rootId === null ? 0 : await unlinkAll(db, accountId, rootId, actor)
  await db.query(`select pg_notify('msp_console', '{"type":"accounts"}'), pg_notify('msp_console', $1)`, [
    JSON.stringify({ type: 'tree', accountId }),
  ])
  return unlinked
}

async function lockConnected(db: pg.PoolClient, accountId: number): Promise<number | null> {
  const { rows } = await db.query<{ state: string; root_group_id: number | null }>(
    'select state, root_group_id from account where id = $1 for update',
    [accountId],
  )
  const account = rows[0]
  if (account === undefined) throw new ProblemError('not-found', 'There is no such account.')
  if (account.state === 'disconnected') throw new ProblemError('account-disconnected', 'It is disconnected already.')
  return account.root_group_id
}

/** The subtree of the path $1: a range of static_group_by_path. */
const INSIDE = `g.path >= $1 and g.path < left($1, -1) || '0'`

/** With everything below unlinked, the roll-up of each group is plain: all its customers are. */
async function unlinkAll(db: pg.PoolClient, accountId: number, rootId: number, actor: string): Promise<number> {
  const root = await db.query<{ path: string; not_set_up: number; normal: number }>(
    'select path, not_set_up, normal from static_group where id = $1',
    [rootId],
  )
  const { path = '', not_set_up: notSetUp = 0, normal = 0 } = root.rows[0] ?? {}
  // Last seen is derived while a company is present; from now on it has to be stored. Without a hash the next listing
  // compares the company anew and links it again, although nothing about it changed. Range of static_group_by_path.
  await db.query(
    `update company c set row_hash = null, changed_at = now(),
       last_seen_at = case when g.presence = 'present' then a.last_complete_at else c.last_seen_at end
     from static_group g, account a
     where c.group_id = g.id and a.id = $2 and ${INSIDE} and g.presence <> 'unlinked'`,
    [path, accountId],
  )
  const { rowCount } = await db.query(
    `insert into group_event (group_id, kind, before, after, actor)
     select id, 'disconnected', jsonb_build_object('presence', presence), '{"presence":"unlinked"}', $2 from static_group g
     where ${INSIDE} and presence <> 'unlinked' and kind <> 'unresolved'`,
    [path, actor],
  )
  await db.query(
    `update static_group g set presence = case when kind = 'unresolved' then presence else 'unlinked' end,
       unlinked = not_set_up + normal + unlinked, not_set_up = 0, normal = 0
     where ${INSIDE} and (not_set_up + normal > 0 or presence <> 'unlinked' and kind <> 'unresolved')`,
    [path],
  )
  // Above the account's root: Companies and All.
  await db.query(
    `update static_group set not_set_up = not_set_up - $1::int, normal = normal - $2::int, unlinked = unlinked + $1 + $2
     where id in (1, 2) and $1::int + $2::int > 0`,
    [notSetUp, normal],
  )
  return rowCount ?? 0
}
