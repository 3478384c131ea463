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
import { openRunStand, type RunStand } from './run-testing.ts'

// Whole runs over real HTTP against the mock EMA, into a real PostgreSQL.

let stand: RunStand
const closers: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  stand = await openRunStand()
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})
afterAll(() => stand.close())

async function connect(world: World, options: Partial<MockEmaOptions> = {}, password = DEMO_PASSWORD) {
  const mock = buildMockEma({ world, ...options })
  closers.push(() => mock.close())
  const baseUrl = await mock.listen({ port: 0, host: '127.0.0.1' })
  return stand.connect({ baseUrl, rootGuid: world.idOf(world.users[0]?.company ?? 0), password })
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
  expect(await stand.presences(accountId)).toEqual({ present: visible })
  const before = await stand.rowVersions()
  expect(await run()).toMatchObject({
    status: 'succeeded',
    complete: true,
    created: 0,
    renamed: 0,
    changed: 0,
    moved: 0,
  })
  expect(await stand.rowVersions()).toBe(before)
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
      const { rows } = await stand.owner.query(
        `select c.guid, g.name, g.kind, g.source_status, c.custom_identifier, c.email, coalesce(p.guid::text, pg.kind::text) as parent
       from company c join static_group g on g.id = c.group_id join static_group pg on pg.id = g.parent_id
       left join company p on p.group_id = pg.id where c.account_id = $1 order by c.guid`,
        [accountId],
      )
      return rows
    }
    expect(await tree(levels.accountId)).toEqual(await tree(flat.accountId))
    const before = await stand.rowVersions()
    await levels.run()
    expect(await stand.rowVersions()).toBe(before)
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
  expect(await stand.presences(accountId)).toEqual({ present: 306 })
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
  expect(await stand.presences(accountId)).toEqual({})
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
  const dead = await stand.owner.query<{ id: number }>(
    `insert into sync_run (account_id, trigger, lease_until) values ($1, 'manual', now() - interval '1 second') returning id`,
    [accountId],
  )
  await sync.sweep()
  expect(await stand.readRun(dead.rows[0]!.id)).toMatchObject({ status: 'interrupted', error_code: 'interrupted' })
  expect(await run()).toMatchObject({ status: 'succeeded', created: 5 })
})

test('a session that is cut in mid-listing applies nothing, and the next run completes', async () => {
  let cut = true
  const { run, accountId } = await connect(createPlainWorld(5, 60), {
    onRequest: async ({ path, nth }) => {
      if (!cut || path !== '/Search/Companies' || nth !== 3) return
      cut = false
      await stand.owner
        .query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
        and backend_type = 'client backend' and (query like '%create temp table staging%' or query like '%copy staging%')`)
    },
  })
  expect(await run()).toMatchObject({ status: 'failed', error_code: 'internal' })
  expect(await stand.presences(accountId)).toEqual({})
  expect(await run()).toMatchObject({ status: 'succeeded', created: 306 })
})

test('an account that is disconnected meanwhile gets nothing applied', async () => {
  const { run, accountId } = await connect(createPlainWorld(1, 3), {
    onRequest: async ({ path }) => {
      if (path === '/Search/Companies')
        await stand.owner.query(`update account set state = 'disconnected' where id = $1`, [accountId])
    },
  })
  expect(await run()).toMatchObject({ status: 'failed', error_code: 'lost' })
  expect(await stand.presences(accountId)).toEqual({})
})

test('tokens of one second expire in mid-listing and nobody notices', async () => {
  const { run } = await connect(createPlainWorld(20, 100), { tokenSeconds: 1, latencyMs: 150 })
  expect(await run()).toMatchObject({ status: 'succeeded', complete: true, created: 2021 })
})

test('progress and the end of a run are announced', async () => {
  const listener = new pg.Client({ connectionString: stand.ownerUrl })
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
