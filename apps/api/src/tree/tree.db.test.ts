import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import {
  fromKindLetter,
  fromMark,
  getGroup,
  getTree,
  listChildren,
  putSetup,
  searchGroups,
  type Tree,
  type TreePart,
} from '@msp-console/contract'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'

let t: TestApp
let mock: TestMock
const complaints: string[] = []
beforeAll(async () => {
  t = await openTestApp({ log: pino({ level: 'warn' }, { write: (line) => complaints.push(line) }) })
  mock = await openMock()
  await t.connect(mock)
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

const read = (part: TreePart, open?: string) => t.call(getTree, { query: { part, open } })
const ask = (part: TreePart, headers: Record<string, string> = {}) =>
  t.app.inject({ url: `/api/v1/tree?part=${part}`, headers: { cookie: t.cookie, ...headers } })

/** Undoes the columns as a client does: every group with its id, depth and numbers. */
function decode({ inner, customers }: Tree) {
  let id = 0
  const groups = (inner?.idDelta ?? []).map((delta, i) => ({
    id: String((id += delta)),
    depth: inner?.depth[i],
    kind: fromKindLetter(inner?.kind.charAt(i) ?? ''),
    mark: fromMark(inner?.mark.charAt(i) ?? ''),
    name: inner?.name[i] ?? '',
    children: inner?.children[i],
    customers: inner?.customers[i] ?? 0,
    rollUp: { notSetUp: inner?.notSetUp[i], normal: inner?.normal[i], unlinked: inner?.unlinked[i] },
  }))
  const blocks: Record<string, { id: string; name: string; state: string }[]> = {}
  let parent = 0
  let customer = 0
  let at = 0
  for (const [block, delta] of (customers?.of ?? []).entries()) {
    const rows = Array.from({ length: customers?.count[block] ?? 0 }, () => {
      const row = {
        id: String((customer += customers?.idDelta[at] ?? 0)),
        name: customers?.name[at] ?? '',
        state: fromMark(customers?.mark.charAt(at) ?? '').state,
      }
      at += 1
      return row
    })
    blocks[String((parent += delta))] = rows
  }
  return { groups, blocks }
}

describe('the tree', () => {
  test('says in columns what the pages of children say', async () => {
    const { groups } = decode(await read('inner'))
    const { blocks } = decode(await read('customers'))
    expect(groups[0]).toMatchObject({ id: '1', depth: 0, kind: 'all' })
    for (const [i, group] of groups.entries()) {
      const { items, total } = await t.call(listChildren, { params: { id: group.id }, query: { limit: 200 } })
      expect(group.children).toBe(total)
      const below = groups.slice(i + 1).findIndex(({ depth }) => Number(depth) <= Number(group.depth))
      const end = below < 0 ? groups.length : i + 1 + below
      const direct = groups.slice(i + 1, end).filter(({ depth }) => depth === Number(group.depth) + 1)
      const expected = items.filter(({ kind }) => kind !== 'customer')
      expect(direct.map(({ id, name, kind, rollUp }) => ({ id, name, kind, rollUp }))).toEqual(
        expected.map(({ id, name, kind, rollUp: { notSetUp, normal, unlinked } }) => ({
          id,
          name,
          kind,
          rollUp: { notSetUp, normal, unlinked },
        })),
      )
      const customers = items.filter(({ kind }) => kind === 'customer')
      expect(group.customers).toBe(customers.length)
      expect(blocks[group.id] ?? []).toEqual(customers.map(({ id, name, state }) => ({ id, name, state })))
    }
  })

  test('opened: the accounts first, else what is asked, at most forty of each', async () => {
    const first = decode(await read('opened'))
    expect(first.groups.slice(0, 3).map(({ kind }) => kind)).toEqual(['all', 'companies', 'distributor'])
    expect(first.groups.every(({ depth }) => Number(depth) <= 3)).toBe(true)
    const wide = first.groups.find(({ name }) => name === 'Chytrá síť s.r.o.')
    expect(wide).toMatchObject({ customers: 38, children: 38 })
    const deep = (await t.call(searchGroups, { query: { q: 'Moravská IT' } })).items[0]
    const open = [...(deep?.ancestors ?? []), { id: deep?.id ?? '' }].map(({ id }) => id).join(',')
    const { groups, blocks } = decode(await read('opened', open))
    expect(groups.find(({ id }) => id === deep?.id)).toMatchObject({ customers: 46 })
    expect(blocks[deep?.id ?? '']).toHaveLength(40)
  })

  test('opened: ids that nobody has or that stand under closed groups are left out', async () => {
    const deep = (await t.call(searchGroups, { query: { q: 'Jihlavský servis' } })).items[0]
    const { groups, blocks } = decode(await read('opened', `999999,0,4294967296,${deep?.id}`))
    expect(groups.map(({ kind }) => kind)).toEqual(['all', 'companies', 'lostAndFound'])
    expect(blocks).toEqual({})
    expect((await t.problem(getTree, { query: { part: 'opened', open: '1;2' } })).code).toBe('validation-failed')
  })

  test('hides an empty place for the unresolved', async () => {
    const before = decode(await read('inner')).groups
    await t.owner.query(
      `with u as (update static_group set child_count = 0 where kind = 'unresolved' returning id)
       select raise_generations(array_agg(id)) from u`,
    )
    const after = decode(await read('inner')).groups
    const opened = decode(await read('opened')).groups
    await t.owner.query(
      `with u as (update static_group set child_count = 1 where kind = 'unresolved' returning id)
       select raise_generations(array_agg(id)) from u`,
    )
    const root = (groups: typeof before) => groups.find(({ kind }) => kind === 'distributor')
    expect(before.some(({ kind }) => kind === 'unresolved')).toBe(true)
    for (const groups of [after, opened]) {
      expect(groups.some(({ kind }) => kind === 'unresolved')).toBe(false)
      expect(root(groups)?.children).toBe(Number(root(before)?.children) - 1)
      expect(root(groups)?.customers).toBe(0)
    }
  })
})

describe('caching', () => {
  test.each(['opened', 'inner', 'customers'] as const)('%s: the same generation is a 304', async (part) => {
    const first = await ask(part)
    const etag = String(first.headers.etag)
    expect(first.headers['cache-control']).toBe('private, no-cache')
    expect(etag).toBe(`W/"${part}-${first.json<Tree>().generation}"`)
    for (const known of [etag, etag.slice(2), `"x", ${etag}`]) {
      const again = await ask(part, { 'if-none-match': known })
      expect([again.statusCode, again.body]).toEqual([304, ''])
      expect(complaints).toEqual([])
    }
    expect((await ask(part, { 'if-none-match': 'W/"inner-0.0"' })).statusCode).toBe(200)
  })

  test('a change makes a new generation, for every part the same', async () => {
    const before = await read('inner')
    const id = decode(await read('customers')).blocks
    const [customer] = Object.values(id).flat()
    await t.call(putSetup, { params: { id: customer?.id ?? '' }, body: { state: 'done' } })
    const parts = await Promise.all((['opened', 'inner', 'customers'] as const).map((part) => read(part)))
    const generations = new Set(parts.map(({ generation }) => generation))
    expect(generations.size).toBe(1)
    expect(generations.has(before.generation)).toBe(false)
    const top = await t.call(getGroup, { params: { id: 'root' } })
    expect(decode(parts[1] ?? before).groups[0]?.rollUp.notSetUp).toBe(top.rollUp.notSetUp)
  })

  test('is compressed as the client takes it, and says the same', async () => {
    const plain = await ask('customers')
    const gzip = await ask('customers', { 'accept-encoding': 'gzip' })
    const br = await ask('customers', { 'accept-encoding': 'gzip, br' })
    expect(gunzipSync(gzip.rawPayload)).toEqual(plain.rawPayload)
    expect(brotliDecompressSync(br.rawPayload)).toEqual(plain.rawPayload)
    expect([gzip.headers['content-encoding'], br.headers['content-encoding']]).toEqual(['gzip', 'br'])
    expect(br.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2)
    expect(plain.headers.vary).toBe('accept-encoding')
  })
})
