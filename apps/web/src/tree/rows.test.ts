import { CustomerState, fold, GROUP_KINDS } from '@msp-console/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CUSTOMER_GAP, INNER, INNER_GAP, keyOf, type Key, refOfKey, typeOf } from './refs.ts'
import { type Filter, toHits, toNames } from './hits.ts'
import { placeOf, rowOf, toRows } from './rows.ts'
import { type PlainGroup, plainGroup, toData } from './testing.ts'

// The slow and obvious version: recursion over objects. The fast one must agree with it row by row.

interface PlainRow {
  key: Key
  level: number
  posInSet: number
  setSize: number
}

function matches(node: { name: string; state: string }, isInner: boolean, filter: Filter): boolean {
  if (!fold(node.name).includes(fold(filter.text.trim()))) return false
  if (filter.states.size === 0) return true
  return filter.states.has(node.state as CustomerState) && (!isInner || node.state === 'unlinked') // a plain state is one
}

function hasMatchBelow(group: PlainGroup, filter: Filter): boolean {
  return (
    group.customers.some((customer) => matches(customer, false, filter)) ||
    group.groups.some((child) => matches(child, true, filter) || hasMatchBelow(child, filter))
  )
}

function obviousRows(tops: PlainGroup[], open: ReadonlySet<number>, filter: Filter): PlainRow[] {
  const filtering = filter.states.size > 0 || filter.text.trim() !== ''
  const rows: PlainRow[] = []
  const list = (groups: PlainGroup[], parent: PlainGroup | null, whole: boolean, level: number) => {
    const shownGroups = groups.filter((g) => whole || matches(g, true, filter) || hasMatchBelow(g, filter))
    const shownCustomers = (parent?.customers ?? []).filter((c) => whole || matches(c, false, filter))
    const groupGap = whole && parent && parent.hiddenGroups > 0 ? [-2 * parent.id] : []
    const customerGap = whole && parent && parent.hiddenCustomers > 0 ? [-2 * parent.id - 1] : []
    const known = parent
      ? parent.groups.length + parent.hiddenGroups + parent.customers.length + parent.hiddenCustomers
      : groups.length
    const shown = shownGroups.length + shownCustomers.length + groupGap.length + customerGap.length
    const setSize = filtering ? shown : known
    let posInSet = 0
    const put = (key: Key) => rows.push({ key, level, posInSet: ++posInSet, setSize })
    for (const group of shownGroups) {
      put(group.id)
      const below = filtering && hasMatchBelow(group, filter)
      const hasChildren = group.groups.length + group.customers.length + group.hiddenGroups + group.hiddenCustomers > 0
      if (hasChildren && open.has(group.id) !== below) list(group.groups, group, !below, level + 1)
    }
    groupGap.forEach(put)
    if (!filtering && parent) posInSet = parent.groups.length + parent.hiddenGroups
    shownCustomers.forEach((customer) => put(customer.id))
    customerGap.forEach(put)
  }
  list(tops, null, !filtering, 1)
  return rows
}

const names = fc.constantFrom(
  'Žluťoučký kůň',
  'zlutoucky',
  'Alfa',
  'ALFA beta',
  'Łódź',
  'Straße',
  'x',
  '',
  'a\nb',
  'ＷＩＤＥ',
)
const states = fc.constantFrom(...CustomerState.options)

/** Every entry hangs below an earlier one, or at the top; ids rise and fall in preorder, as after groups have moved. */
function arbitraryTree(): fc.Arbitrary<PlainGroup[]> {
  const entry = fc.record({
    below: fc.nat(60),
    name: names,
    kind: fc.constantFrom(...GROUP_KINDS),
    state: states,
    hiddenGroups: fc.constantFrom(0, 0, 0, 2),
    hiddenCustomers: fc.constantFrom(0, 0, 0, 3),
  })
  return fc.array(entry, { minLength: 1, maxLength: 60 }).map((entries) => {
    const tops: PlainGroup[] = []
    const groups: PlainGroup[] = []
    entries.forEach(({ below, ...rest }, index) => {
      const id = ((index * 7919) % 10_007) + 1
      const parent = groups[below % (groups.length + 1)]
      if (rest.kind === 'customer' && parent) {
        parent.customers.push({ id, name: rest.name, state: rest.state })
      } else {
        const group = plainGroup(id, rest.name, { ...rest, kind: rest.kind === 'customer' ? 'msp' : rest.kind })
        groups.push(group)
        const siblings = parent?.groups ?? tops
        siblings.push(group)
      }
    })
    return tops
  })
}

