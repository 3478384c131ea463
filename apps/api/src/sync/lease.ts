import type { Pool } from 'pg'
import { inTransaction } from '../db/tx.ts'
import { noteEnd, noteStart } from '../schedule/book.ts'
import type { Applied } from './apply.ts'
import type { LookUps } from './evidence.ts'

// One run per account at a time, over any number of processes: a row with status 'running' per account at most, kept
// alive by a lease on the database's clock. A process that dies leaves a lease that runs out; nobody waits for it.

/** A pool of connections that no sync session and no apply ever holds, or the apply's own connection. */
type Db = Pick<Pool, 'query'>

type Trigger = 'connect' | 'manual' | 'schedule' | 'demo'

export interface StartedBy {
  trigger: Trigger
  /** E-mail of the person; null = the console itself. */
  startedBy: string | null
  /** True: what would change is kept beside the tree, and nothing is applied. */
  preview?: boolean
  /** The group of one company: only it and what is below it is asked for. */
  companyId?: number | null
}

const LEASE = `interval '15 seconds'`
export const HEARTBEAT_MS = 3000

const notify = `select id, pg_notify('msp_console', json_build_object('type', 'run', 'runId', id)::text) from moved`

/** The source refused the stored password, and refused it again when a person asked: it is not sent a third time. */
export class PasswordRefused extends Error {
  override readonly name = 'PasswordRefused'
}

/**
 * Takes the lease or says which run has it.
 * @param onlyDue for the schedule: takes it only while the account is due; `runId` is null when it is not
 * @throws PasswordRefused; Error when the account is unknown or disconnected
 */
export async function takeLease(
  pool: Pool,
  accountId: number,
  by: StartedBy,
  onlyDue = false,
): Promise<{ taken: boolean; runId: number | null }> {
  // A second try only when the run that stood in the way ended in between.
  for (let attempt = 0; attempt < 3; attempt++) {
    await endExpired(pool)
    const tried = await tryLease(pool, accountId, by, onlyDue)
    if (tried === 'notDue') return { taken: false, runId: null }
    if (tried !== 'taken') return { taken: true, runId: tried }
    const running = await pool.query<{ id: number }>(
      `select id from sync_run where account_id = $1 and status = 'running'`,
      [accountId],
    )
    if (running.rows[0] !== undefined) return { taken: false, runId: running.rows[0].id }
  }
  throw new Error(`account ${accountId} is not connected`)
}

/** @returns the new run; `taken`: another one has the lease, or the account is not connected */
async function tryLease(
  pool: Pool,
  accountId: number,
  by: StartedBy,
  onlyDue: boolean,
): Promise<number | 'taken' | 'notDue'> {
  const work = async (db: Db) => {
    const { rows } = await db.query<{ id: number }>(
      `insert into sync_run (account_id, trigger, started_by, preview, company_id, lease_until)
       select $1, $2, $3, $4, $5, now() + ${LEASE} from account where id = $1 and state = 'connected'
       on conflict (account_id) where status = 'running' do nothing returning id`,
      [accountId, by.trigger, by.startedBy, by.preview ?? false, by.companyId ?? null],
    )
    if (rows[0] === undefined) return 'taken'
    const runId = rows[0].id
    // What is no sync of the whole account moves no schedule, but a refused password is refused for it as well.
    const isWhole = by.preview !== true && (by.companyId ?? null) === null
    const start = await noteStart(db, { accountId, runId, onlyDue, isWhole })
    // The run that was not to be is taken back with the transaction.
    if (start === 'notDue') throw new NotDue()
    if (start === 'refused') throw new PasswordRefused(`the source refused the password of account ${accountId}`)
    return runId
  }
  return inTransaction(pool, work).catch((error: unknown) => {
    if (error instanceof NotDue) return 'notDue'
    throw error
  })
}

class NotDue extends Error {}

/**
 * Runs whose process is gone: their listings died with their sessions, and nothing of them was applied. An apply under
 * way holds a lock on its run; such a run is passed over, because its process lives, and nobody waits for it.
 */
export async function endExpired(pool: Pool): Promise<void> {
  // Nearly always there are none, and nothing is begun for them.
  const { rowCount } = await pool.query(`select from sync_run where status = 'running' and lease_until < now() limit 1`)
  if (rowCount === 0) return
  await inTransaction(pool, async (db) => {
    const { rows } = await db.query<{ id: number }>(
      `with expired as materialized (
         select id from sync_run where status = 'running' and lease_until < now() for update skip locked),
       moved as (
         update sync_run set status = 'interrupted', phase = 'done', finished_at = now(), complete = false,
           error_code = 'interrupted', error_detail = 'The server stopped while this run was under way. Nothing of it was applied; the next run starts afresh.'
         where id in (select id from expired) returning id)
       ${notify}`,
    )
    await noteEnd(
      db,
      rows.map(({ id }) => id),
    )
  })
}

