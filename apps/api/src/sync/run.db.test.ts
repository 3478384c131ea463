import { createEmaClient } from '@msp-console/ema'
import {
  buildMockEma,
  createPlainWorld,
  createWorld,
  DEMO_PASSWORD,
  type MockEmaOptions,
  type World,
} from '@msp-console/mock-ema'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import { createSync, type SyncAccount } from './run.ts'
import { connectAsSync } from './testing.ts'

// Whole runs over real HTTP against the mock EMA, into a real PostgreSQL.

let database: TestDatabase
let owner: pg.Pool
let pool: pg.Pool
const closers: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl })
  pool = connectAsSync(database.ownerUrl)
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})
afterAll(async () => {
  await pool.end()
  await owner.end()
  await database.drop()
})

const quiet = { info: () => {}, error: () => {} }

async function connect(world: World, options: Partial<MockEmaOptions> = {}, password = DEMO_PASSWORD) {
  const mock = buildMockEma({ world, ...options })
  const baseUrl = await mock.listen({ port: 0, host: '127.0.0.1' })
  closers.push(() => mock.close())
  const rootGuid = world.idOf(world.users[0]?.company ?? 0)
  const { rows } = await owner.query<{ id: number }>(
    `insert into account (name, base_url, login, company_guid, secret) values ('Test', $1, 'distributor@demo.example', $2, $3) returning id`,
    [baseUrl, rootGuid, Buffer.from(password)],
  )
  const sync = createSync({
    pool,
    openClient: (account: SyncAccount, signal) => createEmaClient({ ...account, signal, maxTries: 2 }),
    unseal: (sealed) => sealed.toString(),
    removalGapSeconds: 0,
    log: quiet,
  })
  const accountId = rows[0]!.id // returning gives the row
  const start = () => sync.start(accountId, { trigger: 'manual', startedBy: 'anna@test.example' })
  async function run() {
    const { runId, done } = await start()
    await done
    return readRun(runId)
  }
  return { mock, sync, accountId, start, run }
}

async function readRun(runId: number) {
  const { rows } = await owner.query<Record<string, unknown>>('select * from sync_run where id = $1', [runId])
  return rows[0]!
}
async function presences(accountId: number) {
  const { rows } = await owner.query<{ presence: string; n: number }>(
    `select presence, count(*)::int as n from company c join static_group g on g.id = c.group_id where c.account_id = $1 group by 1 order by 1`,
    [accountId],
  )
  return Object.fromEntries(rows.map(({ presence, n }) => [presence, n]))
}
async function rowVersions() {
  const { rows } = await owner.query<{ version: string }>(
    `select string_agg(version, ' ' order by version) as version from (
       select 'g' || id || xmin || ctid as version from static_group union all select 'c' || group_id || xmin || ctid from company
       union all select 'e' || id || xmin || ctid from group_event) all_rows`,
  )
  return rows[0]?.version
}

test('the second run of an unchanged 10k world writes no row version', { timeout: 120_000 }, async () => {
  const world = createWorld('10k')
  const { run, accountId } = await connect(world)
  // HQ stands above the account and is not its to list.
  const visible = world.size - 1
  expect(await run()).toMatchObject({
    status: 'succeeded',
    complete: true,
    strategy: 'flat',
    created: visible,
    listed: visible,
  })
  expect(await presences(accountId)).toEqual({ present: visible })
  const before = await rowVersions()
  expect(await run()).toMatchObject({
    status: 'succeeded',
    complete: true,
    created: 0,
    renamed: 0,
    changed: 0,
    moved: 0,
  })
  expect(await rowVersions()).toBe(before)
})

test(
  'breadth-first finds the same tree as the flat listing, and its second run writes nothing either',
  { timeout: 120_000 },
  async () => {
    const world = createWorld('demo')
    const flat = await connect(world)
    const levels = await connect(world, { searchParentId: false })
    await flat.run()
    expect(await levels.run()).toMatchObject({ status: 'succeeded', complete: true, strategy: 'breadthFirst' })
    const tree = async (accountId: number) => {
      const { rows } = await owner.query(
        `select c.guid, g.name, g.kind, g.source_status, c.custom_identifier, c.email, coalesce(p.guid::text, pg.kind::text) as parent
       from company c join static_group g on g.id = c.group_id join static_group pg on pg.id = g.parent_id
       left join company p on p.group_id = pg.id where c.account_id = $1 order by c.guid`,
        [accountId],
      )
      return rows
    }
    expect(await tree(levels.accountId)).toEqual(await tree(flat.accountId))
    const before = await rowVersions()
    await levels.run()
    expect(await rowVersions()).toBe(before)
  },
)

