import type { ClientBase } from 'pg'
import { copyIn, toCopyLine, toInts } from './copy.ts'
import { computeForest, type Forest, type ForestInput, needsUnresolved } from './forest.ts'

// Where every group of the plan comes to stand, inside the apply transaction: parents, paths, subtree counters.
// The forest is computed anew from the truth (parents and states); only what differs from the stored rows is written, so
// counters cannot drift.

export interface Placement {
  /** How the root's counters change; its ancestors change by the same. */
  delta: { size: number; notSetUp: number; normal: number; unlinked: number }
}

const COMPANIES_PATH = '/1/2/'

/** Computes the forest and fills the temporary table `placement` with every group whose place or counters differ. */
export async function place(client: ClientBase, accountId: number, rootId: number): Promise<Placement> {
  let unresolved = await findUnresolved(client, accountId)
  const orphans = await client.query('select from plan where parent_id is null and not is_missing limit 1')
  if ((orphans.rowCount ?? 0) > 0) {
    unresolved = await addUnresolved(client, rootId)
    await client.query('update plan set parent_id = $1 where parent_id is null and not is_missing', [unresolved])
  }
  let live = await readForest(client, rootId, unresolved)
  if (unresolved === 0 && needsUnresolved(live.input)) {
    unresolved = await addUnresolved(client, rootId)
    live = await readForest(client, rootId, unresolved)
  }
  const forest = computeForest(live.input)
  await writePlacement(client, live, forest)
  await correctPlan(client, live, forest)
  const root = live.input.id.indexOf(rootId)
  return {
    delta: {
      size: forest.size[root]! - live.size[root]!, // root is one of the groups, or computeForest would have thrown
      notSetUp: forest.notSetUp[root]! - live.notSetUp[root]!,
      normal: forest.normal[root]! - live.normal[root]!,
      unlinked: forest.unlinked[root]! - live.unlinked[root]!,
    },
  }
}

async function findUnresolved(client: ClientBase, accountId: number): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `select id from static_group where account_id = $1 and kind = 'unresolved'`,
    [accountId],
  )
  return rows[0]?.id ?? 0
}

/** The marked place for companies whose parent cannot be seen: a group of ours under the account's root. */
async function addUnresolved(client: ClientBase, rootId: number): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `insert into plan (id, is_new, is_missing, parent_id, kind, name, source_status, presence)
     values (nextval(pg_get_serial_sequence('static_group', 'id')), true, false, $1, 'unresolved', 'Unresolved', 'active', 'present')
     returning id`,
    [rootId],
  )
  return rows[0]?.id ?? 0
}

interface Live {
  input: ForestInput
  depth: Int32Array
  size: Int32Array
  children: Int32Array
  notSetUp: Int32Array
  normal: Int32Array
  unlinked: Int32Array
}

const COLUMNS = [
  'id',
  'parent',
  'old_parent',
  'state',
  'depth',
  'size',
  'children',
  'not_set_up',
  'normal',
  'unlinked',
] as const
type Column = (typeof COLUMNS)[number]

/** Groups that are fetched at a time: the text in which they come is twice their size. */
const BLOCK = 65_536

/**
 * The account's groups as they will be, in integer columns that come packed, a block at a time. Range scan of
 * static_group_by_path.
 */
