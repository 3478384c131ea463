// Set-up shared by the tests of schedules and of several workers: sources with an account each, workers in this process and in
// processes of their own, and what must hold whatever they did.
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildMockEma, createPlainWorld, DEMO_PASSWORD, type OnRequest } from '@msp-console/mock-ema'
import pg from 'pg'
import type { TestDatabase } from '../db/testing.ts'
import { openRunStand } from '../sync/run-testing.ts'
import { createTestSync } from '../sync/test-sync.ts'

export type ScheduleStand = Awaited<ReturnType<typeof openScheduleStand>>

/** Of the world that addAccount makes. */
export const COMPANIES = 14

export async function openScheduleStand(given?: TestDatabase) {
  const stand = await openRunStand(given)
  const closers: (() => Promise<unknown>)[] = []

  /** Undoes what a test has opened, the last first. */
  async function clear(): Promise<void> {
    for (const close of closers.splice(0).toReversed()) await close()
    // The next source may get the port of one that is gone.
    await stand.owner.query(`update account set base_url = 'http://gone.example/' || id`)
  }

  async function connect(onRequest?: OnRequest, world = createPlainWorld(1, COMPANIES - 2)) {
    const mock = buildMockEma({ world, ...(onRequest === undefined ? {} : { onRequest }) })
    closers.push(() => mock.close())
    const baseUrl = await mock.listen({ port: 0, host: '127.0.0.1' })
    return stand.connect({ baseUrl, rootGuid: world.idOf(world.users[0]?.company ?? 0), password: DEMO_PASSWORD })
  }

  async function runsOf(accountId: number) {
    const { rows } = await stand.owner.query<{ id: number; status: string; trigger: string; created: number }>(
      'select id, status, trigger, created from sync_run where account_id = $1 order by id',
      [accountId],
    )
    return rows
  }

  return {
    ...stand,
    connect,
    clear,
    defer: (close: () => Promise<unknown>) => void closers.push(close),
    async close() {
      await clear()
      await stand.close()
    },
    /** An account at a source of its own; `latency` of every answer can be changed. */
    async addAccount(latency = 20) {
      const pace = { latency }
      const { accountId } = await connect(() => sleep(pace.latency))
      return { accountId, pace }
    },
    /** @param size connections for runs, and as many for leases */
    addWorkers(count: number, size = 2) {
      const workers = Array.from({ length: count }, () => openWorker(stand.ownerUrl, size))
      closers.push(() => Promise.all(workers.map(({ close }) => close())))
      return workers.map(({ sync }) => sync)
    },
    /** A worker in a process of its own, whose clock is wrong by so much. */
    async fork(skewMs = 0) {
      const worker = await forkWorker(stand.ownerUrl, skewMs)
      closers.push(() => worker.kill())
      return worker
    },
    runsOf,
    /** What any other process does: it waits until the lease is over, here by the database's word, and runs the account again. */
    async recover(accountId: number): Promise<void> {
      const worker = openWorker(stand.ownerUrl, 2)
      let done = Promise.resolve()
      await until(async () => {
        await stand.owner.query(
          `update sync_run set lease_until = now() - interval '1 second' where status = 'running' and account_id = $1`,
          [accountId],
        )
        await worker.sync.sweep()
        const started = await worker.sync.start(accountId, { trigger: 'manual', startedBy: null })
        done = started.done
        return started.started
      }, 120_000)
      await done
      await worker.close()
    },
    async untilIdle(accountId: number): Promise<void> {
      await until(async () => (await runsOf(accountId)).every(({ status }) => status !== 'running'), 30_000)
    },
    /** Sessions that wait for a lock. Not asked within a transaction, where these numbers stand still. */
    async countWaiting(): Promise<number> {
      const { rowCount } = await stand.owner.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return rowCount ?? 0
    },
    /** Keeps any apply that adds companies from going on, until the returned function is called. */
    async holdApplies(): Promise<() => Promise<void>> {
      const holder = await stand.owner.connect()
      await holder.query('begin')
      await holder.query('select from static_group where id = 2 for no key update')
      return async () => {
        await holder.query('rollback')
        holder.release()
      }
    },
    /** What is wrong with an account that was only ever added to: two runs at a time, a company too many or applied twice. */
    async findFaults(accountId: number): Promise<string[]> {
      const { rows: overlaps } = await stand.owner.query<{ id: number }>(OVERLAPS, [accountId])
      const { rows: events } = await stand.owner.query<{ kind: string; n: number }>(
        `select e.kind, count(*)::int as n from group_event e join static_group g on g.id = e.group_id where g.account_id = $1 group by 1`,
        [accountId],
      )
      const told = events.map(({ kind, n }) => `${n} ${kind}`).join(', ')
      const present = (await stand.presences(accountId))['present'] ?? 0
      return [
        ...overlaps.map(({ id }) => `run ${id} began before the one before it had ended`),
        ...(present === COMPANIES ? [] : [`${present} companies`]),
        ...(told === `${COMPANIES} created` ? [] : [`events: ${told}`]),
      ]
    },
  }
}