test('a page that fails for good: what came applies, nothing becomes suspect, and the run says why', async () => {
  const world = createPlainWorld(5, 60)
  let failing = false
  const { run, accountId } = await connect(world, {
    onRequest: ({ path, body }) =>
      failing && path === '/Search/Companies' && (body as { skip: number }).skip === 200
        ? { status: 500, body: 'x' }
        : undefined, // a paged body
  })
  await run()
  const customer = world.children[1]?.[0] ?? 0
  world.name[customer] = 'Renamed meanwhile'
  world.remove(world.children[1]?.[1] ?? 0)
  world.version += 1
  failing = true
  for (let again = 0; again < 2; again++) {
    expect(await run()).toMatchObject({
      status: 'succeeded',
      complete: false,
      incomplete_reason: 'error',
      suspected: 0,
      unlinked: 0,
      renamed: again === 0 ? 1 : 0,
    })
  }
  expect(await presences(accountId)).toEqual({ present: 306 })
  failing = false
  expect(await run()).toMatchObject({ complete: true, suspected: 1 })
  expect(await run()).toMatchObject({ complete: true, unlinked: 1 })
})

test('a wrong password is tried once and changes nothing', async () => {
  let signIns = 0
  const { run, accountId } = await connect(
    createPlainWorld(1, 3),
    { onRequest: ({ path }) => void (signIns += path === '/Token/Get' ? 1 : 0) },
    'wrong',
  )
  expect(await run()).toMatchObject({ status: 'failed', error_code: 'unauthorized', complete: false })
  expect(signIns).toBe(1)
  expect(await presences(accountId)).toEqual({})
})

test('one run at a time: a second start answers with the one under way', async () => {
  const { start, run } = await connect(createPlainWorld(3, 60), { latencyMs: 30 })
  const [one, two] = await Promise.all([start(), start()])
  expect([one.started, two.started].filter(Boolean)).toHaveLength(1)
  expect(one.runId).toBe(two.runId)
  await Promise.all([one.done, two.done])
  expect(await run()).toMatchObject({ status: 'succeeded', complete: true })
})

test('a run whose process died is ended when its lease runs out, and the next one takes over', async () => {
  const { accountId, run, sync } = await connect(createPlainWorld(1, 3))
  const dead = await owner.query<{ id: number }>(
    `insert into sync_run (account_id, trigger, lease_until) values ($1, 'manual', now() - interval '1 second') returning id`,
    [accountId],
  )
  await sync.sweep()
  expect(await readRun(dead.rows[0]!.id)).toMatchObject({ status: 'interrupted', error_code: 'interrupted' })
  expect(await run()).toMatchObject({ status: 'succeeded', created: 5 })
})

test('a session that is cut in mid-listing applies nothing, and the next run completes', async () => {
  let cut = true
  const { run, accountId } = await connect(createPlainWorld(5, 60), {
    onRequest: async ({ path, nth }) => {
      if (!cut || path !== '/Search/Companies' || nth !== 3) return
      cut = false
      await owner.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
        and backend_type = 'client backend' and (query like '%create temp table staging%' or query like '%copy staging%')`)
    },
  })
  expect(await run()).toMatchObject({ status: 'failed', error_code: 'internal' })
  expect(await presences(accountId)).toEqual({})
  expect(await run()).toMatchObject({ status: 'succeeded', created: 306 })
})

test('an account that is disconnected meanwhile gets nothing applied', async () => {
  const { run, accountId } = await connect(createPlainWorld(1, 3), {
    onRequest: async ({ path }) => {
      if (path === '/Search/Companies')
        await owner.query(`update account set state = 'disconnected' where id = $1`, [accountId])
    },
  })
  expect(await run()).toMatchObject({ status: 'failed', error_code: 'lost' })
  expect(await presences(accountId)).toEqual({})
})

test('tokens of one second expire in mid-listing and nobody notices', async () => {
  const { run } = await connect(createPlainWorld(20, 100), { tokenSeconds: 1, latencyMs: 150 })
  expect(await run()).toMatchObject({ status: 'succeeded', complete: true, created: 2021 })
})

test('progress and the end of a run are announced', async () => {
  const listener = new pg.Client({ connectionString: database.ownerUrl })
  await listener.connect()
  closers.push(() => listener.end())
  const heard: string[] = []
  listener.on('notification', ({ payload }) => heard.push(payload ?? ''))
  await listener.query('listen msp_console')
  const { run, accountId } = await connect(createPlainWorld(2, 60), { latencyMs: 20 })
  const { id } = await run()
  await listener.query('select 1')
  expect(heard).toContain(`{"type":"tree","accountId":${accountId}}`)
  expect(heard.filter((text) => JSON.parse(text).runId === id).length).toBeGreaterThanOrEqual(2)
})
