import {
  changeSetup,
  type CustomerRow,
  getGroup,
  listCustomers,
  listGroupEvents,
  putSetup,
} from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN, findWrongCounters, openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'

let t: TestApp
let mock: TestMock
let all: CustomerRow[]
let providerId: string
beforeAll(async () => {
  t = await openTestApp()
  mock = await openMock()
  await t.connect(mock)
  all = await listAll({})
  providerId = all.find(({ name }) => name === 'Dub nábytek')?.path.at(-1)?.id ?? ''
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

type Query = Record<string, string | number>

async function listAll(query: Query, limit = 200): Promise<CustomerRow[]> {
  const items: CustomerRow[] = []
  let total = 0
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Awaited<ReturnType<typeof list>> = await list({ ...query, limit, ...(cursor === '' ? {} : { cursor }) })
    items.push(...page.items)
    cursor = page.nextCursor
    total = page.total
  }
  expect(items).toHaveLength(total)
  return items
}
const list = (query: Query) => t.call(listCustomers, { query: query as never }) // strings, as in a URL

const idsOf = (rows: readonly CustomerRow[]) => rows.map(({ id }) => id).toSorted((a, b) => Number(a) - Number(b))

describe('the list', () => {
  test('holds every customer once, with its path', async () => {
    const { rows } = await t.owner.query<{ id: string }>('select id::text from static_group where leaf')
    expect(idsOf(all)).toEqual(rows.map(({ id }) => id).toSorted((a, b) => Number(a) - Number(b)))
    const one = all.find(({ name }) => name === 'Pivovar Ježek a spol.')
    expect(one?.path.map(({ name }) => name)).toEqual([
      'All',
      'Companies',
      'Demo Distribution s.r.o.',
      'Vysočina IT Group',
      'Jihlavský servis počítačů',
    ])
    expect(one?.lastSeenAt).not.toBeNull()
  })

  test.each(['name', 'state', 'firstSeen', 'changed', 'identifier'])(
    'by %s is the same page by page, and backwards the other way round',
    async (sort) => {
      const whole = await listAll({ sort })
      expect(idsOf(whole)).toEqual(idsOf(all))
      expect(await listAll({ sort }, 17)).toEqual(whole)
      expect(await listAll({ sort: `-${sort}` }, 50)).toEqual(whole.toReversed())
    },
  )

  test('a small group gives the same by its own plan', async () => {
    const small = all.filter(({ path }) => path.at(-1)?.id === providerId)
    for (const limit of [3, 200]) expect(await listAll({ under: providerId }, limit)).toEqual(small)
    for (const sort of ['-state', 'identifier', 'changed'])
      expect(idsOf(await listAll({ under: providerId, sort }, 10))).toEqual(idsOf(small))
  })

  test.each<[string, Query, (row: CustomerRow) => boolean]>([
    ['state', { state: 'notSetUp' }, ({ state }) => state === 'notSetUp'],
    ['two states', { state: 'normal,unlinked' }, ({ state }) => state !== 'notSetUp'],
    ['setup', { setup: 'none' }, ({ setup }) => setup === 'none'],
    ['presence', { presence: 'suspect,present' }, ({ presence }) => presence !== 'unlinked'],
    ['status', { sourceStatus: 'suspended' }, ({ sourceStatus }) => sourceStatus === 'suspended'],
    [
      'kind of parent',
      { parentKind: 'managedMsp,unresolved' },
      ({ path }) => /managedMsp|unresolved/.test(path.at(-1)?.kind ?? ''),
    ],
    ['text', { q: 'LEKARNA' }, ({ name }) => name.startsWith('Lékárna')],
    ['identifier', { q: 'psa:1042' }, ({ customIdentifier }) => customIdentifier === 'PSA:1042'],
    [
      'several at once',
      { q: 's', sourceStatus: 'suspended', state: 'notSetUp' },
      (row) => row.sourceStatus === 'suspended' && /s/i.test(`${row.name}${row.customIdentifier}${row.email}`),
    ],
    ['an unknown account', { account: '99' }, () => false],
  ])('filters by %s', async (_, query, matches) => {
    expect(idsOf(await listAll(query, 40))).toEqual(idsOf(all.filter(matches)))
  })

  test('finds one by its id and GUID', async () => {
    const one = all[5]
    expect((await listAll({ q: one?.guid ?? '' })).map(({ id }) => id)).toEqual([one?.id])
    expect((await listAll({ q: one?.id ?? '' })).map(({ id }) => id)).toContain(one?.id)
  })

  test('a group that is not there has no customers to show', async () => {
    expect((await t.problem(listCustomers, { query: { under: '999999' } })).code).toBe('not-found')
  })

  test('a cursor belongs to its filter and sort', async () => {
    const { nextCursor } = await list({ limit: 1 })
    for (const other of [{ sort: '-name' }, { state: 'normal' }, { under: providerId }])
      expect((await t.problem(listCustomers, { query: { ...other, cursor: nextCursor ?? '' } })).code).toBe(
        'stale-cursor',
      )
  })

  test.each([{ limit: 0 }, { limit: 201 }, { sort: 'password' }, { state: 'x' }, { state: '' }, { under: 'root' }])(
    '%o is refused',
    async (query) => {
      expect((await t.problem(listCustomers, { query })).code).toBe('validation-failed')
    },
  )
})

describe('setup', () => {
  const events = (id: string) => t.call(listGroupEvents, { params: { id }, query: {} })

  test('of one customer changes its state, the counters above it and its history', async () => {
    const [one] = all
    const id = one?.id ?? ''
    const before = await t.call(getGroup, { params: { id: 'root' } })
    expect(await t.call(putSetup, { params: { id }, body: { state: 'done' } })).toEqual({
      changed: 1,
      unchanged: 0,
      undo: [{ state: 'none', ids: [id] }],
    })
    const group = await t.call(getGroup, { params: { id } })
    expect(group).toMatchObject({ state: 'normal', setup: 'done', rollUp: { notSetUp: 0, normal: 1 } })
    expect(group.company).toMatchObject({ setupBy: ADMIN.email })
    const after = await t.call(getGroup, { params: { id: 'root' } })
    expect(after.rollUp.notSetUp).toBe(before.rollUp.notSetUp - 1)
    expect((await events(id)).items[0]).toMatchObject({
      kind: 'setup',
      actor: ADMIN.email,
      before: { setup: 'none' },
      after: { setup: 'done' },
    })
    expect(await t.call(putSetup, { params: { id }, body: { state: 'done' } })).toMatchObject({
      changed: 0,
      unchanged: 1,
      undo: [],
    })
    expect((await events(id)).total).toBe(2)
    expect(await findWrongCounters(t.owner)).toEqual([])
  })

  test('of several is undone by what the answer says', async () => {
    const ids = all.slice(10, 20).map(({ id }) => id)
    await t.call(changeSetup, { body: { state: 'skipped', ids: ids.slice(0, 3) } })
    const change = await t.call(changeSetup, { body: { state: 'done', ids: [...ids, ...ids] } })
    expect(change).toMatchObject({ changed: 10, unchanged: 0 })
    for (const { state, ids: those } of change.undo ?? []) await t.call(changeSetup, { body: { state, ids: those } })
    const back = (await listAll({})).filter(({ id }) => ids.includes(id))
    expect(new Set(back.filter(({ id }) => ids.indexOf(id) < 3).map(({ setup }) => setup))).toEqual(
      new Set(['skipped']),
    )
    expect(back.filter(({ setup }) => setup === 'none')).toHaveLength(7)
    expect(await findWrongCounters(t.owner)).toEqual([])
  })

  test('of everything that matches is what the list showed', async () => {
    const shown = await listAll({ state: 'notSetUp', q: 'a', under: providerId })
    const filter = { state: 'notSetUp', q: 'a', under: providerId }
    const change = await t.call(changeSetup, { body: { state: 'skipped', filter } as never }) // as it stands in the request
    expect(change.changed).toBe(shown.length)
    expect(change.undo).toEqual([{ state: 'none', ids: expect.arrayContaining(idsOf(shown)) }])
    expect(await listAll({ state: 'notSetUp', q: 'a', under: providerId })).toEqual([])
    expect(await findWrongCounters(t.owner)).toEqual([])
  })

  test('a removed customer keeps its mark and changes no counter', async () => {
    const id = all[30]?.id ?? ''
    const path = (await t.owner.query<{ path: string }>('select path from static_group where id = $1', [id])).rows[0]
      ?.path
    await t.owner.query(`update static_group set presence = 'unlinked' where id = $1`, [id])
    await t.owner.query(
      `update static_group set not_set_up = not_set_up - 1, unlinked = unlinked + 1 where starts_with($1, path)`,
      [path],
    )
    expect(await findWrongCounters(t.owner)).toEqual([])
    expect(await t.call(putSetup, { params: { id }, body: { state: 'done' } })).toMatchObject({ changed: 1 })
    expect(await t.call(getGroup, { params: { id } })).toMatchObject({ state: 'unlinked', setup: 'done' })
    expect(await findWrongCounters(t.owner)).toEqual([])
  })

  test('all of them or none', async () => {
    const id = all[40]?.id ?? ''
    const wrong = [
      [[id, '999999'], 'not-found'],
      [[id, providerId], 'not-a-customer'],
    ] as const
    for (const [ids, code] of wrong) {
      expect((await t.problem(changeSetup, { body: { state: 'done', ids } })).code).toBe(code)
      expect(await t.call(getGroup, { params: { id } })).toMatchObject({ setup: 'none' })
    }
    expect((await t.problem(putSetup, { params: { id: providerId }, body: { state: 'done' } })).code).toBe(
      'not-a-customer',
    )
    expect((await t.problem(putSetup, { params: { id: '999999' }, body: { state: 'done' } })).code).toBe('not-found')
    const nowhere = { state: 'done', filter: { under: '999999' } }
    expect((await t.problem(changeSetup, { body: nowhere })).code).toBe('not-found')
  })

  test('by many at once leaves the counters right', async () => {
    const ids = all.slice(50, 90).map(({ id }) => id)
    await Promise.all(
      ids.map((id, i) => t.call(putSetup, { params: { id }, body: { state: i % 2 ? 'done' : 'skipped' } })),
    )
    await Promise.all(
      (['none', 'done', 'skipped'] as const).map((state) => t.call(changeSetup, { body: { state, ids } })),
    )
    expect(await findWrongCounters(t.owner)).toEqual([])
  })

  test('each change is a new generation, and no change is none', async () => {
    const read = async () =>
      (await t.owner.query<{ generation: string }>('select generation from tree_generation where group_id = 1')).rows[0]
    const before = await read()
    await t.call(putSetup, { params: { id: all[0]?.id ?? '' }, body: { state: 'done' } })
    expect(await read()).toEqual(before)
    await t.call(putSetup, { params: { id: all[0]?.id ?? '' }, body: { state: 'none' } })
    expect(Number((await read())?.generation)).toBeGreaterThan(Number(before?.generation))
  })
})
