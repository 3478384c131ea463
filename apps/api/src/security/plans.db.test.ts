// The five hot reads under row-level security, as the role that serves requests, in a world of ten thousand: each statement
// that the code really sends is planned again, and none may read a large table from end to end.
import { createWorld } from '@msp-console/mock-ema'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadPaths } from '../access/paths.ts'
import type { Scope } from '../access/scope.ts'
import { findWithin, listCustomerRows } from '../customers/queries.ts'
import { createInScope, type InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { listChildRows, readGroup } from '../groups/queries.ts'
import { searchRows } from '../groups/search.ts'
import { openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'
import { readOpenedPart } from '../tree/parts.ts'

let t: TestApp
let mock: TestMock
let inScope: InScope
let scopes: Scope[]
let customer: { id: number; path: string }
let word: string
beforeAll(async () => {
  t = await openTestApp()
  const world = createWorld('10k', 1)
  mock = await openMock({ world })
  await t.connect(mock, world.users[0]?.email)
  await t.owner.query('analyze')
  inScope = createInScope(t.pools.app)
  const { rows } = await t.owner.query<Scope & { kind: string }>(
    `select distinct on (kind) id as "rootId", path, name, kind::text from static_group
     where kind in ('distributor', 'mspManager', 'msp') order by kind, size desc`,
  )
  scopes = [...rows, { rootId: 1, path: '/1/', name: 'All' }]
  const smallest = rows.find(({ kind }) => kind === 'msp')
  const found = await t.owner.query<{ id: number; path: string; name: string }>(
    'select id, path, name from static_group where leaf and path >= $1 order by path limit 1',
    [smallest?.path],
  )
  customer = found.rows[0] ?? { id: 0, path: '' }
  word = (found.rows[0]?.name ?? '').slice(0, 5)
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

interface Node {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  Alias?: string
  Plans?: Node[]
}

const flatten = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flatten)]
const LARGE = new Set(['static_group', 'company', 'group_event'])

/** Runs the work and explains each statement it sent, in the same transaction. */
async function planOf(scope: Scope, work: (db: Db) => Promise<unknown>): Promise<Node[]> {
  return inScope(scope, async (db) => {
    const sent: { text: string; values: unknown[] }[] = []
    const record = (...args: unknown[]) => {
      const [query, values] = args
      const config = typeof query === 'string' ? { text: query, values } : query
      sent.push({ values: [], ...(config as { text: string }) }) // what pg takes: a text, or an object that has one
      return (db.query as (...all: unknown[]) => unknown)(...args)
    }
    await work(Object.assign(Object.create(db) as Db, { query: record }))
    expect(sent.length).toBeGreaterThan(0)
    const nodes: Node[] = []
    for (const { text, values } of sent) {
      const { rows } = await db.query<{ 'QUERY PLAN': { Plan: Node }[] }>(`explain (format json) ${text}`, values)
      nodes.push(...rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => flatten(Plan))))
    }
    return nodes
  })
}

const READS: Record<string, (scope: Scope) => (db: Db) => Promise<unknown>> = {
  'a page of children': (scope) => (db) => listChildRows(db, scope, scope.rootId, null, 51),
  'a group with its ancestors': (scope) => async (db) => {
    await readGroup(db, scope, customer.id)
    await loadPaths(db, scope, [customer.path])
  },
  'the first page of customers by name': (scope) => async (db) => {
    const within = await findWithin(db, scope, undefined)
    if (within === null) throw new Error('no such group')
    const sizes = { total: within.notSetUp + within.normal + within.unlinked, all: within.size }
    await listCustomerRows(db, within, sizes, { filter: {}, sort: 'name', after: null, limit: 51 })
  },
  search: (scope) => (db) => searchRows(db, scope, word, 50),
  'the tree as it opens': (scope) => (db) => readOpenedPart(db, scope, undefined),
}

test.each(Object.entries(READS))('%s uses an index', async (name, read) => {
  const size = await t.owner.query<{ count: number }>('select count(*)::int as count from static_group')
  expect(size.rows[0]?.count).toBeGreaterThan(9_000)
  for (const scope of scopes) {
    const nodes = await planOf(scope, read(scope))
    const whole = nodes.filter((node) => node['Node Type'] === 'Seq Scan' && LARGE.has(node['Relation Name'] ?? ''))
    expect([name, scope.name, whole]).toEqual([name, scope.name, []])
    expect(nodes.filter((node) => node['Index Name'] !== undefined).length).toBeGreaterThan(0)
  }
  process.stdout.write(`plans: ${name}, ${scopes.length} scopes, no large table read from end to end\n`)
})

test.each([
  ['groups_like', (body: string) => body.replaceAll('pattern', '$1'), (text: string) => [text]],
  // Its statement stands between two quotes.
  ['find_groups', (body: string) => body.split('$q$')[1] ?? '', (text: string) => [word, text, [], 50]],
] as const)('inside %s the trigrams are used', async (name, toStatement, toValues) => {
  const client = await t.owner.connect()
  try {
    await client.query('begin')
    await client.query(`select set_config('msp.scope', '/1/', true), set_config('msp.scope_end', '/10', true)`)
    const { rows } = await client.query<{ body: string }>('select prosrc as body from pg_proc where proname = $1', [
      name,
    ])
    const statement = toStatement(rows[0]?.body ?? '')
    const plan = await client.query<{ 'QUERY PLAN': { Plan: Node }[] }>(
      `explain (format json) ${statement}`,
      toValues(`%${word.toLowerCase()}%`),
    )
    const names = plan.rows
      .flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => flatten(Plan)))
      .map((node) => node['Index Name'])
    expect(names).toContain('static_group_search')
  } finally {
    await client.query('rollback')
    client.release()
  }
})
