/** The real queue, and clocks that are wrong: jobs that are lost or come twice, and workers that think it is another day, change nothing. */
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { connectAsSync } from '../sync/testing.ts'
import { changeInterval } from './book.ts'
import { createQueue, listDue, spreadOverdue } from './queue.ts'
import { openScheduleStand, type ScheduleStand } from './testing.ts'

let stand: ScheduleStand
let pool: pg.Pool
let clockCases = 0
beforeAll(async () => {
  stand = await openScheduleStand()
  pool = connectAsSync(stand.ownerUrl)
})
afterEach(async () => {
  vi.useRealTimers()
  await stand.clear()
  await stand.owner.query('update account_schedule set next_run_at = null')
})
afterAll(async () => {
  console.log(`family S-14 clocks: ${clockCases} cases`)
  await pool.end()
  await stand.close()
})

/** Seconds from the start of the last run to the next. */
async function readNext(accountId: number): Promise<number | null | undefined> {
  const { rows } = await stand.owner.query<{ next: number | null }>(
    'select extract(epoch from next_run_at - started_at)::float8 as next from account_schedule where account_id = $1',
    [accountId],
  )
  return rows[0]?.next
}

async function untilEnded(accountId: number, runs: number): Promise<void> {
  await expect
    .poll(async () => (await stand.runsOf(accountId)).filter(({ status }) => status !== 'running').length, {
      timeout: 15_000,
    })
    .toBe(runs)
}

const makeDue = (accountId: number, ago = '0 s') =>
  stand.owner.query('update account_schedule set next_run_at = now() - $2::interval where account_id = $1', [
    accountId,
    ago,
  ])

describe('the queue', () => {
  async function openQueue(startDue: (accountId: number) => Promise<boolean>) {
    const errors: unknown[] = []
    const log = { error: (facts: object) => void errors.push(facts) }
    const queue = await createQueue({ ownerUrl: stand.ownerUrl, pool, startDue, log, lookMs: 500, pollSeconds: 0.5 })
    stand.defer(() => queue.stop())
    return { ...queue, errors }
  }

  test('runs what is due, and a job that was lost or came twice changes nothing', async () => {
    const { sync, accountId } = await stand.connect()
    const queue = await openQueue((id) => sync.startDue(id))
    await queue.begin()
    await untilEnded(accountId, 1)

    // Twice, and for nothing: by somebody else, for an account that is not due and for one that is not there.
    await stand.owner.query(
      `insert into msp_console_queue.job (name, data, policy) values
         ('sync', json_build_object('accountId', $1::int), 'standard'), ('sync', json_build_object('accountId', $1::int), 'standard'),
         ('sync', '{"accountId": 999999}', 'standard')`,
      [accountId],
    )
    await expect
      .poll(
        async () => (await stand.owner.query(`select from msp_console_queue.job where state < 'completed'`)).rowCount,
        {
          timeout: 15_000,
        },
      )
      .toBe(0)
    expect(await stand.runsOf(accountId)).toHaveLength(1)

    // Lost: all jobs are gone, but the account is still due at the next look.
    await makeDue(accountId)
    await stand.owner.query('delete from msp_console_queue.job')
    await untilEnded(accountId, 2)
  }, 40_000)

  test('begins to look after a pause with what waited spread over a minute', async () => {
    const accounts = await Promise.all([1, 2, 3, 4, 5, 6].map(() => stand.connect()))
    for (const { accountId } of accounts) await makeDue(accountId, '3 hours')
    await spreadOverdue(pool, 60)
    const { rows } = await stand.owner.query<{ wait: number }>(
      'select extract(epoch from next_run_at - now())::float8 as wait from account_schedule where next_run_at is not null',
    )
    const waits = rows.map(({ wait }) => wait)
    expect(waits).toHaveLength(6)
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(-1)
    expect(Math.max(...waits)).toBeLessThanOrEqual(60)
    expect(new Set(waits).size).toBe(6)
    // What others keep up with is left alone.
    const before = await stand.owner.query('select account_id, next_run_at from account_schedule order by 1')
    await spreadOverdue(pool, 60)
    expect((await stand.owner.query('select account_id, next_run_at from account_schedule order by 1')).rows).toEqual(
      before.rows,
    )
  })
})

describe('clocks', () => {
  const HOUR = 3_600_000
  const OFFSETS: [string, number][] = [
    ['a day behind', -24 * HOUR],
    ['an hour behind', -HOUR],
    ['ten minutes behind', -HOUR / 6],
    ['exact', 0],
    ['ten minutes ahead', HOUR / 6],
    ['an hour ahead', HOUR],
    ['a day ahead', 24 * HOUR],
  ]
  const MOMENTS: [string, number][] = [
    ['at the beginning of time', 0],
    ['while summer time begins', Date.parse('2027-03-28T00:59:59.999Z')],
    ['while summer time ends', Date.parse('2026-10-25T00:59:59.999Z')],
    ['at a leap second', Date.parse('2016-12-31T23:59:59.999Z')],
    ['on a leap day', Date.parse('2028-02-29T12:00:00Z')],
    ['at the end of 32 bits', 2 ** 31 * 1000],
  ]
  const cases = [
    ...OFFSETS.map(([name, offset]) => [name, () => Date.now() + offset] as const),
    ...MOMENTS.map(([name, at]) => [name, () => at] as const),
  ]
  test.each(cases)('of the worker %s change nothing', async (_, at) => {
    clockCases += 1
    const { sync, accountId } = await stand.connect()
    vi.useFakeTimers({ toFake: ['Date'], now: at() })
    expect(await listDue(pool)).toEqual([accountId])
    expect(await sync.startDue(accountId)).toBe(true)
    const { rows } = await stand.owner.query<{ left: number }>(
      'select extract(epoch from lease_until - now())::float8 as left from sync_run where account_id = $1',
      [accountId],
    )
    expect(rows[0]?.left).toBeGreaterThan(10)
    expect(rows[0]?.left).toBeLessThan(16)
    await sync.sweep()
    await untilEnded(accountId, 1)
    expect(await stand.runsOf(accountId)).toMatchObject([{ status: 'succeeded' }])
    expect(await readNext(accountId)).toBeCloseTo(900, 1)
    expect(await listDue(pool)).toEqual([])
    await changeInterval(pool, accountId, 300)
    expect(await readNext(accountId)).toBeCloseTo(300, 1)
  })
})
