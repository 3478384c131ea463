import { type EmaClient, EmaError } from '@msp-console/ema'
import type { ClientBase, Pool } from 'pg'
import { inTransaction } from '../db/tx.ts'
import { REFUSED } from '../schedule/rule.ts'
import { type Applied, applyPlan, RunLost } from './apply.ts'
import {
  beat,
  closeRun,
  endExpired,
  type Ending,
  HEARTBEAT_MS,
  type Progress,
  type StartedBy,
  takeLease,
} from './lease.ts'
import { listIntoStaging, OtherCompany } from './list.ts'
import { planChanges } from './plan.ts'
import { createTurns } from './turns.ts'

// A sync run: lease → list → plan → guard → apply → close.
// Invariants: one run per account at a time; an incomplete listing adds and changes but removes nothing; everything is
// applied in one transaction or not at all; a run without changes writes nothing but its own row.
// It never decides rights, never talks HTTP to users, never deletes a company.

export interface SyncAccount {
  id: number
  baseUrl: string
  login: string
  password: string
  /** null = unpaced. */
  callsPerSecond: number | null
}

export interface SyncDeps {
  /** Connections of the role that writes the mirror: one for each run, as long as it lasts. */
  pool: Pool
  /** Of the same role, for statements that end at once: leases must not starve while runs hold all of `pool`. */
  leasePool: Pool
  openClient: (account: SyncAccount, signal: AbortSignal) => EmaClient
  /** Opens a sealed secret; `place` is what it was sealed for. */
  unseal: (sealed: Buffer, place: string) => string
  removalGapSeconds: number
  log: { info: (facts: object, text: string) => void; error: (facts: object, text: string) => void }
}

export interface Started {
  /** False: the account is syncing already, `runId` is that run. */
  started: boolean
  runId: number
  /** Settles when the run has ended, well or not; never rejects. */
  done: Promise<void>
}

const SCHEDULE: StartedBy = { trigger: 'schedule', startedBy: null }

export type Sync = ReturnType<typeof createSync>

/** Where an account's password is sealed to: table, row, column. */
export function secretPlace(accountId: number): string {
  return `account:${accountId}:secret`
}

export function createSync(deps: SyncDeps) {
  const running = new Map<number, { stop: AbortController; done: Promise<void> }>()
  // A run holds its connection to its end. Waiting in the pool instead would end in that pool's time-out.
  const inTurn = createTurns(deps.pool.options.max)

  function begin(runId: number, accountId: number): Promise<void> {
    const stop = new AbortController()
    const done = runOnce(deps, inTurn, runId, accountId, stop).finally(() => running.delete(runId))
    running.set(runId, { stop, done })
    return done
  }

  return {
    /** @throws PasswordRefused; Error when the account is unknown or disconnected */
    async start(accountId: number, by: StartedBy): Promise<Started> {
      const { taken, runId } = await takeLease(deps.leasePool, accountId, by)
      if (runId === null) throw new Error('only the schedule asks whether an account is due')
      if (taken) return { started: true, runId, done: begin(runId, accountId) }
      return { started: false, runId, done: running.get(runId)?.done ?? Promise.resolve() }
    },
    /** Starts a run if the account is due and nobody else has; however often it is asked, one run comes of it. */
    async startDue(accountId: number): Promise<boolean> {
      const { taken, runId } = await takeLease(deps.leasePool, accountId, SCHEDULE, true)
      if (taken && runId !== null) void begin(runId, accountId)
      return taken
    },
    /** Ends runs whose process is gone; to be called now and then. */
    sweep: () => endExpired(deps.leasePool),
    /** Aborts the runs of this process and waits for them. */
    async stop(): Promise<void> {
      const runs = [...running.values()]
      for (const run of runs) run.stop.abort()
      await Promise.all(runs.map((run) => run.done))
    },
  }
}

async function runOnce(
  deps: SyncDeps,
  inTurn: ReturnType<typeof createTurns>,
  runId: number,
  accountId: number,
  stop: AbortController,
): Promise<void> {
  const progress: Progress = { phase: 'listing', strategy: null, calls: 0, listed: 0, expected: null }
  const heart = startHeart(deps, runId, progress, stop)
  let isApplied = false
  try {
    const work = async (client: ClientBase) => {
      const { written } = await listPlanApply(deps, client, runId, accountId, progress, stop.signal)
      isApplied = true
      await heart.stop()
      deps.log.info({ runId, accountId, listed: progress.listed, calls: progress.calls }, 'sync run ended')
      await tidyUp(client, written)
    }
    await inTurn(() => withSession(deps.pool, work))
  } catch (error) {
    // The apply closed the run. What fails after it takes nothing back.
    if (isApplied) deps.log.error({ err: error, runId, accountId }, 'what is left to do after a sync run failed')
    else await closeFailed(deps, runId, accountId, progress, toRunError(error, stop.signal.aborted), error)
  }
  await heart.stop()
}

async function closeFailed(
  deps: SyncDeps,
  runId: number,
  accountId: number,
  progress: Progress,
  shown: { code: string; detail: string },
  error: unknown,
): Promise<void> {
  const facts = { runId, accountId, listed: progress.listed, calls: progress.calls, error: shown.code }
  if (shown.code === 'internal') deps.log.error({ ...facts, err: error }, 'a sync run failed')
  try {
    // Nothing happens here if the commit succeeded and only its answer was lost.
    await inTransaction(deps.leasePool, (db) => closeRun(db, runId, progress, { ...NOTHING, error: shown }))
    deps.log.info(facts, 'sync run ended')
  } catch (failure) {
    // The database is gone: the lease runs out and the run is ended by whoever comes next.
    deps.log.error({ ...facts, err: failure }, 'a sync run could not be closed')
  }
}

