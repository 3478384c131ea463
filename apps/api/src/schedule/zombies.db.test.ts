/**
 * Workers that are processes of their own and are stopped, continued and killed: a run whose lease is over commits nothing, and
 * nothing is stuck longer than a lease.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Sync } from '../sync/run.ts'
import { COMPANIES, createScenarios, openScheduleStand, type ScheduleStand, TIME, until } from './testing.ts'

let stand: ScheduleStand
const { isReal, repeated, tell } = createScenarios(() => stand)
beforeAll(async () => {
  stand = await openScheduleStand()
})
afterEach(() => stand.clear())
afterAll(async () => {
  tell('S-11 zombie runs')
  await stand.close()
})

const LEASE_MS = 15_000

const statusOf = async (runId: number) => (await stand.readRun(runId))['status']
const untilListing = (runId: number) => until(async () => (await stand.readRun(runId))['phase'] === 'listing')
const untilBlocked = () => until(async () => (await stand.countWaiting()) > 0)

/** Two leases go by for the run: at once by the database's word, or really. */
async function passLeases(runId: number): Promise<void> {
  if (isReal()) await sleep(2 * LEASE_MS)
  else await stand.owner.query(`update sync_run set lease_until = now() - interval '15 seconds' where id = $1`, [runId])
}

/** A heartbeat that was on its way when its process stopped may come after leases have gone by; they go by again then. */
const takesOver = (sync: Sync | undefined, accountId: number, zombie: number) =>
  until(async () => {
    await passLeases(zombie)
    return (await sync?.startDue(accountId)) ?? false
  })

describe('a clock that is wrong', () => {
  for (const [name, offset] of [
    ['ten minutes ahead', 600_000],
    ['ten minutes behind', -600_000],
    ['a day ahead', 86_400_000],
    ['a day behind', -86_400_000],
  ] as const) {
    test(
      `${name} in one process takes no lease from another`,
      TIME,
      repeated(async () => {
        const { accountId, pace } = await stand.addAccount(150)
        const worker = await stand.fork(offset)
        const runId = await worker.start(accountId)
        const [honest] = stand.addWorkers(1)
        expect(await honest?.startDue(accountId)).toBe(false)
        await stand.owner.query('update account_schedule set next_run_at = now() where account_id = $1', [accountId])
        await honest?.sweep()
        expect(await honest?.startDue(accountId)).toBe(false)
        expect(await statusOf(runId)).toBe('running')
        pace.latency = 0
        await worker.untilEnded(runId)
        expect(await statusOf(runId)).toBe('succeeded')

        pace.latency = 150
        const own = await honest?.start(accountId, { trigger: 'manual', startedBy: null })
        expect(await worker.start(accountId)).toBe(own?.runId)
        pace.latency = 0
        await own?.done
        expect(await statusOf(own?.runId ?? 0)).toBe('succeeded')
        expect(await stand.findFaults(accountId)).toEqual([])
      }),
    )
  }
})

describe('a process that stands still for two leases and goes on', () => {
  test(
    'while it listed: its run is over, another took it up, and it applies nothing',
    TIME,
    repeated(async () => {
      const { accountId, pace } = await stand.addAccount(400)
      const [worker, [other]] = [await stand.fork(), stand.addWorkers(1)]
      const zombie = await worker.start(accountId)
      await untilListing(zombie)
      worker.signal('SIGSTOP')
      pace.latency = 0
      await takesOver(other, accountId, zombie)
      await stand.untilIdle(accountId)
      worker.signal('SIGCONT')
      await worker.untilEnded(zombie)
      expect((await stand.runsOf(accountId)).map(({ status, created }) => [status, created])).toEqual([
        ['interrupted', 0],
        ['succeeded', COMPANIES],
      ])
      expect(await stand.findFaults(accountId)).toEqual([])
    }),
  )

  test(
    'and finds its successor still at work: it leaves it alone',
    TIME,
    repeated(async () => {
      const { accountId, pace } = await stand.addAccount(300)
      const [worker, [other]] = [await stand.fork(), stand.addWorkers(1)]
      const zombie = await worker.start(accountId)
      worker.signal('SIGSTOP')
      await takesOver(other, accountId, zombie)
      worker.signal('SIGCONT')
      await worker.untilEnded(zombie)
      pace.latency = 0
      await stand.untilIdle(accountId)
      expect((await stand.runsOf(accountId)).map(({ status }) => status)).toEqual(['interrupted', 'succeeded'])
      expect(await stand.findFaults(accountId)).toEqual([])
    }),
  )

  test(
    'while it applied: the apply holds its run, so nobody takes it, and it commits',
    TIME,
    repeated(async () => {
      const { accountId } = await stand.addAccount(0)
      const [worker, [other]] = [await stand.fork(), stand.addWorkers(1)]
      const release = await stand.holdApplies()
      const runId = await worker.start(accountId)
      await untilBlocked()
      worker.signal('SIGSTOP')
      await passLeases(runId)
      await other?.sweep()
      expect(await other?.startDue(accountId)).toBe(false)
      expect(await statusOf(runId)).toBe('running')
      await release()
      worker.signal('SIGCONT')
      await worker.untilEnded(runId)
      expect(await statusOf(runId)).toBe('succeeded')
      expect(await stand.findFaults(accountId)).toEqual([])
    }),
  )
})

describe('a process that is killed', () => {
  async function killed(prepare: (runId: number) => Promise<() => Promise<void>>, latency: number): Promise<string[]> {
    const { accountId, pace } = await stand.addAccount(latency)
    const [worker, [other]] = [await stand.fork(), stand.addWorkers(1)]
    const runId = await worker.start(accountId)
    const release = await prepare(runId)
    await worker.kill()
    await release()
    pace.latency = 0
    // Until the lease is over it might be alive.
    expect(await other?.startDue(accountId)).toBe(false)
    await passLeases(runId)
    await other?.sweep()
    // Nobody had to wait for the next interval.
    expect(await other?.startDue(accountId)).toBe(true)
    await stand.untilIdle(accountId)
    expect((await stand.runsOf(accountId)).map(({ status }) => status)).toEqual(['interrupted', 'succeeded'])
    return stand.findFaults(accountId)
  }

  test(
    'while it listed',
    TIME,
    repeated(async () => {
      const prepare = async (runId: number) => {
        await untilListing(runId)
        return async () => {}
      }
      expect(await killed(prepare, 400)).toEqual([])
    }),
  )

  test(
    'while it renewed its lease',
    TIME,
    repeated(async () => {
      const prepare = async (runId: number) => {
        const holder = await stand.owner.connect()
        await holder.query('begin')
        await holder.query('select from sync_run where id = $1 for update', [runId])
        await untilBlocked()
        return async () => {
          await holder.query('rollback')
          holder.release()
          // The heartbeat under way was sent before the end: it may still count.
          await until(async () => (await stand.countWaiting()) === 0)
        }
      }
      expect(await killed(prepare, 400)).toEqual([])
    }),
  )

  test(
    'while it applied',
    TIME,
    repeated(async () => {
      const prepare = async () => {
        const release = await stand.holdApplies()
        await untilBlocked()
        return async () => {
          // Its session notices that nobody is there once it may go on; what it applied is rolled back then.
          await stand.owner.query(
            `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          )
          await release()
        }
      }
      expect(await killed(prepare, 60)).toEqual([])
    }),
  )
})
