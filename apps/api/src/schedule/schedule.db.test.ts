/** The schedule's book on a real database with real runs: what is due is run once, and how a run ended says when the next one is. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createPlainWorld, type SeenCall } from '@msp-console/mock-ema'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connectAsSync } from '../sync/testing.ts'
import { changeInterval, notePassword } from './book.ts'
import { listDue } from './queue.ts'
import { openScheduleStand, type ScheduleStand } from './testing.ts'

let stand: ScheduleStand
let pool: pg.Pool
beforeAll(async () => {
  stand = await openScheduleStand()
  pool = connectAsSync(stand.ownerUrl)
})
afterEach(async () => {
  await stand.clear()
  await stand.owner.query('update account_schedule set next_run_at = null')
})
afterAll(async () => {
  await pool.end()
  await stand.close()
})

interface Known {
  next: number | null
  failures: number
  cause: string | null
  rejections: number
  disabled: boolean
}

/** `next`: seconds from the start of the last run. */
async function read(accountId: number): Promise<Known> {
  const { rows } = await stand.owner.query<Known>(
    `select extract(epoch from next_run_at - started_at)::float8 as next, failures, cause, rejections, disabled_at is not null as disabled
     from account_schedule where account_id = $1`,
    [accountId],
  )
  return rows[0]! // every account has one
}

async function untilEnded(accountId: number, runs: number): Promise<void> {
  await expect
    .poll(async () => (await stand.runsOf(accountId)).filter(({ status }) => status !== 'running').length, {
      timeout: 15_000,
    })
    .toBe(runs)
}

describe('a run', () => {
  test('is due once, however many ask, and the next one an interval after its start', async () => {
    const { sync, accountId } = await stand.connect()
    expect(await listDue(pool)).toContain(accountId)
    const answers = await Promise.all(Array.from({ length: 30 }, () => sync.startDue(accountId)))
    expect(answers.filter(Boolean)).toHaveLength(1)
    await untilEnded(accountId, 1)
    expect(await sync.startDue(accountId)).toBe(false)
    expect(await stand.runsOf(accountId)).toMatchObject([{ status: 'succeeded', trigger: 'schedule' }])
    expect((await read(accountId)).next).toBeCloseTo(900, 1)
  })

  test('on demand moves the schedule on as well, and is never refused because nothing is due', async () => {
    const { run, accountId } = await stand.connect()
    await run()
    await run()
    expect(await stand.runsOf(accountId)).toHaveLength(2)
    expect((await read(accountId)).next).toBeCloseTo(900, 1)
  })

  test('that lasts longer than half its interval is followed later', async () => {
    const { promise: isLater, resolve: goOn } = Promise.withResolvers<undefined>()
    const { run, accountId } = await stand.connect(() => isLater)
    await stand.owner.query('update account_schedule set interval_seconds = 300 where account_id = $1', [accountId])
    const started = run()
    await expect.poll(async () => (await stand.runsOf(accountId)).length).toBe(1)
    for (const table of ['account_schedule', 'sync_run'])
      await stand.owner.query(
        `update ${table} set started_at = started_at - interval '20 minutes' where account_id = $1`,
        [accountId],
      )
    goOn(undefined)
    await started
    expect((await read(accountId)).next).toBeGreaterThanOrEqual(2400)
  })

  test('that is stopped is due again at once', async () => {
    const { sync, start, accountId } = await stand.connect(() => sleep(50))
    const { done } = await start()
    await sleep(100)
    await sync.stop()
    await done
    expect(await listDue(pool)).toEqual([accountId])
    expect(await read(accountId)).toMatchObject({ failures: 0, cause: null })
  })

  test('whose process is gone is taken up again when its lease is over', async () => {
    const { sync, accountId } = await stand.connect()
    await stand.owner.query(
      `insert into sync_run (account_id, trigger, lease_until) values ($1, 'schedule', now() - interval '1 second')`,
      [accountId],
    )
    await stand.owner.query(
      'update account_schedule set started_at = now(), next_run_at = now() + interval $$1 hour$$ where account_id = $1',
      [accountId],
    )
    expect(await sync.startDue(accountId)).toBe(true)
    await untilEnded(accountId, 2)
    expect((await stand.runsOf(accountId)).map(({ status }) => status)).toEqual(['interrupted', 'succeeded'])
  })
})