async function listPlanApply(
  deps: SyncDeps,
  client: ClientBase,
  runId: number,
  accountId: number,
  progress: Progress,
  signal: AbortSignal,
): Promise<Applied> {
  const { account, companyGuid } = await readAccount(deps, client, accountId)
  const source = deps.openClient(account, signal)
  const { rootGuid, summary } = await listIntoStaging(client, source, companyGuid, progress, signal)
  if (rootGuid === null || signal.aborted) throw summary.reason?.error ?? new RunLost('the run was stopped')
  progress.phase = 'planning'
  const planned = await planChanges(client, { accountId, rootGuid, complete: summary.complete })
  progress.phase = 'applying'
  const input = { runId, accountId, rootGuid, complete: summary.complete, removalGapSeconds: deps.removalGapSeconds }
  return applyPlan(client, input, planned, (applied) =>
    closeRun(client, runId, progress, {
      complete: summary.complete,
      incomplete: summary.reason && {
        reason: isRefused(summary.reason.error) ? REFUSED : summary.reason.code,
        detail: summary.reason.detail,
      },
      rejected: {
        count: summary.rejectedCount,
        samples: summary.rejected.map(({ reason, sample }) => ({ reason, sample })),
      },
      held: { count: applied.held, reasons: applied.reasons },
      oddPairs: applied.oddPairs,
      error: null,
    }),
  )
}

/** After the commit, on the run's own session: its temporary tables go, and planner and readers get what they need. */
async function tidyUp(client: ClientBase, written: number): Promise<void> {
  await client.query('discard temp')
  if (written > MUCH) await client.query('vacuum (analyze) static_group, company, group_event')
}

/**
 * Rows written after which the planner's statistics and the visibility map are renewed at once: without them index-only
 * scans are none, and the first reader of each page pays for marking it clean. Autovacuum would come a minute later.
 */
const MUCH = 5000

const NOTHING: Ending = {
  complete: false,
  incomplete: null,
  rejected: { count: 0, samples: [] },
  held: { count: 0, reasons: [] },
  oddPairs: 0,
  error: null,
}

async function readAccount(deps: SyncDeps, client: ClientBase, accountId: number) {
  const { rows } = await client.query<{
    base_url: string
    company_guid: string
    login: string
    secret: Buffer | null
    calls_per_second: number | null
  }>(
    `select base_url, company_guid, login, secret, calls_per_second from account where id = $1 and state = 'connected'`,
    [accountId],
  )
  const account = rows[0]
  if (account === undefined || account.secret === null) throw new RunLost('the account was disconnected')
  const password = deps.unseal(account.secret, secretPlace(accountId))
  const asked: SyncAccount = {
    id: accountId,
    baseUrl: account.base_url,
    login: account.login,
    password,
    callsPerSecond: account.calls_per_second,
  }
  return { account: asked, companyGuid: account.company_guid }
}

/** One session for the whole run, because the listing lives in its temporary tables. After an error it is thrown away. */
async function withSession<T>(pool: Pool, work: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  // Without a listener a connection that dies between two statements would take the process with it.
  const onError = () => {}
  client.on('error', onError)
  let failed = true
  try {
    const result = await work(client)
    failed = false
    return result
  } finally {
    client.off('error', onError)
    client.release(failed)
  }
}

function startHeart(deps: SyncDeps, runId: number, progress: Progress, stop: AbortController) {
  let out: Promise<void> | null = null
  const pulse = async (): Promise<void> => {
    try {
      // Somebody took the lease over: this run must not go on.
      if (!(await beat(deps.leasePool, runId, progress))) stop.abort()
    } catch (error) {
      deps.log.error({ err: error, runId }, 'a heartbeat failed')
    }
    out = null
  }
  // One at a time: heartbeats that queue up would take every connection there is.
  const tick = () => {
    out ??= pulse()
  }
  tick()
  // Progress is shown each second; the lease needs it only every HEARTBEAT_MS.
  const timer = setInterval(tick, Math.min(1000, HEARTBEAT_MS))
  return {
    async stop(): Promise<void> {
      clearInterval(timer)
      await out
    },
  }
}

function toRunError(error: unknown, aborted: boolean): { code: string; detail: string } {
  // Before the rest: a run that is stopped fails in many ways.
  if (aborted) return { code: 'stopped', detail: 'The run was stopped before it applied anything.' }
  if (isRefused(error)) return { code: REFUSED, detail: error.message }
  // Signed in, and refused all the same: the password is not what is wrong.
  if (error instanceof EmaError && error.kind === 'unauthorized')
    return { code: 'session-refused', detail: error.message }
  if (error instanceof EmaError) return { code: error.kind, detail: error.message }
  if (error instanceof OtherCompany) return { code: 'other-company', detail: error.message }
  if (error instanceof RunLost) return { code: 'lost', detail: error.message }
  return {
    code: 'internal',
    detail: 'The run failed inside the console; its log has the details. Nothing was applied.',
  }
}

/** The source refused the password itself, which must not be sent again and again. */
function isRefused(error: unknown): error is EmaError {
  return error instanceof EmaError && error.kind === 'unauthorized' && error.path === '/Token/Get'
}
