import type { ClientBase } from 'pg'
import type { Hold } from './guard.ts'
import { countOddPairs } from './odd-pairs.ts'
import { place } from './place.ts'
import { decideRemovals } from './removals.ts'
import { writeCompanies, writeEvents, writeGroups } from './write.ts'

// Plan → guard → apply in one transaction: readers see the tree before or after, never between. The account row is
// locked first, as everybody does who writes this account's tree; a run that lost its lease cannot commit.

export interface ApplyInput {
  runId: number
  accountId: number
  rootGuid: string
  /** The listing proves absence. */
  complete: boolean
  removalGapSeconds: number
}

export interface Applied {
  /** Rows of the mirror that were written; 0 = the tree is what it was. */
  written: number
  held: number
  reasons: Hold[]
  oddPairs: number
}

/**
 * @param close closes the run on the same connection, so that what is applied and what the run says cannot differ; false
 *   when the run is not ours any more
 * @throws RunLost when the lease went to another run or the account was disconnected meanwhile; nothing is written then.
 */
export async function applyPlan(
  client: ClientBase,
  input: ApplyInput,
  planned: number,
  close: (applied: Applied) => Promise<boolean>,
): Promise<Applied> {
  const seemsEmpty = await isEmpty(client)
  await client.query('begin')
  try {
    const rootGroupId = await lockAccount(client, input)
    const verdict = planned === 0 ? { held: [], reasons: [] } : await decideRemovals(client, input)
    const written = planned > 0 ? await applyChanges(client, input, rootGroupId, seemsEmpty) : 0
    const oddPairs = written > 0 ? await countOddPairs(client) : 0
    const applied = { written, held: verdict.held.length, reasons: verdict.reasons, oddPairs }
    await client.query(
      `update account set last_complete_at = (select started_at from sync_run where id = $2) where id = $1 and $3`,
      [input.accountId, input.runId, input.complete],
    )
    if (written > 0)
      await client.query(`select pg_notify('msp_console', $1)`, [
        JSON.stringify({ type: 'tree', accountId: input.accountId }),
      ])
    // Last: heartbeats wait for the commit only, and whoever ended this run meanwhile has the last word.
    if (!(await close(applied))) throw new RunLost('the run lost its lease while it was being applied')
    await client.query('commit')
    return applied
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

export class RunLost extends Error {
  override readonly name = 'RunLost'
}

async function lockAccount(client: ClientBase, input: ApplyInput): Promise<number | null> {
  const account = await client.query<{ root_group_id: number | null }>(
    `select root_group_id from account where id = $1 and state = 'connected' for update`,
    [input.accountId],
  )
  // Weak enough for heartbeats to pass, and strong enough for endExpired to see that this run is alive.
  const run = await client.query(`select from sync_run where id = $1 and status = 'running' for key share`, [
    input.runId,
  ])
  if (account.rows[0] === undefined || run.rowCount === 0)
    throw new RunLost('the account was disconnected, or the run lost its lease')
  return account.rows[0].root_group_id
}

/** @returns how many rows of the mirror were written */
async function applyChanges(
  client: ClientBase,
  input: ApplyInput,
  rootGroupId: number | null,
  seemsEmpty: boolean,
): Promise<number> {
  // What stayed suspect, inaccessible or held is no change.
  await client.query('delete from plan where is_missing and presence = old_presence')
  const first = seemsEmpty && (await isFirstLoad(client))
  const rootId = rootGroupId ?? (await findRoot(client, input.rootGuid))
  if (rootId === null) return 0
  const structural = await client.query(
    `select from plan where is_new or parent_id is distinct from old_parent_id and not is_missing
       or presence <> old_presence or kind is distinct from old_kind and not is_missing limit 1`,
  )
  const placement = (structural.rowCount ?? 0) > 0 ? await place(client, input.accountId, rootId) : null
  if (first) await client.query('select mirror_drop_indexes()')
  const groups = await writeGroups(client, input.accountId, placement !== null)
  const companies = await writeCompanies(client, input)
  await writeEvents(client, input.runId)
  if (first) await client.query('select mirror_create_indexes()')
  if (placement !== null) await passOn(client, placement.delta, rootGroupId === null)
  await client.query(
    `update account a set root_group_id = $2, name = g.name from static_group g
     where a.id = $1 and g.id = $2 and (a.root_group_id is distinct from $2 or a.name <> g.name)`,
    [input.accountId, rootId],
  )
  if (groups + companies > 0) await raiseGenerations(client, placement !== null)
  return groups + companies
}

/**
 * Every inner group in whose subtree something changed, by where it stands now. A subtree that something left is found by the
 * old parent, for whatever moved along the way has a row in the plan itself. Last, because all writers meet at the top.
 */
async function raiseGenerations(client: ClientBase, placed: boolean): Promise<void> {
  await client.query(
    `select raise_generations(array(
       select parent_id from plan where parent_id is not null union
       select old_parent_id from plan where old_parent_id is not null union
       select g.id from plan p join static_group g on g.id = p.id where not g.leaf
       ${placed ? 'union select id from placement where child_count > 0' : ''}))`,
  )
}

async function isEmpty(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ empty: boolean }>('select mirror_is_empty() as empty')
  return rows[0]?.empty ?? false
}

/** Any number, as long as nothing else in this database locks by it. */
const FIRST_LOAD = 720_001

/**
 * Of several runs that saw an empty mirror one is the first, and the others wait for its end: two that drop indexes at
 * once deadlock. So nothing in the transaction may have read the mirror before this, or the first would wait for us.
 */
async function isFirstLoad(client: ClientBase): Promise<boolean> {
  await client.query('select pg_advisory_xact_lock($1)', [FIRST_LOAD])
  return isEmpty(client)
}

async function findRoot(client: ClientBase, rootGuid: string): Promise<number | null> {
  const { rows } = await client.query<{ id: number }>('select id from plan where guid = $1', [rootGuid])
  return rows[0]?.id ?? null
}

/** The account's root changed by this much, so its ancestors Companies and All do too. */
async function passOn(
  client: ClientBase,
  delta: { size: number; notSetUp: number; normal: number; unlinked: number },
  newRoot: boolean,
): Promise<void> {
  await client.query(
    `update static_group set size = size + $1, not_set_up = not_set_up + $2, normal = normal + $3, unlinked = unlinked + $4,
       child_count = child_count + case when id = 2 and $5 then 1 else 0 end
     where id in (1, 2) and ($1 <> 0 or $2 <> 0 or $3 <> 0 or $4 <> 0 or $5)`,
    [delta.size, delta.notSetUp, delta.normal, delta.unlinked, newRoot],
  )
}
