import { getGroup, listChildren, listGroupEvents, type Reply, searchGroups } from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'

let t: TestApp
let mock: TestMock
let rootId: string
beforeAll(async () => {
  t = await openTestApp()
  mock = await openMock()
  await t.connect(mock)
  rootId = (await findOne('Demo Distribution')).id
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

const find = (q: string) => t.call(searchGroups, { query: { q } })
async function findOne(q: string) {
  const { items } = await find(q)
  const hit = items[0]
  if (hit === undefined) throw new Error(`nothing found for ${q}`)
  return hit
}

describe('a group', () => {
  test('is found by id, by EMA GUID in any case, and by the word root', async () => {
    const hit = await findOne('Pivovar Ježek')
    const byId = await t.call(getGroup, { params: { id: hit.id } })
    const guid = byId.company?.guid ?? ''
    expect(await t.call(getGroup, { params: { id: guid } })).toEqual(byId)
    expect(await t.call(getGroup, { params: { id: guid.toUpperCase() } })).toEqual(byId)
    expect(byId).toMatchObject({
      kind: 'customer',
      account: { name: 'Demo Distribution s.r.o.', state: 'connected' },
      company: { typeCode: 1007, formerNames: [], setupBy: null },
    })
    expect(byId.ancestors.map(({ kind }) => kind)).toEqual([
      'all',
      'companies',
      'distributor',
      'mspManager',
      'managedMsp',
    ])
    expect(await t.call(getGroup, { params: { id: 'root' } })).toMatchObject({ id: '1', kind: 'all', ancestors: [] })
  })

  test.each(['999999', '2147483648', '9999999999', '00000000-0000-4000-8000-00000000dead'])(
    '%s does not exist',
    async (id) => {
      for (const endpoint of [getGroup, listChildren, listGroupEvents])
        expect(await t.problem(endpoint, { params: { id } })).toMatchObject({ code: 'not-found' })
    },
  )

  test.each(['0', '-1', 'x', '1;drop', '%20'])('%s is no id', async (id) => {
    expect((await t.problem(getGroup, { params: { id } })).code).toBe('validation-failed')
  })

  test('counts companies and not our own groups', async () => {
    const seen = (await t.owner.query<{ count: number }>('select count(*)::int from company')).rows[0]?.count
    for (const id of ['root', '2', rootId])
      expect((await t.call(getGroup, { params: { id } })).rollUp.companies).toBe(seen)
    expect((await t.call(getGroup, { params: { id: '3' } })).rollUp.companies).toBe(0)
  })
})

describe('the same company in two accounts', () => {
  test('opens in the older one and names the other', async () => {
    await t.connect(mock, 'managed@demo.example')
    const { items } = await find('Pivovar Ježek')
    expect(items).toHaveLength(2)
    const guid = (await t.call(getGroup, { params: { id: items[0]?.id ?? '' } })).company?.guid ?? ''
    const group = await t.call(getGroup, { params: { id: guid } })
    expect(group.account?.name).toBe('Demo Distribution s.r.o.')
    expect(group.elsewhere).toMatchObject([{ kind: 'customer', accountName: 'Jihlavský servis počítačů' }])
    expect((await find(guid)).items).toHaveLength(1)
  })
})

describe('children', () => {
  async function allChildren(id: string, limit: number) {
    const items: Reply<typeof listChildren>['items'] = []
    let cursor: string | undefined
    let count = 0
    do {
      const page = await t.call(listChildren, { params: { id }, query: { limit, cursor } })
      expect(page.items.length).toBeLessThanOrEqual(limit)
      items.push(...page.items)
      cursor = page.nextCursor ?? undefined
      count = page.total
    } while (cursor !== undefined)
    expect(items).toHaveLength(count)
    return items
  }

  test('come page by page as they come at once: inner groups first, then by the collation of names', async () => {
    const smart = await findOne('Chytrá síť')
    const whole = await allChildren(smart.id, 200)
    for (const limit of [1, 7, 38]) expect(await allChildren(smart.id, limit)).toEqual(whole)
    const czech = ['Cihla a syn', 'Cukrárna Hana', 'Čáp & Čápová', 'Ďáblík hračky', 'Dub nábytek', 'Hora sport']
    expect(whole.map(({ name }) => name).filter((name) => czech.includes(name))).toEqual(czech)
    const highlands = await allChildren((await findOne('Vysočina IT')).id, 5)
    const kinds = highlands.map(({ kind }) => kind)
    expect(kinds.lastIndexOf('managedMsp')).toBeLessThan(kinds.indexOf('customer'))
  })

  test('carry the counts of their subtrees', async () => {
    const items = await allChildren(rootId, 50)
    const { rollUp } = await t.call(getGroup, { params: { id: rootId } })
    const sum = (key: 'companies' | 'notSetUp') => items.reduce((total, item) => total + item.rollUp[key], 0)
    expect(sum('notSetUp')).toBe(rollUp.notSetUp)
    expect(sum('companies')).toBe(rollUp.companies - 1)
  })

  test('an empty place for the unresolved is neither shown nor counted', async () => {
    const before = await t.call(listChildren, { params: { id: rootId }, query: {} })
    const unresolved = before.items.find(({ kind }) => kind === 'unresolved')
    expect(unresolved?.childCount).toBe(1)
    await t.owner.query('update static_group set child_count = 0 where id = $1', [unresolved?.id])
    const after = await t.call(listChildren, { params: { id: rootId }, query: {} })
    const group = await t.call(getGroup, { params: { id: rootId } })
    await t.owner.query('update static_group set child_count = 1 where id = $1', [unresolved?.id])
    expect(after.items).toHaveLength(before.items.length - 1)
    expect([after.total, group.childCount]).toEqual([before.total - 1, before.total - 1])
  })

  test('a cursor of another group is stale', async () => {
    const { nextCursor } = await t.call(listChildren, { params: { id: rootId }, query: { limit: 1 } })
    const asked = { params: { id: 'root' }, query: { cursor: nextCursor ?? '' } }
    expect((await t.problem(listChildren, asked)).code).toBe('stale-cursor')
  })
})

describe('search', () => {
  test.each([
    ['jezek', 'Pivovar Ježek a spol.'],
    ['STRAUSENFARM', 'Straußenfarm Weiß & Größl'],
    ['weis & gros', 'Straußenfarm Weiß & Größl'],
    ['psa:1042', 'Nemocnice Na Kopci'],
    ['<script>', '<script>alert(1)</script>'],
    ['-10 %', '-10 % Výprodej'],
    ['東京', '東京データ株式会社'],
    ["O'Neill", 'O\'Neill & Sons "Quotes"'],
  ])('%s finds %s inside its ancestors', async (q, name) => {
    const hit = await findOne(q)
    expect(hit.name).toBe(name)
    expect(hit.ancestors[0]?.kind).toBe('all')
    expect(hit.ancestors.length).toBeGreaterThan(2)
  })

  test('wildcards are letters', async () => {
    expect((await find('%_%')).total).toBe(0)
    expect((await find('\\')).total).toBe(0)
  })

  test('the very name first, then names that begin so, then the rest by name', async () => {
    const { items } = await find('a')
    expect(items[0]?.name).toBe('a')
    const starts = items.map(({ name }) => name.toLowerCase().startsWith('a'))
    expect(starts.lastIndexOf(true)).toBeLessThan(starts.indexOf(false))
  })

  test('says how many there are beyond the page', async () => {
    const { items, total } = await t.call(searchGroups, { query: { q: 's.r.o', limit: 3 } })
    expect(items).toHaveLength(3)
    expect(total).toBeGreaterThan(20)
  })

  test('an id is found as well', async () => {
    expect((await find(rootId)).items[0]?.id).toBe(rootId)
  })
})

test('the history is paged, newest first', async () => {
  const { id } = await findOne('Dub nábytek')
  await t.owner.query(
    `insert into group_event (group_id, kind, before, after, actor)
     select $1, 'setup', '{"setup":"none"}', '{"setup":"done"}', 'x@y.example' from generate_series(1, 5)`,
    [id],
  )
  const first = await t.call(listGroupEvents, { params: { id }, query: { limit: 4 } })
  expect(first.total).toBe(6)
  expect(first.items[0]).toMatchObject({ kind: 'setup', actor: 'x@y.example', before: { setup: 'none' }, runId: null })
  const rest = await t.call(listGroupEvents, { params: { id }, query: { limit: 4, cursor: first.nextCursor ?? '' } })
  expect(rest.items.at(-1)).toMatchObject({ kind: 'created', actor: null })
  expect(rest.nextCursor).toBeNull()
  expect(new Set([...first.items, ...rest.items].map((event) => event.id)).size).toBe(6)
})
