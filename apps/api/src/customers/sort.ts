import type { CustomerSort } from '@msp-console/contract'
import { z } from 'zod'
import type { CustomerRecord } from './present.ts'

/** One column of an order over `static_group g` and `company c`, with what a cursor keeps of it. */
interface Key {
  column: string
  /** SQL type of the cursor's value. */
  type: string
  value: z.ZodType<string | number>
  of: (row: CustomerRecord) => string | number
}

const ID: Key = { column: 'g.id', type: 'int', value: z.int(), of: (row) => row.id }
const NAME: Key = { column: 'g.name', type: 'text', value: z.string(), of: (row) => row.name }
const STATE: Key = { column: 'g.state', type: 'customer_state', value: z.string(), of: (row) => row.state }
const CHANGED: Key = {
  column: 'c.changed_at',
  type: 'timestamptz',
  value: z.iso.datetime(),
  of: (row) => row.changed_at,
}
/** Unknown and empty alike come first. By code points: these are keys for programs, and a collation costs three times as much. */
const IDENTIFIER: Key = {
  column: `coalesce(c.custom_identifier, '') collate "C"`,
  type: 'text',
  value: z.string(),
  of: (row) => row.custom_identifier ?? '',
}

/** The id settles ties. By state means by state, then name: the pages of one state read like the list by name. */
const ORDERS: Readonly<Record<string, readonly Key[]>> = {
  name: [NAME, ID],
  state: [STATE, NAME, ID],
  // Ids are handed out in the order in which companies are first seen, and the primary key stands in that order already.
  firstSeen: [ID],
  changed: [CHANGED, ID],
  identifier: [IDENTIFIER, ID],
}

export interface SortPlan {
  /** True where the company row of every candidate is needed: no index carries the column. */
  ofCompany: boolean
  orderBy: string
  /** Condition "comes after the cursor", from the places of its parameters. */
  after: (places: readonly string[]) => string
  /** Shape of the cursor's values. */
  cursor: z.ZodType<readonly (string | number)[]>
  toCursorValues: (row: CustomerRecord) => (string | number)[]
}

export function toSortPlan(sort: CustomerSort): SortPlan {
  const descending = sort.startsWith('-')
  const keys = ORDERS[descending ? sort.slice(1) : sort]
  if (keys === undefined) throw new RangeError(`no such sort: ${sort}`)
  const columns = keys.map(({ column }) => column)
  const values = keys.map(({ value }) => value)
  return {
    ofCompany: columns.some((column) => column.includes('c.')),
    orderBy: columns.map((column) => `${column}${descending ? ' desc' : ''}`).join(', '),
    after: (places) => {
      const given = places.map((place, i) => `${place}::${keys[i]?.type}`)
      return `(${columns.join(', ')}) ${descending ? '<' : '>'} (${given.join(', ')})`
    },
    cursor: z
      .array(z.union([z.string(), z.number()]))
      .refine(
        (given) => given.length === values.length && values.every((value, i) => value.safeParse(given[i]).success),
      ),
    toCursorValues: (row) => keys.map(({ of }) => of(row)),
  }
}
