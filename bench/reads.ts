// What a click costs, against the least that a query costs (`select 1`) and against bare SQL for the same rows.
import { gzipSync } from 'node:zlib'
import { listCustomerRows } from '../apps/api/src/customers/queries.ts'
import { createInScope } from '../apps/api/src/db/scoped.ts'
import type { Db } from '../apps/api/src/db/tx.ts'
import { listChildRows } from '../apps/api/src/groups/queries.ts'
import { searchRows } from '../apps/api/src/groups/search.ts'
import { readCustomerPart, readInnerPart, readOpenedPart } from '../apps/api/src/tree/parts.ts'
import type { Loaded } from './loaded.ts'
import { type Line, median, ms, timed } from './stand.ts'

const ALL = { rootId: 1, path: '/1/', name: 'All' }
/** What people write first: roll-ups counted on the fly, from parents alone. */
const RECURSIVE = `
  with recursive below as (
    select id as top, id, leaf, state from static_group where parent_id = $1
    union all select b.top, g.id, g.leaf, g.state from below b join static_group g on g.parent_id = b.id)
  select top, count(*) filter (where leaf and state = 'notSetUp'), count(*) from below group by top limit 50`
const BARE_TREE = 'select id, parent_id, kind, state, name from static_group'

export async function benchReads({ owner, listing }: Loaded, rounds: number): Promise<Line[]> {
  const inScope = createInScope(owner)
  const { rows } = await owner.query<{ id: number; size: number; child_count: number }>(
    'select id, size, child_count from static_group where not leaf order by child_count desc limit 1',
  )
  const wide = rows[0]! // the root at least
  const root = (await owner.query<{ id: number }>('select root_group_id as id from account')).rows[0]!.id
  const within = { ...ALL, size: listing.length, notSetUp: 0, normal: 0, unlinked: 0 }

  const subjects: Record<string, () => Promise<unknown>> = {
    'select 1': () => owner.query('select 1'),
    'children of the root, with roll-ups': () => listChildRows(owner, ALL, root, null, 50),
    [`50 of ${wide.child_count} children of the widest group`]: () => listChildRows(owner, ALL, wide.id, null, 50),
    'peer: recursive count for the root': () => owner.query(RECURSIVE, [root]),
    'list page by name': () =>
      listCustomerRows(
        owner,
        within,
        { total: listing.length, all: listing.length },
        { filter: {}, sort: 'name', after: null, limit: 50 },
      ),
    'list page, not set up': () =>
      listCustomerRows(
        owner,
        within,
        { total: listing.length, all: listing.length },
        {
          filter: { state: ['notSetUp'] },
          sort: 'name',
          after: null,
          limit: 50,
        },
      ),
    // Inside a scope, where what is read asks for one: two more round trips than the others.
    'search, a common word': () => inScope(ALL, (db) => searchRows(db, ALL, 'bath', 50)),
    'search, no hit': () => inScope(ALL, (db) => searchRows(db, ALL, 'qqxyzzy', 50)),
    'tree: opened part': () => inScope(ALL, (db) => readOpenedPart(db, ALL, undefined)),
    'tree: inner part': () => readInnerPart(owner, ALL),
    'tree: customers': () => readCustomerPart(owner, ALL, Infinity),
    'bare SQL: every row of the tree': () => owner.query({ text: BARE_TREE, rowMode: 'array' }),
  }
  const times = new Map(Object.keys(subjects).map((name) => [name, [] as number[]]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, read] of Object.entries(subjects)) {
      const repeats = name.startsWith('tree: c') || name.startsWith('bare') || name.startsWith('peer') ? 1 : 20
      for (let i = 0; i < repeats; i++) times.get(name)?.push(await timed(read))
    }
  }
  const of = (name: string) => median(times.get(name) ?? [])
  const wire = await inScope(ALL, readWire)

  const one = of('select 1')
  const times4 = { target: '≤ 4× select 1', most: 4 * one }
  const TARGETS: Record<string, { target: string; most: number }> = {
    'children of the root, with roll-ups': times4,
    [`50 of ${wide.child_count} children of the widest group`]: times4,
    'list page by name': { target: '≤ 2.5 ms', most: 2.5 },
    'list page, not set up': { target: '≤ 2.5 ms', most: 2.5 },
    'search, a common word': { target: '≤ 5 ms', most: 5 },
    'search, no hit': { target: '≤ 1.5 ms', most: 1.5 },
  }
  return [
    ...Object.keys(subjects).map((name): Line => ({
      what: name,
      measured: ms(of(name)),
      ratio: of(name) / one,
      target: TARGETS[name]?.target ?? '',
      ...(TARGETS[name] === undefined ? {} : { isMet: of(name) <= TARGETS[name].most }),
    })),
    {
      what: 'whole tree against bare SQL',
      measured: '',
      ratio: (of('tree: inner part') + of('tree: customers')) / of('bare SQL: every row of the tree'),
      target: '',
    },
    {
      what: 'children of the root against the recursive count',
      measured: '',
      ratio: of('children of the root, with roll-ups') / of('peer: recursive count for the root'),
      target: '≤ 1/300',
    },
    {
      what: 'opened part on the wire',
      measured: `${(wire.opened / 1024).toFixed(1)} KB`,
      ratio: null,
      target: '≤ 10 KB',
    },
    {
      what: 'whole tree on the wire, gzip',
      measured: `${(wire.whole / listing.length).toFixed(1)} B/node`,
      ratio: null,
      target: '≤ 10 B/node',
    },
  ]
}

async function readWire(db: Db): Promise<{ opened: number; whole: number }> {
  const size = (tree: unknown) => gzipSync(JSON.stringify(tree), { level: 6 }).length
  return {
    opened: Buffer.byteLength(JSON.stringify(await readOpenedPart(db, ALL, undefined))),
    whole: size(await readInnerPart(db, ALL)) + size(await readCustomerPart(db, ALL, Infinity)),
  }
}
