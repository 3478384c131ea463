/**
 * Marks customers set up, skipped or neither: one, several, or everything that matches a filter.
 * Invariant: one transaction; the roll-up counters of all ancestors change by exactly what the customers changed, and every
 * changed customer has a history event. Unlinked customers keep their mark too, it just changes no counter.
 */
import type { CustomerFilter, Setup, SetupChange } from '@msp-console/contract'
import { rangeOf, type Scope } from '../access/scope.ts'
import { fromId, toId } from '../db/ids.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { ProblemError } from '../http/problem.ts'
import { Parameters, toConditions } from './filter.ts'
import { findWithin } from './queries.ts'

export type Which = { ids: readonly string[] } | { filter: CustomerFilter }

const UNDO_MOST = 1000

/** Told inside the transaction, once, unless nothing changed. */
interface SetupDone {
  state: Setup
  changed: number
  unchanged: number
  /** The one customer, or the lowest group above all of them. */
  path: string
}
export type RecordSetup = (db: Db, done: SetupDone) => Promise<void>

/** @throws ProblemError `not-found` (any of the ids, or the group of the filter), `not-a-customer` */
export function applySetup(
  inScope: InScope,
  scope: Scope,
  which: Which,
  state: Setup,
  actor: string,
  record: RecordSetup = async () => {},
): Promise<SetupChange> {
  // A hundred thousand customers at once take seconds, not the five that a page may.
  return inScope(scope, (db) => applyInside(db, scope, which, state, actor, record), { timeoutSeconds: 60 })
}

interface Changed {
  id: number
  path: string
  account_id: number
  before: Setup
  /** What moved from "not set up" to "normal": 1, -1, or 0. */
  delta: number
}

async function applyInside(
  db: Db,
  scope: Scope,
  which: Which,
  state: Setup,
  actor: string,
  record: RecordSetup,
): Promise<SetupChange> {
  const at = new Parameters()
  const conditions =
    'ids' in which
      ? await toIdConditions(db, scope, which.ids, at)
      : await toFilterConditions(db, scope, which.filter, at)
  await lockAccounts(db, conditions, at)
  const { rows: counted } = await db.query<{ count: number }>(
    `select count(*) from static_group g where ${conditions} and g.setup = $${at.values.length + 1}`,
    [...at.values, state],
  )
  const changed = await writeMarks(db, conditions, at, state, actor)
  await passUp(db, changed)
  await announce(db, changed)
  const unchanged = counted[0]?.count ?? 0
  const path = toCommonPath(changed.map((each) => each.path))
  if (path !== null) await record(db, { state, changed: changed.length, unchanged, path })
  return { changed: changed.length, unchanged, undo: toUndo(changed) }
}

/** Of `/1/2/7/8/` and `/1/2/7/9/`: `/1/2/7/`. Null of none. */
function toCommonPath(paths: readonly string[]): string | null {
  const [first, ...rest] = paths
  if (first === undefined) return null
  let common = first
  for (const path of rest) {
    while (!path.startsWith(common)) common = common.slice(0, common.lastIndexOf('/', common.length - 2) + 1)
  }
  return common
}

async function toIdConditions(db: Db, scope: Scope, ids: readonly string[], at: Parameters): Promise<string> {
  const wanted = [...new Set(ids.map(fromId))]
  const { rows } = await db.query<{ leaf: boolean }>(
    'select leaf from static_group where id = any($1::int[]) and path >= $2 and path < $3',
    [wanted, ...rangeOf(scope.path)],
  )
  if (rows.length < wanted.length) throw new ProblemError('not-found', 'There is no such customer.')
  if (rows.some(({ leaf }) => !leaf)) throw new ProblemError('not-a-customer', 'Only customers are set up.')
  return `g.id = any(${at.add(wanted)}::int[])`
}

async function toFilterConditions(db: Db, scope: Scope, filter: CustomerFilter, at: Parameters) {
  const within = await findWithin(db, scope, filter.under)
  if (within === null) throw new ProblemError('not-found', 'There is no such group.')
  return toConditions(filter, within, at).join(' and ')
}

/** As everybody does who writes a tree: the account's row first, in the order of ids, so that nobody waits in a circle. */
async function lockAccounts(db: Db, conditions: string, at: Parameters): Promise<void> {
  await db.query(
    `select lock_accounts(array(select distinct g.account_id from static_group g where ${conditions}))`,
    at.values,
  )
}

async function writeMarks(db: Db, conditions: string, at: Parameters, state: Setup, actor: string) {
  const [setup, by] = [`$${at.values.length + 1}::setup`, `$${at.values.length + 2}::text`]
  const { rows } = await db.query<Changed>(
    `with target as (
       select g.id, g.path, g.account_id, g.setup as before,
         case when g.presence = 'unlinked' then 0
           else (g.setup = 'none')::int - (${setup} = 'none')::int end as delta
       from static_group g where ${conditions} and g.setup <> ${setup}
     ), marked as (
       update static_group g set setup = ${setup}, not_set_up = g.not_set_up - t.delta, normal = g.normal + t.delta
       from target t where g.id = t.id
     ), signed as (
       update company c set setup_at = now(), setup_by = ${by}, changed_at = now() from target t where c.group_id = t.id
     ), told as (
       insert into group_event (group_id, kind, before, after, actor)
       select id, 'setup', jsonb_build_object('setup', before), jsonb_build_object('setup', ${setup}), ${by} from target
     )
     select id, path, account_id, before, delta from target`,
    [...at.values, state, actor],
  )
  return rows
}

/**
 * Adds up per ancestor first, then writes each once: by a function of the owner, because ancestors above the caller's scope
 * change as well. All and Companies last, because every account's writers meet there.
 */
async function passUp(db: Db, changed: readonly Changed[]): Promise<void> {
  const deltas = new Map<number, number>()
  for (const { path, delta } of changed) {
    if (delta === 0) continue
    for (const id of path.slice(1, -1).split('/').slice(0, -1))
      deltas.set(Number(id), (deltas.get(Number(id)) ?? 0) - delta)
  }
  const shared = [1, 2].map((id) => [id, deltas.get(id) ?? 0] as const)
  for (const [id] of shared) deltas.delete(id)
  for (const group of [[...deltas], shared.filter(([, delta]) => delta !== 0)]) {
    if (group.length === 0) continue
    await db.query('select add_to_counters($1, $2)', [group.map(([id]) => id), group.map(([, delta]) => delta)])
  }
}

async function announce(db: Db, changed: readonly Changed[]): Promise<void> {
  if (changed.length === 0) return
  const parents = new Set(changed.map(({ path }) => Number(path.split('/').at(-3))))
  await db.query('select raise_generations($1)', [[...parents]])
  const accounts = [...new Set(changed.map(({ account_id }) => account_id))]
  await db.query(
    `select pg_notify('msp_console', json_build_object('type', 'tree', 'accountId', id)::text) from unnest($1::int[]) id`,
    [accounts],
  )
}

function toUndo(changed: readonly Changed[]): SetupChange['undo'] {
  if (changed.length > UNDO_MOST) return null
  const byState = Map.groupBy(changed, ({ before }) => before)
  return [...byState].map(([state, rows]) => ({ state, ids: rows.map(({ id }) => toId(id)) }))
}