describe('failures', () => {
  test('lead into quarantine and one good run out of it, each told once', async () => {
    let broken = true
    const { run, accountId } = await stand.connect(({ path }) =>
      broken && path === '/User/Current' ? { status: 404, body: {} } : undefined,
    )
    for (const seconds of [900, 3600, 21_600, 86_400, 86_400]) {
      await run()
      expect((await read(accountId)).next).toBeCloseTo(seconds, 1)
    }
    expect(await read(accountId)).toMatchObject({ failures: 5, cause: 'not-found' })
    broken = false
    await run()
    expect(await read(accountId)).toMatchObject({ failures: 0, cause: null })
    const { rows } = await stand.owner.query(
      'select kind, cause from account_event where account_id = $1 order by id',
      [accountId],
    )
    expect(rows).toEqual([
      { kind: 'quarantined', cause: 'not-found' },
      { kind: 'recovered', cause: null },
    ])
  })

  test('of 28 days switch the account off', async () => {
    const { run, accountId } = await stand.connect(() => ({ status: 404, body: {} }))
    await run()
    await stand.owner.query(
      `update account_schedule set failing_since = now() - interval '28 days' where account_id = $1`,
      [accountId],
    )
    await run()
    expect(await read(accountId)).toMatchObject({ disabled: true, next: null })
  })

  test('a refused password is sent twice at most: once by itself, once for a person', async () => {
    let attempts = 0
    const { sync, start, run, accountId } = await stand.connect(({ path }) => {
      if (path !== '/Token/Get') return undefined
      attempts += 1
      return { status: 401, body: {} }
    })
    await sync.startDue(accountId)
    await untilEnded(accountId, 1)
    expect(attempts).toBe(1)
    expect(await read(accountId)).toMatchObject({ cause: 'unauthorized', rejections: 1, next: null })
    for (let i = 0; i < 5; i++) expect(await sync.startDue(accountId)).toBe(false)
    await run()
    expect(attempts).toBe(2)
    for (let i = 0; i < 5; i++) await expect(start()).rejects.toThrow('refused the password')
    await stand.owner.query('update account_schedule set next_run_at = now() where account_id = $1', [accountId])
    expect(await sync.startDue(accountId)).toBe(false)
    expect(attempts).toBe(2)
    expect(await stand.runsOf(accountId)).toHaveLength(2)

    await notePassword(pool, accountId)
    expect(await sync.startDue(accountId)).toBe(true)
    await untilEnded(accountId, 3)
    expect(attempts).toBe(3)
  })

  test.each([
    ['a preview', { preview: true }],
    ['a run of one company', {}],
  ])('a password that %s sends in vain is one of the two', async (_what, by) => {
    let attempts = 0
    let isOver = false
    const { sync, start, run, accountId } = await stand.connect(({ path }) => {
      if (path !== '/Token/Get' || !isOver) return undefined
      attempts += 1
      return { status: 401, body: {} }
    })
    await run()
    isOver = true
    const { rows } = await stand.owner.query<{ id: number }>('select root_group_id as id from account where id = $1', [
      accountId,
    ])
    const one = 'preview' in by ? by : { companyId: rows[0]!.id } // the run above made it
    const ask = () => sync.start(accountId, { trigger: 'manual', startedBy: null, ...one })
    await (
      await ask()
    ).done
    expect(await read(accountId)).toMatchObject({ cause: 'unauthorized', rejections: 1, next: null })
    await (
      await ask()
    ).done
    expect(attempts).toBe(2)
    await expect(ask()).rejects.toThrow('refused the password')
    await expect(start()).rejects.toThrow('refused the password')
    expect(attempts).toBe(2)
  })

  test('a password that is refused in mid-run counts too, though what came was applied', async () => {
    let isOver = false
    const refuse = ({ path, nth }: SeenCall) => {
      isOver ||= path === '/Search/Companies' && nth > 1
      return isOver ? { status: 401, body: {} } : undefined
    }
    const { run, accountId } = await stand.connect(refuse, createPlainWorld(2, 120))
    const ended = await run()
    expect(ended).toMatchObject({ status: 'succeeded', complete: false, incomplete_reason: 'unauthorized' })
    expect(ended['created']).toBeGreaterThan(0)
    expect(await read(accountId)).toMatchObject({ cause: 'unauthorized', rejections: 1, next: null })
  })
})

describe('an interval', () => {
  test('that changes moves what is due, never into the past', async () => {
    const { run, accountId } = await stand.connect()
    await run()
    expect(await changeInterval(pool, accountId, 7200)).toEqual({ intervalSeconds: 900 })
    expect((await read(accountId)).next).toBeCloseTo(7200, 1)
    await stand.owner.query(
      `update account_schedule set started_at = now() - interval '1 hour' where account_id = $1`,
      [accountId],
    )
    await changeInterval(pool, accountId, 300)
    expect((await read(accountId)).next).toBeGreaterThanOrEqual(3600)
    expect(await listDue(pool)).toEqual([accountId])
    await changeInterval(pool, accountId, null)
    expect((await read(accountId)).next).toBeNull()
    expect(await changeInterval(pool, 999_999, 300)).toBeUndefined()
  })

  test.each([299, 86_401, 0, -900])('of %i seconds is refused by the database', async (seconds) => {
    const { accountId } = await stand.connect()
    await expect(changeInterval(pool, accountId, seconds)).rejects.toThrow('check constraint')
  })

  test('does not wait for an apply, which has the row of the account', async () => {
    const { accountId } = await stand.connect()
    const apply = await stand.owner.connect()
    stand.defer(async () => apply.release(true))
    await apply.query('begin')
    await apply.query('select from account where id = $1 for update', [accountId])
    const before = Date.now()
    await changeInterval(pool, accountId, 600)
    expect(Date.now() - before).toBeLessThan(1000)
  })
})
