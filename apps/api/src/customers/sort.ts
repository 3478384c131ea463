import type { CustomerSort } from '@msp-console/contract'
import { z } from 'zod'

/** What the rows of a page are ordered by; the id settles ties. Columns of `static_group g` and `company c`. */
interface Order {
  column: string
  /** SQL type of the cursor's value. */
  type: string
  value: z.ZodType<string | null>
  /** Needs the company row of every candidate: no index carries it. */
  ofCompany: boolean
}

const ORDERS: Readonly<Record<string, Order>> = {
  name: { column: 'g.name', type: 'text', value: z.string(), ofCompany: false },
  state: { column: 'g.state', type: 'customer_state', value: z.string(), ofCompany: false },
  firstSeen: { column: 'c.first_seen_at', type: 'timestamptz', value: z.iso.datetime(), ofCompany: true },
  changed: { column: 'c.changed_at', type: 'timestamptz', value: z.iso.datetime(), ofCompany: true },
  // Unknown and empty alike come first; a customer without an identifier has none to sort by.
  identifier: { column: `coalesce(c.custom_identifier, '')`, type: 'text', value: z.string(), ofCompany: true },
}

export interface SortPlan extends Order {
  descending: boolean
  /** `column desc, …, id desc`. */
  orderBy: string
  /** Condition "comes after the cursor", from the places of its parameters. */
  after: (places: readonly string[]) => string
  /** Shape of the cursor's values. */
  cursor: z.ZodType<readonly (string | number | null)[]>
}

/** By state means by state, then name: the pages of one state read like the list by name. */
export function toSortPlan(sort: CustomerSort): SortPlan {
  const descending = sort.startsWith('-')
  const key = descending ? sort.slice(1) : sort
  const order = ORDERS[key]
  if (order === undefined) throw new RangeError(`no such sort: ${sort}`)
  const columns = key === 'state' ? [order.column, 'g.name', 'g.id'] : [order.column, 'g.id']
  const types = key === 'state' ? [order.type, 'text', 'int'] : [order.type, 'int']
  const direction = descending ? ' desc' : ''
  const name = key === 'state' ? [z.string()] : []
  return {
    ...order,
    descending,
    orderBy: columns.map((column) => `${column}${direction}`).join(', '),
    after: (places) =>
      `(${columns.join(', ')}) ${descending ? '<' : '>'} (${places.map((place, i) => `${place}::${types[i]}`).join(', ')})`,
    cursor: z.tuple([order.value, ...name, z.number().int()]),
  }
}
