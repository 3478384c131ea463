import { type Completeness, type EmaClient } from '@msp-console/ema'
import type { ClientBase, Pool } from 'pg'
import { inTransaction } from '../db/tx.ts'
import { REFUSED } from '../schedule/rule.ts'
import { type Applied, applyPlan, RunLost } from './apply.ts'
import { closeRun, endExpired, type Ending, type Progress, type StartedBy, takeLease } from './lease.ts'
import { type Decided, type Decision, decideHold } from './decide.ts'
import { lookUpSuspects } from './evidence.ts'
import { startHeart } from './heart.ts'
import { listIntoStaging, listOneIntoStaging } from './list.ts'
import { inLockOrder, planChanges } from './plan.ts'
import { isRefused, toRunError } from './run-error.ts'
import { createTurns } from './turns.ts'

// A sync run: lease → list → plan → look up → guard → apply → close. A preview ends before apply; a run of one company lists
// that company and plans and applies like any other.
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
    /** Approves or rejects what an account's open plan holds. */
    decide: (decision: Decision): Promise<Decided> => decideHold(deps.pool, decision),
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
  const { account, companyGuid, company, preview, writes } = await readRun(deps, client, runId, accountId)
  const source = deps.openClient(account, signal)
  const summary = await list(client, source, companyGuid, company, progress, signal)
  if (signal.aborted) throw summary.reason?.error ?? new RunLost('the run was stopped')
  progress.phase = 'planning'
  let { complete } = summary
  const within = company?.path ?? null
  const planned = await inLockOrder(client, () =>
    planChanges(client, { accountId, rootGuid: companyGuid, complete, within }),
  )
  const lookUps = planned > 0 ? await lookUpSuspects(client, source, accountId, company !== null, signal) : null
  progress.calls += lookUps?.asked ?? 0
  let incomplete = summary.reason && {
    reason: isRefused(summary.reason.error) ? REFUSED : (summary.reason.code as string),
    detail: summary.reason.detail,
  }
  if (lookUps !== null && lookUps.there > 0) {
    complete = false
    incomplete ??= { reason: 'left-out', detail: `${lookUps.there} of ${lookUps.asked} missing companies` }
  }
  progress.phase = 'applying'
  const { removalGapSeconds } = deps
  const input = {
    runId,
    accountId,
    rootGuid: companyGuid,
    complete,
    removalGapSeconds,
    company,
    preview,
    writes,
  }
  return applyPlan(client, input, planned, (applied) =>
    closeRun(client, runId, progress, {
      complete,
      incomplete,
      rejected: {
        count: summary.rejectedCount,
        samples: summary.rejected.map(({ reason, sample }) => ({ reason, sample })),
      },
      held: { count: applied.held, reasons: applied.reasons },
      lookUps,
      oddPairs: applied.oddPairs,
      passes: summary.passes,
      error: null,
    }),
  )
}

/** @throws whatever kept the listing from beginning */
async function list(
  client: ClientBase,
  source: EmaClient,
  companyGuid: string,
  company: { guid: string } | null,
  progress: Progress,
  signal: AbortSignal,
): Promise<Completeness> {
  if (company !== null) {
    const summary = await listOneIntoStaging(client, source, company.guid, progress, signal)
    // Nothing was learnt, so there is nothing to apply.
    if (summary.listed === 0 && summary.reason?.error) throw summary.reason.error
    return summary
  }
  const { rootGuid, summary } = await listIntoStaging(client, source, companyGuid, progress, signal)
  if (rootGuid === null) throw summary.reason?.error ?? new RunLost('the run was stopped')
  return summary
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
  lookUps: null,
  oddPairs: 0,
  passes: 1,
  error: null,
}

async function readRun(deps: SyncDeps, client: ClientBase, runId: number, accountId: number) {
  const { rows } = await client.query<{
    base_url: string
    company_guid: string
    login: string
    secret: Buffer | null
    calls_per_second: number | null
    writes: number
    preview: boolean
    one_guid: string | null
    one_path: string | null
    is_one: boolean
  }>(
    `select a.base_url, a.company_guid, a.login, a.secret, a.calls_per_second, a.writes, r.preview, c.guid as one_guid, g.path as one_path,
       r.company_id is not null as is_one
     from account a join sync_run r on r.id = $2 and r.account_id = a.id
     left join company c on c.group_id = r.company_id left join static_group g on g.id = c.group_id
     where a.id = $1 and a.state = 'connected'`,
    [accountId, runId],
  )
  const found = rows[0]
  if (found === undefined || found.secret === null) throw new RunLost('the account was disconnected')
  if (found.is_one && found.one_guid === null) throw new RunLost('the company is not here any more')
  const { one_guid: guid, one_path: path, preview, writes } = found
  const password = deps.unseal(found.secret, secretPlace(accountId))
  const account: SyncAccount = {
    id: accountId,
    baseUrl: found.base_url,
    login: found.login,
    password,
    callsPerSecond: found.calls_per_second,
  }
  const company = guid === null || path === null ? null : { guid, path }
  return { account, companyGuid: found.company_guid, company, preview, writes }
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
