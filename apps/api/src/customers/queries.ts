import { hash } from 'node:crypto'
import type { CustomerFilter, CustomerSort } from '@msp-console/contract'
import type { Scope } from '../access/scope.ts'
import { fromId } from '../db/ids.ts'
import type { Db } from '../db/tx.ts'
import { Parameters, toConditions } from './filter.ts'
import type { CustomerRecord } from './present.ts'
import { toSortPlan } from './sort.ts'

/** The subtree that a list is about: `under` inside the scope, with its size and counters. */
export interface Within extends Scope {
  size: number
  notSetUp: number
  normal: number
  unlinked: number
}

interface WithinRecord {
  id: number
  name: string
  path: string
  size: number
  not_set_up: number
  normal: number
  unlinked: number
}

/** Null = `under` is not in scope. Index: primary key. */
export async function findWithin(db: Db, scope: Scope, under: string | undefined): Promise<Within | null> {
  const { rows } = await db.query<WithinRecord>({
    name: 'within',
    text: 'select id, name, path, size, not_set_up, normal, unlinked from static_group where id = $1 and starts_with(path, $2)',
    values: [under === undefined ? scope.rootId : fromId(under), scope.path],
  })
  const row = rows[0]
  if (row === undefined) return null
  const { id: rootId, name, path, size, not_set_up: notSetUp, normal, unlinked } = row
  return { rootId, name, path, size, notSetUp, normal, unlinked }
}

const COLUMNS = `g.id, g.name, g.path, g.state, g.setup, g.presence, g.source_status, g.account_id, g.computers,
  c.guid, c.custom_identifier, c.email, c.tags, c.first_seen_at, c.changed_at, a.name as account_name, a.root_group_id,
  case when g.presence = 'present' then a.last_complete_at else c.last_seen_at end as last_seen_at`

export interface Page {
  filter: CustomerFilter
  sort: CustomerSort
  after: readonly (string | number)[] | null
  limit: number
}

/**
 * One page. Two plans, chosen by how many match (measured: below √(limit × all) reading all that match and sorting them
 * wins, above it walking an index in the wanted order until the page is full): a range of static_group_by_path,
 * static_group_search or static_group_by_state; or static_group_by_name or the primary key with an early stop.
 * What is shown is read for the page's rows only.
 * @param sizes `total` that match, of `all` groups there are
 */
export async function listCustomerRows(
  db: Db,
  within: Within,
  sizes: { total: number; all: number },
  page: Page,
): Promise<CustomerRecord[]> {
  const at = new Parameters()
  const sort = toSortPlan(page.sort)
  const conditions = toConditions(page.filter, within, at)
  const after = page.after === null ? [] : [sort.after(page.after.map((value) => at.add(value)))]
  const company = sort.ofCompany ? ' join company c on c.group_id = g.id' : ''
  const isHot = isOfPlaceAndState(page)
  // As text where the plan is kept: with a number it does not know the planner expects a tenth of all, and plans anew each time.
  const limit = isHot ? String(page.limit) : at.add(page.limit)
  const few = sizes.total < Math.sqrt(page.limit * sizes.all)
  // Materialised: the planner must not walk an index past the whole instance to find a few.
  const source = few
    ? `with g as materialized (select * from static_group g where ${conditions.join(' and ')})
       select g.id from g${company} ${where(after)}`
    : `select g.id from static_group g${company} ${where([...conditions, ...after])}`
  const text = `select ${COLUMNS} from (${source} order by ${sort.orderBy} limit ${limit}) page
       join static_group g on g.id = page.id join company c on c.group_id = g.id join account_seen a on a.id = g.account_id
     order by ${sort.orderBy}`
  const { rows } = await db.query<CustomerRecord>({
    ...(isHot ? { name: `customers ${hash('sha1', text, 'base64')}` } : {}),
    text,
    values: at.values,
  })
  return rows
}

/**
 * Planning costs more than a page does, so what everybody asks for is planned once per connection: pages of the usual length by
 * place and state. Of all the other filters there are too many combinations to keep a plan of each.
 */
function isOfPlaceAndState({ filter: { under: _under, state: _state, ...rest }, limit }: Page): boolean {
  return USUAL.has(limit) && Object.values(rest).every((value) => value === undefined || value === '')
}

/** Rows of a page, and one that tells whether there are more. */
const USUAL: ReadonlySet<number> = new Set([50, 51])

function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
}

/** How many match. From the counters where only place and state are filtered, else counted. */
export async function countCustomers(db: Db, within: Within, filter: CustomerFilter): Promise<number> {
  const { under: _, state, ...rest } = filter
  if (Object.values(rest).every((value) => value === undefined || value === '')) {
    const counters = { notSetUp: within.notSetUp, normal: within.normal, unlinked: within.unlinked }
    const wanted = new Set(state ?? (['notSetUp', 'normal', 'unlinked'] as const))
    return [...wanted].reduce((sum, each) => sum + counters[each], 0)
  }
  const at = new Parameters()
  const { rows } = await db.query<{ count: number }>(
    `select count(*) from static_group g ${where(toConditions(filter, within, at))}`,
    at.values,
  )
  return rows[0]?.count ?? 0
}