export interface Progress {
  phase: 'listing' | 'planning' | 'applying'
  strategy: 'flat' | 'breadthFirst' | null
  calls: number
  listed: number
  expected: number | null
}

/** Extends the lease and shows progress. @returns false when the run is not ours any more */
export async function beat(pool: Db, runId: number, progress: Progress): Promise<boolean> {
  const { rowCount } = await pool.query(
    `with moved as (
       update sync_run set lease_until = now() + ${LEASE}, phase = $2, strategy = $3, calls = $4, listed = $5, expected = $6
       where id = $1 and status = 'running' returning id)
     ${notify}`,
    [runId, progress.phase, progress.strategy, progress.calls, progress.listed, progress.expected],
  )
  return (rowCount ?? 0) > 0
}

export interface Ending extends Pick<Applied, 'oddPairs'> {
  complete: boolean
  incomplete: { reason: string; detail: string } | null
  rejected: { count: number; samples: { reason: string; sample: string }[] }
  held: { count: number; reasons: unknown[] }
  lookUps: LookUps | null
  /** How often the source was listed; again when it moved under the listing. */
  passes: number
  error: { code: string; detail: string } | null
}

/** SQL for the events of run $1 by kind: those written, and those that a preview would write. */
const BY_KIND = `
  select coalesce(jsonb_object_agg(kind, n), '{}') as by_kind from (
    select kind, count(*) as n from (
      select kind from group_event where run_id = $1
      union all select kind from plan_item where run_id = $1 and preview and rule is null) e
    group by kind) k`

const SET_COUNTS = `
  created = coalesce((by_kind->>'created')::int, 0), renamed = coalesce((by_kind->>'renamed')::int, 0),
  moved = coalesce((by_kind->>'moved')::int, 0), type_changed = coalesce((by_kind->>'typeChanged')::int, 0),
  status_changed = coalesce((by_kind->>'statusChanged')::int, 0), changed = coalesce((by_kind->>'changed')::int, 0),
  suspected = coalesce((by_kind->>'suspected')::int, 0), unlinked = coalesce((by_kind->>'unlinked')::int, 0),
  restored = coalesce((by_kind->>'restored')::int, 0), access_lost = coalesce((by_kind->>'accessLost')::int, 0)`

/** After a decision added events to a run that has ended. */
export async function countAgain(db: Db, runId: number): Promise<void> {
  await db.query(
    `with counts as (${BY_KIND}), moved as (update sync_run set ${SET_COUNTS} from counts where id = $1 returning id) ${notify}`,
    [runId],
  )
}

/**
 * Closes a run; its counts are the counts of its events, so the two cannot differ.
 * @param db of a transaction, which also notes when the account runs next
 * @returns false when the run is not ours any more; nothing is written then
 */
export async function closeRun(db: Db, runId: number, progress: Progress, ending: Ending): Promise<boolean> {
  const { rowCount } = await db.query(
    `with counts as (${BY_KIND}),
     moved as (
       update sync_run set status = case when $2::text is null then 'succeeded' else 'failed' end::run_status, phase = 'done',
         finished_at = clock_timestamp(), strategy = $3, calls = $4, listed = $5, expected = $6, complete = $7,
         incomplete_reason = $8, incomplete_detail = $9, rejected = $10, rejected_samples = $11, held = $12, held_reasons = $13,
         error_code = $2, error_detail = $14, odd_pairs = $15, look_ups = $16, passes = $17,
         ${SET_COUNTS}
       from counts where id = $1 and status = 'running' returning id)
     ${notify}`,
    [
      runId,
      ending.error?.code ?? null,
      progress.strategy,
      progress.calls,
      progress.listed,
      progress.expected,
      ending.complete,
      ending.incomplete?.reason ?? null,
      ending.incomplete?.detail ?? null,
      ending.rejected.count,
      JSON.stringify(ending.rejected.samples),
      ending.held.count,
      JSON.stringify(ending.held.reasons),
      ending.error?.detail ?? null,
      ending.oddPairs,
      ending.lookUps === null ? null : JSON.stringify(ending.lookUps),
      ending.passes,
    ],
  )
  if (rowCount === 0) return false
  await noteEnd(db, [runId])
  return true
}
