// A preview shows what another user sees, never more than the one who looks may see; and what is told of accounts to whom.
import {
  createSet,
  createUser,
  getOverview,
  listAccounts,
  listAudit,
  listCustomers,
  listRuns,
  listUsers,
  NO_RIGHTS,
  PREVIEW_HEADER,
  type Rights,
  searchGroups,
  updateUser,
} from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Actor, openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'

let t: TestApp
let mock: TestMock
let root: string
let full: string

beforeAll(async () => {
  t = await openTestApp()
  mock = await openMock()
  await t.connect(mock)
  root = (await t.call(searchGroups, { query: { q: 'Demo Distribution s.r.o.' } })).items[0]?.id ?? ''
  const { id } = await t
    .call(createUser, {
      body: {
        name: 'Full',
        email: 'full@console.example',
        homeGroupId: root,
        grants: [{ rootId: root, setId: await make('Full', ALL) }],
      },
    })
    .then(({ user }) => user)
  full = id
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

const ALL: Rights = { groups: 'read', setup: 'write', sync: 'write', accounts: 'read', users: 'write', audit: 'read' }

async function make(name: string, rights: Rights): Promise<string> {
  return (await t.call(createSet, { body: { name, rights } })).id
}

let count = 0
/** Somebody at the distributor with just these rights. */
async function actWith(rights: Partial<Rights>): Promise<Actor & { headers: Record<string, string> }> {
  count += 1
  const actor = await t.actAs('partner', Number(root))
  const { items } = await t.call(listUsers, { query: { q: actor.email } })
  const user = items[0]
  if (user === undefined) throw new Error('no such user')
  const setId = await make(`Custom ${count}`, { ...NO_RIGHTS, ...rights })
  await t.call(updateUser, {
    params: { id: user.id },
    body: { name: user.name, homeGroupId: root, disabled: false, grants: [{ rootId: root, setId }] },
  })
  return actor
}

const asFull = (actor: { headers: Record<string, string> }) => t.act({ ...actor.headers, [PREVIEW_HEADER]: full })

describe('a preview', () => {
  test.each<[keyof Rights, (who: Actor) => Promise<{ code: string }>]>([
    ['audit', (who) => who.problem(listAudit)],
    ['sync', (who) => who.problem(listRuns)],
  ])('of somebody with more does not lend the right to %s', async (object, ask) => {
    const looking = await actWith({ groups: 'read', users: 'write', setup: 'read' })
    expect((await ask(looking)).code).toBe('forbidden')
    expect((await ask(asFull(looking))).code).toBe('forbidden')
    // With the right, the same preview answers.
    const may = await actWith({ groups: 'read', users: 'write', setup: 'read', [object]: 'read' })
    await expect(ask(asFull(may))).rejects.toThrow(/no problem but 200/)
  })

  test('of somebody with less shows less', async () => {
    const small = await actWith({ groups: 'read' })
    const { items } = await t.call(listUsers, { query: { q: 'partner' } })
    const email = (small as unknown as { email: string }).email // actAs names it
    const id = items.find((user) => user.email === email)?.id ?? ''
    const looking = t.act({ cookie: t.cookie, [PREVIEW_HEADER]: id })
    expect((await looking.problem(listRuns)).code).toBe('forbidden')
    expect((await looking.call(listCustomers)).total).toBeGreaterThan(0)
  })
})

describe('of accounts', () => {
  test('how they are connected is for those who may read accounts', async () => {
    const without = await actWith({ groups: 'read', sync: 'read' })
    const withRight = await actWith({ groups: 'read', accounts: 'read' })
    for (const ask of [listAccounts, getOverview] as const) {
      expect(JSON.stringify(await without.call(ask))).not.toContain('distributor@demo.example')
      expect(JSON.stringify(await without.call(ask))).not.toContain(mock.url)
      expect(JSON.stringify(await withRight.call(ask))).toContain('distributor@demo.example')
    }
    expect((await without.call(listAccounts)).items[0]).toMatchObject({
      baseUrl: null,
      login: null,
      callsPerSecond: null,
    })
  })

  test('their last run is for those who may read runs', async () => {
    const without = await actWith({ groups: 'read', accounts: 'read' })
    const withRight = await actWith({ groups: 'read', sync: 'read' })
    expect((await without.call(listAccounts)).items[0]).toMatchObject({
      lastRun: null,
      dataAsOf: expect.any(String) as string,
    })
    expect((await withRight.call(listAccounts)).items[0]?.lastRun).toMatchObject({ status: 'succeeded' })
  })
})
