import { changeSetup, getOverview, listCustomers } from '@msp-console/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'

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

test('an empty instance has an empty overview', async () => {
  expect(await t.call(getOverview)).toEqual({
    customers: { total: 0, notSetUp: 0, setUp: 0, skipped: 0, unlinked: 0, suspended: 0, stale: 0 },
    debt: [],
    accounts: [],
    newest: [],
  })
})

test('counts are those of the list, debt is of direct customers, newest are not set up', async () => {
  await t.connect(mock)
  const { items } = await t.call(listCustomers, { query: { limit: 40 } })
  await t.call(changeSetup, { body: { state: 'done', ids: items.slice(0, 25).map(({ id }) => id) } })
  await t.call(changeSetup, { body: { state: 'skipped', ids: items.slice(25).map(({ id }) => id) } })
  const overview = await t.call(getOverview)
  const count = async (query: object) => (await t.call(listCustomers, { query })).total
  expect(overview.customers).toEqual({
    total: 279,
    notSetUp: await count({ state: 'notSetUp' }),
    setUp: 25,
    skipped: 15,
    unlinked: 0,
    suspended: await count({ sourceStatus: 'suspended' }),
    stale: 0,
  })
  expect(overview.debt).toHaveLength(10)
  for (const debt of overview.debt) {
    expect(['msp', 'managedMsp', 'mspManager']).toContain(debt.kind)
    const direct = (await t.call(listCustomers, { query: { under: debt.id, limit: 200 } })).items.filter(
      ({ path }) => path.at(-1)?.id === debt.id,
    )
    expect(debt.customers).toBe(direct.length)
    expect(debt.notSetUp).toBe(direct.filter(({ state }) => state === 'notSetUp').length)
    expect(debt.path[0]?.kind).toBe('all')
  }
  const owed = overview.debt.map(({ notSetUp }) => notSetUp)
  expect(owed).toEqual(owed.toSorted((a, b) => b - a))
  expect(overview.newest).toHaveLength(10)
  expect(overview.newest.every(({ state }) => state === 'notSetUp')).toBe(true)
  expect(overview.accounts).toMatchObject([{ health: 'idle' }])
})
