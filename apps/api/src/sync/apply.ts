import type { ClientBase } from 'pg'
import { writeEvents } from './events.ts'
import type { Hold } from './guard.ts'
import { keepHeld, keepPreview, takeOut } from './hold.ts'
import { judge } from './judge.ts'
import { countOddPairs } from './odd-pairs.ts'
import { place } from './place.ts'
import { planChanges } from './plan.ts'
import { writeCompanies, writeGroups } from './write.ts'

// Plan → guard → apply in one transaction: readers see the tree before or after, never between. The account row is
// locked first, as everybody does who writes this account's tree; a run that lost its lease cannot commit.

export interface ApplyInput {
  runId: number
  accountId: number
  rootGuid: string
  /** The listing proves absence. */
  complete: boolean
  removalGapSeconds: number
  /** The group at which the listing began, when it was not the whole account. */
  company: { path: string } | null
  /** Nothing is applied; the events that would be written are kept beside the tree. */
  preview: boolean
  /** `account.writes` when the plan was made. */
  writes: number
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
    await client.query(SETTINGS)
    const account = await lockAccount(client, input)
    const count = account.writes === input.writes ? planned : await planAgain(client, input)
    // Nothing can be held of an account without companies; and the first load must not have read the mirror, see isFirstLoad.
    const isMatter = !seemsEmpty && (count > 0 || account.holds)
    const reasons = isMatter ? await judge(client, input) : []
    const held = isMatter ? await takeOut(client, input) : 0
    // Asked before anything is written, and of nothing but what a listing showed.
    const isNew = isMatter && !input.preview && (await keepHeld(client, input))
    const written = count > 0 ? await applyChanges(client, input, account.rootGroupId, seemsEmpty, held) : 0
    const oddPairs = written > 0 ? await countOddPairs(client) : 0
    const applied = { written, held, reasons, oddPairs }
    await client.query(
      `update account set last_complete_at = (select started_at from sync_run where id = $2) where id = $1 and $3`,
      [input.accountId, input.runId, input.complete && input.company === null && !input.preview],
    )
    await tell(client, input, written > 0, isNew)
    // Last: heartbeats wait for the commit only, and whoever ended this run meanwhile has the last word.
    if (!(await close(applied))) throw new RunLost('the run lost its lease while it was being applied')
    await client.query('commit')
    return applied
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

/**
 * For this transaction alone. Entries of the search index are gathered and put in at once, by the vacuum after a big load, which
 * costs a third of putting in each.
 */
const SETTINGS = `set local gin_pending_list_limit = '256MB'; set local work_mem = '64MB'`

export class RunLost extends Error {
  override readonly name = 'RunLost'
}

interface Locked {
  rootGroupId: number | null
  writes: number
  /** Items of an open plan wait, or were rejected. */
  holds: boolean
}

async function lockAccount(client: ClientBase, input: ApplyInput): Promise<Locked> {
  const account = await client.query<{ root_group_id: number | null; writes: number; hold_run_id: number | null }>(
    `select root_group_id, writes, hold_run_id from account where id = $1 and state = 'connected' for update`,
    [input.accountId],
  )
  // Weak enough for heartbeats to pass, and strong enough for endExpired to see that this run is alive.
  const run = await client.query(`select from sync_run where id = $1 and status = 'running' for key share`, [
    input.runId,
  ])
  const found = account.rows[0]
  if (found === undefined || run.rowCount === 0)
    throw new RunLost('the account was disconnected, or the run lost its lease')
  return { rootGroupId: found.root_group_id, writes: found.writes, holds: found.hold_run_id !== null }
}

/** Somebody else wrote this tree after the plan was made; the listing is still there. */
async function planAgain(client: ClientBase, input: ApplyInput): Promise<number> {
  await client.query('drop table plan')
  return planChanges(client, { ...input, within: input.company?.path ?? null })
}

async function tell(client: ClientBase, { accountId }: ApplyInput, tree: boolean, hold: boolean): Promise<void> {
  const types = [...(tree ? ['tree'] : []), ...(hold ? ['accounts'] : [])]
  if (types.length === 0) return
  const messages = types.map((type) => JSON.stringify({ type, accountId }))
  await client.query(`select pg_notify('msp_console', message) from unnest($1::text[]) message`, [messages])
}

/** @returns how many rows of the mirror were written */
async function applyChanges(
  client: ClientBase,
  input: ApplyInput,
  rootGroupId: number | null,
  seemsEmpty: boolean,
  held: number,
): Promise<number> {
  // What stayed suspect, inaccessible or held is no change.
  await client.query('delete from plan where is_missing and presence = old_presence')
  const first = seemsEmpty && !input.preview && (await isFirstLoad(client))
  const rootId = rootGroupId ?? (await findRoot(client, input.rootGuid))
  if (rootId === null) return 0
  const placed = await placeChanges(client, input.accountId, rootId)
  if (input.preview) {
    await keepPreview(client, input, held)
    return 0
  }
  return writePlan(client, input, { rootId, isNewRoot: rootGroupId === null, placed, first, actor: null })
}

export interface Write {
  rootId: number
  isNewRoot: boolean
  /** How the root's counters change; null when nothing has another place or state. */
  placed: Awaited<ReturnType<typeof placeChanges>>
  /** The mirror is empty: indexes are built after the load. */
  first: boolean
  /** E-mail of whoever decided; null = the source. */
  actor: string | null
}

export async function placeChanges(client: ClientBase, accountId: number, rootId: number) {
  const structural = await client.query(
    `select from plan where is_new or parent_id is distinct from old_parent_id and not is_missing
       or presence <> old_presence or kind is distinct from old_kind and not is_missing limit 1`,
  )
  return (structural.rowCount ?? 0) > 0 ? place(client, accountId, rootId) : null
}

/** Writes what is in `plan` and `placement`, with its history. @returns how many rows of the mirror were written */
export async function writePlan(
  client: ClientBase,
  { accountId, runId }: Pick<ApplyInput, 'accountId' | 'runId'>,
  { rootId, isNewRoot, placed, first, actor }: Write,
): Promise<number> {
  if (first) await client.query('select mirror_drop_indexes()')
  await writeEvents(client, runId, actor)
  const groups = await writeGroups(client, accountId, placed !== null)
  const companies = await writeCompanies(client, { accountId, runId })
  if (first) await client.query('select mirror_create_indexes()')
  if (placed !== null) await passOn(client, placed.delta, isNewRoot)
  await client.query(
    `update account a set root_group_id = $2, name = g.name from static_group g
     where a.id = $1 and g.id = $2 and (a.root_group_id is distinct from $2 or a.name <> g.name)`,
    [accountId, rootId],
  )
  if (groups + companies > 0) await raiseGenerations(client, placed !== null)
  return groups + companies
}

/**
 * Every inner group in whose subtree something changed, by where it stands now. A subtree that something left is found by the
 * old parent, for whatever moved along the way has a row in the plan itself; the parent of something new has another count. Last, because all writers meet at the top.
 */
async function raiseGenerations(client: ClientBase, placed: boolean): Promise<void> {
  await client.query(
    `select raise_generations(array(
       select parent_id from plan where parent_id is not null ${placed ? 'and not is_new' : ''} union
       select old_parent_id from plan where old_parent_id is not null union
       select id from plan where kind <> 'customer'
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
