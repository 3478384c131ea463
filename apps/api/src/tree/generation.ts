import type { Db } from '../db/tx.ts'

/**
 * Names the state of the whole tree: the sum of the accounts' generations, each of which only grows, and when the first of
 * them was connected, so that a database that was made anew never repeats a name that a browser still knows.
 */
export async function readGeneration(db: Db): Promise<string> {
  const { rows } = await db.query<{ sum: string; since: string }>({
    name: 'generation',
    text: `select coalesce(sum(generation), 0)::text as sum,
             coalesce(extract(epoch from min(connected_at)) * 1000, 0)::bigint::text as since from account`,
  })
  const { sum = '0', since = '0' } = rows[0] ?? {}
  return `${sum}.${Number(since).toString(36)}`
}
