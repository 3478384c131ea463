import type { Scope } from '../access/scope.ts'
import type { Db } from '../db/tx.ts'

/**
 * Names the state of the tree below a root: a number that grows with every change in that subtree and with no other, the
 * root, and when the first account was connected, so that a database that was made anew never repeats a name that a
 * browser still knows. Index: primary key of tree_generation.
 */
export async function readGeneration(db: Db, scope: Scope): Promise<string> {
  return (await readMoment(db, scope)).generation
}

/**
 * The same with the oldest transaction that is under way: whatever was raised by that one or a later one may not be in this
 * snapshot. A number of the whole database: not to be shown.
 */
export async function readMoment(db: Db, scope: Scope): Promise<{ generation: string; oldest: string }> {
  const { rows } = await db.query<{ number: string; since: string; oldest: string }>({
    name: 'generation',
    text: `select coalesce((select generation from tree_generation where group_id = $1), 0)::text as number,
             coalesce((select extract(epoch from min(connected_at)) * 1000 from account_seen), 0)::bigint::text as since,
             pg_snapshot_xmin(pg_current_snapshot())::text as oldest`,
    values: [scope.rootId],
  })
  const { number = '0', since = '0', oldest = '0' } = rows[0] ?? {}
  return { generation: `${scope.rootId}.${number}.${Number(since).toString(36)}`, oldest }
}
