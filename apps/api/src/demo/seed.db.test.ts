import { getOverview, getSession, listRuns } from '@msp-console/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSeal } from '../access/seal.ts'
import { createInScope } from '../db/scoped.ts'
import { createSource } from '../source.ts'
import { secretPlace } from '../sync/run.ts'
import {
  findWrongCounters,
  openMock,
  openTestApp,
  SECRET_KEY,
  signIn,
  type TestApp,
  type TestMock,
} from '../testing.ts'
import { DEMO_USER, seedDemo } from './seed.ts'
import { DEMO_OTHERS, DEMO_PASSWORD } from './sign-ins.ts'

let t: TestApp
let mock: TestMock
beforeAll(async () => {
  t = await openTestApp()
  mock = await openMock()
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

async function seed(source: TestMock): Promise<{ ready: number }> {
  const { seal } = createSeal(SECRET_KEY)
  const allowedSources = { hosts: [], loopback: true }
  const { openClient, probe } = createSource(allowedSources)
  let ready = 0
  await seedDemo({
    inScope: createInScope(t.pools.app),
    identity: t.pools.identity,
    probe,
    sealPassword: (id, password) => seal(password, secretPlace(id)),
    allowedSources,
    source: source.url,
    openClient: (login, password) =>
      openClient({ baseUrl: source.url, login, password, callsPerSecond: null }, AbortSignal.timeout(30_000)),
    sync: async (id) => (await t.sync.start(id, { trigger: 'demo', startedBy: null })).done,
    onReady: () => (ready += 1),
  })
  return { ready }
}

test('the demo shows every state within ten seconds', async () => {
  const since = Date.now()
  expect(await seed(mock)).toEqual({ ready: 1 })
  expect(Date.now() - since).toBeLessThan(10_000)
  const { customers, accounts } = await t.call(getOverview)
  expect(customers).toMatchObject({ total: 279, unlinked: 3, stale: 0 })
  expect(customers.setUp + customers.skipped).toBeGreaterThan(customers.total * 0.4)
  expect(customers.setUp + customers.skipped).toBeLessThan(customers.total * 0.6)
  expect(customers.notSetUp).toBeGreaterThan(100)
  expect(customers.suspended).toBeGreaterThan(10)
  expect(accounts).toMatchObject([{ health: 'idle' }])
  expect(await findWrongCounters(t.owner)).toEqual([])
  await expect(signIn(t.app, DEMO_USER)).resolves.toMatch(/=/)
})

test.each(DEMO_OTHERS)('$email tries the role $role in the own part', async ({ email, set, home }) => {
  const actor = t.act({ cookie: await signIn(t.app, { email, password: DEMO_PASSWORD }) })
  const { view } = await actor.call(getSession)
  expect(view?.root).toMatchObject(home ?? {})
  expect(view?.roots).toHaveLength(1)
  const { rows } = await t.owner.query('select groups, setup, users from permission_set where key = $1', [set])
  expect(view?.rights).toMatchObject(rows[0] ?? {})
})

test('a second start repeats nothing but what a fresh mock has forgotten', async () => {
  const fresh = await openMock()
  await t.owner.query('update account set base_url = $1', [fresh.url])
  const before = await t.call(getOverview)
  const size = fresh.world.size
  expect(await seed(fresh)).toEqual({ ready: 1 })
  expect(fresh.world.size).toBe(size - 3)
  expect((await t.call(listRuns, { query: {} })).total).toBe(3)
  await (
    await t.sync.start(1, { trigger: 'demo', startedBy: null })
  ).done
  expect((await t.call(getOverview)).customers).toEqual(before.customers)
  const { rows } = await t.owner.query<{ count: string }>('select count(*) from user_grant')
  expect(Number(rows[0]?.count)).toBe(DEMO_OTHERS.length + 2) // and the administrators of the demo and of the test
  await fresh.close()
})