const filters = fc.record({
  text: fc.constantFrom('', '', ' ', 'zlut', 'ALFA', 'a', 'lodz', 'b', 'ss', 'wide', 'nowhere'),
  states: fc.subarray([...CustomerState.options]).map((list) => new Set(list)),
})

function idsOf(groups: PlainGroup[]): number[] {
  return groups.flatMap((group) => [group.id, ...idsOf(group.groups)])
}

test('rows agree with the obvious recursion, with and without a filter', () => {
  fc.assert(
    fc.property(arbitraryTree(), filters, fc.infiniteStream(fc.boolean()), (tops, filter, coins) => {
      const data = toData(tops)
      const open = new Set(idsOf(tops).filter(() => coins.next().value === true))
      const hits = toHits(data, toNames(data), filter)
      const rows = toRows(data, open, hits)
      const seen = Array.from(rows.ref, (ref, row) => ({ key: keyOf(data, ref), ...placeOf(data, rows, row) }))
      expect(seen).toEqual(obviousRows(tops, open, hits ? filter : { text: '', states: new Set() }))
      rows.ref.forEach((ref, row) => {
        expect(rowOf(rows, refOfKey(data, keyOf(data, ref)))).toBe(row)
      })
    }),
    { numRuns: 2000 },
  )
})

test('hits are counted over the whole tree, open or not', () => {
  fc.assert(
    fc.property(arbitraryTree(), filters, (tops, filter) => {
      const data = toData(tops)
      const hits = toHits(data, toNames(data), filter)
      const count = (groups: PlainGroup[]): number =>
        groups.reduce(
          (sum, group) =>
            sum +
            Number(matches(group, true, filter)) +
            group.customers.filter((customer) => matches(customer, false, filter)).length +
            count(group.groups),
          0,
        )
      const isFiltering = filter.text.trim() !== '' || filter.states.size > 0
      expect(hits?.count).toBe(isFiltering ? count(tops) : undefined)
    }),
    { numRuns: 1000 },
  )
})

const world = [
  plainGroup(1, 'All', {
    kind: 'all',
    groups: [
      plainGroup(10, 'Alfa', {
        customers: [
          { id: 100, name: 'Beta', state: 'notSetUp' },
          { id: 101, name: 'Gama', state: 'normal' },
        ],
      }),
      plainGroup(11, 'Delta', { hiddenGroups: 3, hiddenCustomers: 2 }),
    ],
  }),
]

test('what is known but not here is a gap below its group, in its place among the siblings', () => {
  const data = toData(world)
  const rows = toRows(data, new Set([1, 11]), null)
  expect(Array.from(rows.ref, typeOf)).toEqual([INNER, INNER, INNER, INNER_GAP, CUSTOMER_GAP])
  expect(placeOf(data, rows, 3)).toEqual({ level: 3, posInSet: 1, setSize: 5 })
  expect(placeOf(data, rows, 4)).toEqual({ level: 3, posInSet: 4, setSize: 5 })
})

test('a match without matches below opens to all of its children', () => {
  const data = toData(world)
  const hits = toHits(data, toNames(data), { text: 'alfa', states: new Set() })
  expect(toRows(data, new Set(), hits).length).toBe(2)
  const rows = toRows(data, new Set([10]), hits)
  expect(Array.from(rows.ref, (ref) => keyOf(data, ref))).toEqual([1, 10, 100, 101])
})
