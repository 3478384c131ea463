import {
  getTree,
  getTreeChanges,
  type InnerColumns,
  listCustomers,
  listTreeCustomers,
  putSetup,
  searchGroups,
  type Tree,
} from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Actor, openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'

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

const sums = (deltas: readonly number[]) => {
  let sum = 0
  return deltas.map((delta) => (sum += delta))
}
const idsOf = (columns: { idDelta: readonly number[] } | null) => sums(columns?.idDelta ?? [])

/** Each inner group with everything that its columns say of it, its children and its customers. */
function describeAll({ inner }: { inner: InnerColumns | null }, { customers }: Pick<Tree, 'customers'>) {
  const ids = idsOf(inner)
  const blocks = new Map<number, string>()
  let at = 0
  const customerIds = idsOf(customers)
  for (const [i, parent] of sums(customers?.of ?? []).entries()) {
    const count = customers?.count[i] ?? 0
    blocks.set(
      parent,
      JSON.stringify([
        customerIds.slice(at, at + count),
        customers?.mark.slice(at, at + count),
        customers?.name.slice(at, at + count),
      ]),
    )
    at += count
  }
  const { depth = [] } = inner ?? {}
  return new Map(
    ids.map((id, row) => {
      const end = ids.findIndex((_, i) => i > row && (depth[i] ?? 0) <= (depth[row] ?? 0))
      const below = ids.filter((_, i) => i > row && (end < 0 || i < end) && depth[i] === (depth[row] ?? 0) + 1)
      const own = [inner?.kind[row], inner?.mark[row], inner?.name[row], inner?.children[row], inner?.notSetUp[row]]
      return [id, JSON.stringify([own, below, blocks.get(id)])]
    }),
  )
}

async function read(who: Pick<Actor, 'call'>) {
  const inner = await who.call(getTree, { query: { part: 'inner' } })
  const customers = await who.call(getTree, { query: { part: 'customers' } })
  return { since: inner.since, generation: inner.generation, all: describeAll(inner, customers) }
}

const sync = async () => (await t.sync.start(Number(accountId), { trigger: 'manual', startedBy: null })).done
const indexOf = (name: string) => mock.world.name.indexOf(name)

describe('changes of the tree', () => {
  test('name every group that reads differently now, and none that nobody touched', async () => {
    const before = await read(t)
    const { items } = await t.call(listCustomers, { query: { limit: 3 } })
    await t.call(putSetup, { params: { id: items[0]?.id ?? '' }, body: { state: 'skipped' } })
    mock.world.move(indexOf('Moravská IT, s.r.o.'), indexOf('Division DACH'))
    mock.world.remove(indexOf('Špilberk muzeum'))
    await sync()
    const after = await read(t)
    const changes = await t.call(getTreeChanges, { query: { since: before.since } })
    expect(changes.generation).toBe(after.generation)
    const told = new Set(idsOf(changes.groups))
    const differ = [...after.all].filter(([id, text]) => before.all.get(id) !== text).map(([id]) => id)
    expect(differ.length).toBeGreaterThan(5)
    expect(differ.filter((id) => !told.has(id))).toEqual([])
    expect(told.size).toBeLessThan(after.all.size)
    // What it says of a group is what the whole tree says of it.
    const { groups, customers } = changes
    const moved = idsOf(groups).indexOf(
      Number((await t.call(searchGroups, { query: { q: 'Division DACH' } })).items[0]?.id),
    )
    const start = sums(groups?.belowCount ?? [])[moved - 1] ?? 0
    const below = groups?.below.slice(start, start + (groups.belowCount[moved] ?? 0))
    expect(below).toContain(Number((await t.call(searchGroups, { query: { q: 'Moravská IT' } })).items[0]?.id))
    expect(customers?.count.length).toBeGreaterThan(0)
  })

  test('are none when nothing has changed', async () => {
    const { since, generation } = await read(t)
    const changes = await t.call(getTreeChanges, { query: { since } })
    expect(changes).toMatchObject({ generation, groups: { idDelta: [] } })
    expect(await t.call(getTreeChanges, { query: { since: changes.since, customers: 'none' } })).toMatchObject({
      groups: { idDelta: [] },
      customers: null,
    })
  })

  test('are everything when nobody knows since when', async () => {
    for (const since of ['x', Buffer.alloc(60).toString('base64url')])
      expect(await t.call(getTreeChanges, { query: { since } })).toMatchObject({ groups: null, customers: null })
  })

  test('in a part of the tree tell of that part only', async () => {
    const { items } = await t.call(searchGroups, { query: { q: 'Chytrá síť s.r.o.' } })
    const msp = await t.actAs('mspAdmin', Number(items[0]?.id))
    const mine = await read(msp)
    mock.world.move(indexOf('Moravská IT, s.r.o.'), indexOf('Divize Morava'))
    await sync()
    expect(await msp.call(getTreeChanges, { query: { since: mine.since } })).toMatchObject({
      generation: mine.generation,
      groups: { idDelta: [] },
    })
    const ownIds = [...mine.all.keys()]
    const [first] = (await msp.call(listCustomers, { query: { limit: 1 } })).items
    await msp.call(putSetup, { params: { id: first?.id ?? '' }, body: { state: 'done' } })
    await msp.call(putSetup, { params: { id: first?.id ?? '' }, body: { state: 'none' } })
    const { groups } = await msp.call(getTreeChanges, { query: { since: mine.since } })
    expect(idsOf(groups).every((id) => ownIds.includes(id))).toBe(true)
    expect(idsOf(groups).length).toBeGreaterThan(0)
  })
})

describe('customers by page', () => {
  test('are what the whole part says, in its order', async () => {
    const { customers } = await t.call(getTree, { query: { part: 'customers' } })
    const parents = sums(customers?.of ?? [])
    const largest = Math.max(...(customers?.count ?? []))
    const block = customers?.count.indexOf(largest) ?? 0
    const start = sums(customers?.count ?? [])[block - 1] ?? 0
    const names: string[] = []
    let cursor: string | undefined
    for (;;) {
      const page = await t.call(listTreeCustomers, { query: { of: String(parents[block]), limit: 7, cursor } })
      names.push(...page.customers.name)
      if (page.nextCursor === null) break
      cursor = page.nextCursor
    }
    expect(names).toEqual(customers?.name.slice(start, start + largest))
  })

  test('take the place of the whole part where a view holds too many', async () => {
    const large = await openTestApp({ wholeTreeMost: 10 })
    const source = await openMock()
    await large.connect(source)
    expect((await large.call(getTree, { query: { part: 'customers' } })).customers).toBeNull()
    await Promise.all([large.close(), source.close()])
  })
})