async function readForest(client: ClientBase, root: number, unresolved: number): Promise<Live> {
  await client.query(
    `declare forest no scroll cursor for
     select ${COLUMNS.map((name) => `string_agg(int4send(${name}), '') as ${name}`).join(', ')}
     from (
       select g.id, coalesce(p.parent_id, g.parent_id) as parent, g.parent_id as old_parent,
         case when coalesce(p.kind, g.kind) <> 'customer' then 0 when coalesce(p.presence, g.presence) = 'unlinked' then 3
              when g.setup = 'none' then 1 else 2 end as state,
         g.depth::int as depth, g.size, g.child_count as children, g.not_set_up, g.normal, g.unlinked
       from static_group g left join plan p on p.id = g.id
       where g.path >= $1 and g.path < $2
       union all
       select id, parent_id, 0, case when kind = 'customer' then 1 else 0 end, 0, 0, 0, 0, 0, 0 from plan where is_new) t
     group by id / ${BLOCK}`,
    [`${COMPANIES_PATH}${root}/`, `${COMPANIES_PATH}${root}0`],
  )
  const blocks = Object.fromEntries(COLUMNS.map((name) => [name, [] as Int32Array[]])) as Record<Column, Int32Array[]>
  for (;;) {
    const { rows } = await client.query<Record<Column, Buffer>>('fetch 1 from forest')
    const [packed] = rows
    if (packed === undefined) break
    for (const name of COLUMNS) blocks[name].push(toInts(packed[name]))
  }
  await client.query('close forest')
  const take = (name: Column) => join(blocks[name])
  return {
    input: {
      id: take('id'),
      parent: take('parent'),
      oldParent: take('old_parent'),
      state: Uint8Array.from(take('state')),
      root,
      unresolved,
    },
    depth: take('depth'),
    size: take('size'),
    children: take('children'),
    notSetUp: take('not_set_up'),
    normal: take('normal'),
    unlinked: take('unlinked'),
  }
}

/** One array of all blocks, which are let go. */
function join(blocks: Int32Array[]): Int32Array {
  const all = new Int32Array(blocks.reduce((sum, block) => sum + block.length, 0))
  let at = 0
  for (const block of blocks.splice(0)) {
    all.set(block, at)
    at += block.length
  }
  return all
}

async function writePlacement(client: ClientBase, live: Live, forest: Forest): Promise<void> {
  await client.query(`create temp table placement (
    id int primary key, is_new boolean not null, parent_id int not null, path text collate "C", depth smallint not null, size int not null,
    child_count int not null, not_set_up int not null, normal int not null, unlinked int not null)`)
  await copyIn(client, 'copy placement from stdin', placementLines(live, forest))
  await client.query('analyze placement (id)')
}

/** Groups on a cycle, or too deep, did not get the parent that the source names; without a hash the next run looks again. */
async function correctPlan(client: ClientBase, live: Live, forest: Forest): Promise<void> {
  const corrected = [...forest.order].filter((i) => forest.parent[i] !== live.input.parent[i])
  if (corrected.length === 0) return
  await client.query(
    `update plan p set parent_id = k.parent_id, hash = null
     from unnest($1::int[], $2::int[]) k (id, parent_id) where p.id = k.id`,
    [corrected.map((i) => live.input.id[i]), corrected.map((i) => forest.parent[i])],
  )
}

function* placementLines(live: Live, forest: Forest): Generator<string> {
  const { id, root } = live.input
  // Paths of everything above a group that moved; filled from the top, as parents come before children.
  const paths = new Map<number, string>()
  for (const i of forest.order) {
    const own = id[i]! // order holds indexes of id
    const parent = forest.parent[i]!
    const path = `${own === root ? COMPANIES_PATH : (paths.get(parent) ?? COMPANIES_PATH)}${own}/`
    // Customers are leaves unless they hold groups of their own: nobody looks their path up.
    if (forest.children[i]! > 0) paths.set(own, path)
    if (forest.moved[i] === 1 || differs(live, forest, i)) {
      yield toCopyLine([
        own,
        live.input.oldParent[i] === 0 ? 't' : 'f',
        parent,
        forest.moved[i] === 1 ? path : null,
        forest.depth[i]!,
        forest.size[i]!,
        forest.children[i]!,
        forest.notSetUp[i]!,
        forest.normal[i]!,
        forest.unlinked[i]!,
      ])
    }
  }
}

function differs(live: Live, forest: Forest, i: number): boolean {
  return (
    live.depth[i] !== forest.depth[i] ||
    live.size[i] !== forest.size[i] ||
    live.children[i] !== forest.children[i] ||
    live.notSetUp[i] !== forest.notSetUp[i] ||
    live.normal[i] !== forest.normal[i] ||
    live.unlinked[i] !== forest.unlinked[i]
  )
}
