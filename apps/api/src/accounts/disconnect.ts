/**
 * Disconnecting an account: the credentials are forgotten and every company of it is unlinked, in one transaction.
 * Groups, computers, setup and history stay; connecting the same login again links them again.
 */
import type { Scope } from '../access/scope.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { ProblemError } from '../http/problem.ts'

/** @returns how many companies were unlinked. @throws ProblemError `not-found`, `account-disconnected` */
export function disconnect(
  inScope: InScope,
  scope: Scope,
  accountId: number,
  actor: string,
  /** Told inside the transaction. */
  record: (db: Db, unlinked: number) => Promise<void>,
): Promise<number> {
  const work = async (db: Db) => {
    const unlinked = await disconnectInside(db, accountId, actor)
    await record(db, unlinked)
    return unlinked
  }
  return inScope(scope, work, { timeoutSeconds: 60 })
}

async function disconnectInside(db: Db, accountId: number, actor: string): Promise<number> {
  const rootId = await lockConnected(db, accountId)
  await db.query(
    `update account set state = 'disconnected', secret = null, disconnected_at = now()
     where id = $1`,
    [accountId],
  )
  const unlinked = rootId === null ? 0 : await unlinkAll(db, accountId, rootId, actor)
  await db.query(`select pg_notify('msp_console', $1), pg_notify('msp_console', $2)`, [
    JSON.stringify({ type: 'accounts', accountId }),
    JSON.stringify({ type: 'tree', accountId }),
  ])
  return unlinked
}

async function lockConnected(db: Db, accountId: number): Promise<number | null> {
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
async function unlinkAll(db: Db, accountId: number, rootId: number, actor: string): Promise<number> {
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
     from static_group g, account_seen a
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
  // Every inner group changed, and the two above the account's root.
  await db.query(
    `with above as materialized (
       select array_agg(g.id) as ids from static_group g where ${INSIDE} and not g.leaf)
     select raise_generations(ids) from above`,
    [path],
  )
  await db.query(
    `update static_group set not_set_up = not_set_up - $1::int, normal = normal - $2::int, unlinked = unlinked + $1 + $2
     where id in (1, 2) and $1::int + $2::int > 0`,
    [notSetUp, normal],
  )
  return rowCount ?? 0
}
