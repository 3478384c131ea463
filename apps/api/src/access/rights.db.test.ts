// What each kind of user sees and may do in a real tree; the matrix beside it asks the same of every operation.
import {
  changeSetup,
  disconnectAccount,
  getGroup,
  getOverview,
  getSession,
  getTree,
  listAccounts,
  listCustomers,
  listRuns,
  putSetup,
  ROOT_HEADER,
  searchGroups,
  startRun,
} from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findWrongCounters, openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'

let t: TestApp
let mock: TestMock
let accountId: string
beforeAll(async () => {
  t = await openTestApp()
  mock = await openMock()
  accountId = await t.connect(mock)
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

async function idOf(name: string): Promise<string> {
  const { items } = await t.call(searchGroups, { query: { q: name } })
  return items.find((item) => item.name === name)?.id ?? ''
}

describe('an MSP admin', () => {
  test('works in the own subtree as if it were everything', async () => {
    const msp = await idOf('Chytrá síť s.r.o.')
    const actor = await t.actAs('mspAdmin', Number(msp))
    const { view } = await actor.call(getSession)
    expect(view).toMatchObject({ root: { id: msp, kind: 'msp' }, rights: { setup: 'write', accounts: 'none' } })
    const { rollUp, ancestors } = await actor.call(getGroup, { params: { id: 'root' } })
    expect(ancestors).toEqual([])
    const { items, total } = await actor.call(listCustomers, { query: { limit: 200 } })
    expect(total).toBe(rollUp.notSetUp + rollUp.normal + rollUp.unlinked)
    expect(new Set(items.map(({ path }) => path[0]?.id))).toEqual(new Set([msp]))
    expect(new Set(items.map(({ account }) => account.name))).toEqual(new Set(['Chytrá síť s.r.o.']))
    const tree = await actor.call(getTree, { query: { part: 'inner' } })
    expect(tree.inner?.name).toEqual(['Chytrá síť s.r.o.'])
  })

  test('finds nothing and nobody outside', async () => {
    const actor = await t.actAs('mspAdmin', Number(await idOf('Chytrá síť s.r.o.')))
    const foreign = await idOf('Pivovar Ježek a spol.')
    expect((await actor.problem(getGroup, { params: { id: foreign } })).code).toBe('not-found')
    expect((await actor.problem(putSetup, { params: { id: foreign }, body: { state: 'done' } })).code).toBe('not-found')
    expect((await actor.call(searchGroups, { query: { q: 'ježek' } })).total).toBe(0)
    const { customers, accounts } = await actor.call(getOverview)
    expect(customers.total).toBe(38)
    expect(JSON.stringify(accounts)).not.toMatch(/Demo Distribution|distributor@|127\.0\.0\.1/)
  })

  test('marks customers, and the counters above the own view follow', async () => {
    const actor = await t.actAs('mspAdmin', Number(await idOf('Chytrá síť s.r.o.')))
    const before = await t.call(getGroup, { params: { id: 'root' } })
    const { changed } = await actor.call(changeSetup, { body: { state: 'done', filter: {} } })
    expect(changed).toBe(38)
    const after = await t.call(getGroup, { params: { id: 'root' } })
    expect(after.rollUp.notSetUp).toBe(before.rollUp.notSetUp - 38)
    expect(await findWrongCounters(t.owner)).toEqual([])
    await actor.call(changeSetup, { body: { state: 'none', filter: {} } })
  })

  test('may ask for a sync and sees how it went, without anything of the rest', async () => {
    const actor = await t.actAs('mspAdmin', Number(await idOf('Chytrá síť s.r.o.')))
    const { run } = await actor.call(startRun, { params: { id: accountId } })
    expect(run).toMatchObject({ partial: true, startedBy: null, listed: 0, expected: null })
    await expect.poll(async () => (await actor.call(listRuns)).items[0]?.status).toBe('succeeded')
    const first = (await actor.call(listRuns)).items.at(-1)
    expect(first?.counts.created).toBe(39)
  })

  test('is told which right is missing', async () => {
    const actor = await t.actAs('mspAdmin', Number(await idOf('Chytrá síť s.r.o.')))
    const problem = await actor.problem(disconnectAccount, { params: { id: accountId } })
    expect(problem).toMatchObject({ code: 'forbidden', detail: 'This needs the right “accounts: write” here.' })
  })
})

test('a change elsewhere leaves the generation of a subtree alone', async () => {
  const actor = await t.actAs('mspAdmin', Number(await idOf('Chytrá síť s.r.o.')))
  const read = async () => (await actor.call(getTree, { query: { part: 'opened' } })).generation
  const before = await read()
  const [foreign, own] = [await idOf('Pivovar Ježek a spol.'), await idOf('Dub nábytek')]
  await t.call(putSetup, { params: { id: foreign }, body: { state: 'done' } })
  expect(await read()).toBe(before)
  await t.call(putSetup, { params: { id: own }, body: { state: 'done' } })
  expect(await read()).not.toBe(before)
})

test('a partner reads and changes nothing', async () => {
  const actor = await t.actAs('partner', Number(await idOf('Demo Distribution s.r.o.')))
  expect((await actor.call(listAccounts)).items[0]).toMatchObject({ partial: false, login: 'distributor@demo.example' })
  const { items } = await actor.call(listCustomers, { query: { limit: 1 } })
  const marked = await actor.problem(putSetup, { params: { id: items[0]?.id ?? '' }, body: { state: 'done' } })
  expect(marked.code).toBe('forbidden')
})

test('revoking, disabling and moving act on the next request', async () => {
  const actor = await t.actAs('mspAdmin', Number(await idOf('Chytrá síť s.r.o.')))
  await actor.call(listCustomers)
  await t.owner.query(
    `update user_grant set root_group_id = $2 where user_id = (select id from app_user where email = $1)`,
    [actor.email, Number(await idOf('Vysočina IT Group'))],
  )
  expect((await actor.call(getSession)).view?.root.name).toBe('Vysočina IT Group')
  await t.owner.query('delete from user_grant where user_id = (select id from app_user where email = $1)', [
    actor.email,
  ])
  expect((await actor.problem(listCustomers)).code).toBe('forbidden')
  await t.owner.query('update app_user set disabled_at = now() where email = $1', [actor.email])
  expect((await actor.problem(listCustomers)).code).toBe('unauthenticated')
})

test('with several roots one is chosen per request; others than the own are none', async () => {
  const [one, two] = [await idOf('Chytrá síť s.r.o.'), await idOf('Vysočina IT Group')]
  const actor = await t.actAs('mspAdmin', Number(one))
  await t.owner.query(
    `insert into user_grant (user_id, set_id, root_group_id)
     select u.id, s.id, $2 from app_user u, permission_set s where u.email = $1 and s.key = 'partner'`,
    [actor.email, Number(two)],
  )
  const { view } = await actor.call(getSession)
  expect(view?.roots.map(({ id }) => id)).toEqual([one, two])
  const other = t.act({ ...actor.headers, [ROOT_HEADER]: two })
  expect((await other.call(getSession)).view).toMatchObject({ root: { id: two }, rights: { setup: 'read' } })
  for (const root of ['1', '999999', 'x', await idOf('Pivovar Ježek a spol.')])
    expect((await t.act({ ...actor.headers, [ROOT_HEADER]: root }).problem(listCustomers)).code).toBe('not-found')
})
