import { setTimeout as sleep } from 'node:timers/promises'
import {
  buildMockEma,
  createPlainWorld,
  DEMO_PASSWORD,
  LEVEL,
  type MockEmaOptions,
  type World,
} from '@msp-console/mock-ema'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { SyncDeps } from './run.ts'
import { openRunStand, type RunStand } from './run-testing.ts'
import { connectAsSync } from './testing.ts'

// What goes wrong around a run: an apply that lasts, a run that is ended meanwhile, a session that dies, a login that moves.

let stand: RunStand
const closers: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  stand = await openRunStand()
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})
afterAll(() => stand.close())

async function connect(world: World, options: Partial<MockEmaOptions> = {}, changes: Partial<SyncDeps> = {}) {
  const mock = buildMockEma({ world, ...options })
  closers.push(() => mock.close())
  const baseUrl = await mock.listen({ port: 0, host: '127.0.0.1' })
  return stand.connect(
    { baseUrl, rootGuid: world.idOf(world.users[0]?.company ?? 0), password: DEMO_PASSWORD },
    changes,
  )
}

/** Keeps any apply that adds companies from going on, until `release`. */
async function holdApplies() {
  const holder = await stand.owner.connect()
  await holder.query('begin')
  await holder.query('select from static_group where id = 2 for no key update')
  closers.push(async () => holder.release(true))
  return {
    /** Until so many runs wait. */
    async untilBlocked(runs = 1): Promise<void> {
      for (;;) {
        // Not by the holder: within a transaction these numbers stand still.
        const { rowCount } = await stand.owner.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
        if ((rowCount ?? 0) >= runs) return
        await sleep(20)
      }
    },
    release: () => holder.query('commit'),
  }
}

// The first test of this file, because it needs a mirror that is empty.
test('two accounts whose first runs apply at the same time both succeed', async () => {
  const [one, two] = [await connect(createPlainWorld(2, 30)), await connect(createPlainWorld(2, 30))]
  const hold = await holdApplies()
  const runs = Promise.all([one.run(), two.run()])
  await hold.untilBlocked(2)
  await hold.release()
  for (const run of await runs)
    expect(run).toMatchObject({ error_code: null, error_detail: null, status: 'succeeded', created: 63 })
})

test('an apply that is held up keeps its lease, and stands in the way of no other account', async () => {
  const slow = await connect(createPlainWorld(2, 30))
  const other = await connect(createPlainWorld(2, 60), { latencyMs: 150 })
  await other.run()
  const hold = await holdApplies()
  const held = await slow.start()
  await hold.untilBlocked()
  await sleep(5000)
  const lease = await stand.owner.query<{ left: number }>(
    'select extract(epoch from lease_until - now())::float8 as left from sync_run where id = $1',
    [held.runId],
  )
  expect(lease.rows[0]?.left).toBeGreaterThan(12)
  expect(await stand.readRun(held.runId)).toMatchObject({ status: 'running', phase: 'applying' })

  // Even a lease that ran out is nobody else's while the apply lives.
  await stand.owner.query(`update sync_run set lease_until = now() - interval '1 hour' where id = $1`, [held.runId])
  expect(await other.run()).toMatchObject({ status: 'succeeded', complete: true })
  expect(await slow.start()).toMatchObject({ started: false, runId: held.runId })
  await hold.release()
  await held.done
  expect(await stand.readRun(held.runId)).toMatchObject({ status: 'succeeded', created: 63 })
})

test('a run that was ended while it was being applied leaves no trace', async () => {
  const { start, accountId, run } = await connect(createPlainWorld(2, 30))
  const hold = await holdApplies()
  const held = await start()
  await hold.untilBlocked()
  await stand.owner.query(`update sync_run set status = 'interrupted', error_code = 'interrupted' where id = $1`, [
    held.runId,
  ])
  await hold.release()
  await held.done
  expect(await stand.readRun(held.runId)).toMatchObject({ status: 'interrupted', created: 0 })
  expect(await stand.presences(accountId)).toEqual({})
  expect(await run()).toMatchObject({ status: 'succeeded', created: 63 })
})