/** MSP_TEST_LONG=1 repeats every scenario 50 times, and the first time waits real leases out. */
export const isLong = process.env['MSP_TEST_LONG'] === '1'
const REPEATS = isLong ? 50 : 1
export const TIME = { timeout: REPEATS * 90_000 }

/** Scenarios of a family: each as often as asked for, on accounts of its own; `tell` at the end says how many there were. */
export function createScenarios(stand: () => ScheduleStand) {
  let cases = 0
  let round = 0
  return {
    /** Whether time passes as it does, instead of at once by the database's word. */
    isReal: () => isLong && round === 0,
    repeated: (play: () => Promise<void>) => async () => {
      cases += 1
      for (round = 0; round < REPEATS; round++) {
        await play()
        await stand().clear()
      }
    },
    tell: (family: string) => process.stdout.write(`family ${family}: ${cases} cases × ${REPEATS}\n`),
  }
}

/** Runs of an account that began before the one before them had ended. */
export const OVERLAPS = `select id from (
    select id, started_at, lag(coalesce(finished_at, 'infinity')) over (order by started_at, id) as before
    from sync_run where account_id = $1) r where before > started_at`

export async function until(holds: () => Promise<boolean> | boolean, ms = 10_000): Promise<void> {
  for (const end = Date.now() + ms; !(await holds()); await sleep(10))
    if (Date.now() > end) throw new Error(`it did not come to that within ${ms} ms: ${holds.toString()}`)
}

function openWorker(ownerUrl: string, size: number) {
  const open = () => new pg.Pool({ connectionString: ownerUrl, options: '-c role=msp_console_sync', max: size })
  const [pool, leasePool] = [open(), open()]
  const sync = createTestSync({ pool, leasePool })
  const close = async () => {
    await sync.stop()
    await Promise.all([pool.end(), leasePool.end()])
  }
  return { sync, close }
}

interface Told {
  started?: boolean
  runId?: number
  ended?: number
}

async function forkWorker(ownerUrl: string, skewMs: number) {
  const file = join(import.meta.dirname, '../sync/test-worker.ts')
  const child: ChildProcess = fork(file, [ownerUrl, String(skewMs)], { execArgv: [] })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const told: Told[] = []
  child.on('message', (message: Told) => told.push(message))
  await until(() => told.length === 1, 20_000)
  return {
    signal: (name: NodeJS.Signals) => void child.kill(name),
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
    /** @returns the run it has begun, or found */
    async start(accountId: number): Promise<number> {
      const from = told.length
      child.send({ start: accountId })
      await until(() => told[from]?.runId !== undefined)
      return told[from]?.runId ?? 0
    },
    untilEnded: (runId: number) => until(() => told.some(({ ended }) => ended === runId), isLong ? 180_000 : 30_000),
  }
}