test('what was applied is called applied, though the session dies right after the commit', async () => {
  const dying = connectAsSync(stand.ownerUrl)
  closers.push(() => dying.end())
  dying.on('error', () => {})
  dying.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown // one of many overloads, passed through
    const queryThenDie = async (...args: unknown[]) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      const result = await query(...args)
      await stand.owner.query('select pg_terminate_backend($1)', [rows[0]?.pid])
      return result
    }
    let commits = 0
    client.query = ((...args: unknown[]) => {
      if (args[0] === 'commit') commits += 1
      // The first one ends the reading for the plan.
      return (args[0] === 'commit' && commits === 2 ? queryThenDie : query)(...args)
    }) as typeof client.query // as above
  })
  const errors: string[] = []
  const log = { info: () => {}, error: (_: object, text: string) => void errors.push(text) }
  const { run, accountId } = await connect(createPlainWorld(2, 30), {}, { pool: dying, log })
  expect(await run()).toMatchObject({ status: 'succeeded', complete: true, created: 63, error_code: null })
  expect(await stand.presences(accountId)).toEqual({ present: 63 })
  expect(errors).toEqual(['what is left to do after a sync run failed'])
})

test('a login that stands at another company now: the run fails, says so, and applies nothing', async () => {
  const world = createPlainWorld(2, 30)
  const { run, accountId } = await connect(world)
  await run()
  const before = await stand.rowVersions()
  const elsewhere = world.children[world.users[0]?.company ?? 0]?.[0] ?? 0
  world.users[0]!.company = elsewhere // the one of the first run
  world.version += 1
  for (let again = 0; again < 2; again++) {
    expect(await run()).toMatchObject({
      status: 'failed',
      error_code: 'other-company',
      error_detail: expect.stringContaining(world.idOf(elsewhere)),
      complete: false,
    })
  }
  expect(await stand.rowVersions()).toBe(before)
  expect(await stand.presences(accountId)).toEqual({ present: 63 })
})

test.each([true, false])('a name too long for an index costs its own row only (flat: %s)', async (searchParentId) => {
  const world = createPlainWorld(2, 30)
  const { run, accountId } = await connect(world, { searchParentId })
  await run()
  const [one = 0, two = 0] = world.children[world.children[world.users[0]?.company ?? 0]?.[0] ?? 0] ?? []
  const known = world.name[one]
  world.name[one] = Array.from({ length: 2000 }, (_, at) => String.fromCodePoint(0x4e00 + ((at * 7919) % 20_000))).join(
    '',
  )
  world.name[two] = 'Renamed'
  world.version += 1
  for (const renamed of [1, 0])
    expect(await run()).toMatchObject({
      status: 'succeeded',
      complete: true,
      rejected: searchParentId ? 1 : 2,
      renamed,
    })
  expect(await stand.presences(accountId)).toEqual({ present: 63 })
  const { rows } = await stand.owner.query<{ name: string }>(
    'select g.name from company c join static_group g on g.id = c.group_id where c.account_id = $1 and c.guid = $2',
    [accountId, world.idOf(one)],
  )
  expect(rows).toEqual([{ name: known }])
})

test('a company that only the search shows is not absent because its row cannot be read', async () => {
  const world = createPlainWorld(2, 30)
  const root = world.users[0]?.company ?? 0
  const hidden = world.children[root]?.[0] ?? 0
  const seen = world.children[hidden]?.[0] ?? 0
  world.users[0]?.overrides.set(hidden, LEVEL.none).set(seen, LEVEL.read)
  const { run, accountId } = await connect(world, { searchParentId: false })
  expect(await run()).toMatchObject({ status: 'succeeded', complete: true, strategy: 'breadthFirst', created: 33 })
  world.name[seen] = 'x'.repeat(3000)
  world.version += 1
  for (let again = 0; again < 2; again++)
    expect(await run()).toMatchObject({ complete: true, rejected: 1, suspected: 0 })
  expect(await stand.presences(accountId)).toEqual({ present: 33 })
})

test('runs that find every connection taken wait for their turn', async () => {
  const few = new pg.Pool({ ...connectAsSync(stand.ownerUrl).options, max: 2, connectionTimeoutMillis: 800 })
  closers.push(() => few.end())
  const accounts = await Promise.all(
    [1, 2, 3, 4].map(() => connect(createPlainWorld(2, 60), { latencyMs: 300 }, { pool: few })),
  )
  const sync = accounts[0]!.sync // four, made above
  const runs = await Promise.all(
    accounts.map(({ accountId }) => sync.start(accountId, { trigger: 'schedule', startedBy: null })),
  )
  await Promise.all(runs.map(({ done }) => done))
  for (const { runId } of runs) expect(await stand.readRun(runId)).toMatchObject({ status: 'succeeded' })
})
