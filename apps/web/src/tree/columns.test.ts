import { expect, test } from 'vitest'
import { missingCustomers, missingInner, toTreeData } from './columns.ts'
import { CUSTOMER, INNER, keyOf, nameOf, NO_REF, parentOf, refOfId, refOfKey, toRef } from './refs.ts'
import { plainGroup, toWire } from './testing.ts'

const world = [
  plainGroup(1, '', {
    kind: 'all',
    groups: [
      plainGroup(2, '', {
        kind: 'companies',
        groups: [
          plainGroup(40, 'Severní dílna', {
            kind: 'mspManager',
            customers: [{ id: 9, name: 'Pekárna Rohlík', state: 'notSetUp' }],
            groups: [plainGroup(7, 'Malá pobočka', { customers: [{ id: 50, name: '', state: 'normal' }] })],
          }),
        ],
      }),
      plainGroup(3, '', { kind: 'lostAndFound', hiddenGroups: 2, hiddenCustomers: 1 }),
    ],
  }),
]
const wire = toWire(world, 'g7')
const named = (kind: string, name: string) => (name === '' ? `(${kind})` : name)
const data = toTreeData('g7', wire.inner, wire.customers, named)

test('the shape of the tree follows from the depths of its preorder', () => {
  expect([...data.inner.id]).toEqual([1, 2, 40, 7, 3])
  expect([...data.inner.parent]).toEqual([-1, 0, 1, 2, 0])
  expect([...data.inner.end]).toEqual([5, 4, 4, 4, 5])
  expect([...data.inner.ordinal]).toEqual([1, 1, 1, 1, 2])
  expect([...data.inner.loaded]).toEqual([2, 1, 1, 0, 0])
  expect(data.generation).toBe('g7')
})

test('customers stand in blocks below their groups', () => {
  expect([...data.customer.id]).toEqual([9, 50])
  expect([...data.customer.parent]).toEqual([2, 3])
  expect([...data.inner.firstCustomer]).toEqual([0, 0, 0, 1, 0])
  expect([...data.inner.loadedCustomers]).toEqual([0, 0, 1, 1, 0])
})

test('names of our own groups and of nameless customers come from the caller', () => {
  expect(data.inner.name).toEqual(['(all)', '(companies)', 'Severní dílna', 'Malá pobočka', '(lostAndFound)'])
  expect(data.customer.name).toEqual(['Pekárna Rohlík', '(customer)'])
})

test('what is known but not here is counted', () => {
  expect(data.complete).toBe(false)
  expect([missingInner(data.inner, 4), missingCustomers(data.inner, 4)]).toEqual([2, 1])
  expect([missingInner(data.inner, 2), missingCustomers(data.inner, 2)]).toEqual([0, 0])
  const bare = toTreeData('g7', wire.inner, null, named)
  expect(missingCustomers(bare.inner, 3)).toBe(1)
  expect(bare.customer.size).toBe(0)
})

test('ids, keys and refs name the same node', () => {
  const bakery = refOfId(data, 9)
  expect(bakery).toBe(toRef(0, CUSTOMER))
  expect(nameOf(data, bakery)).toBe('Pekárna Rohlík')
  expect(parentOf(data, bakery)).toBe(refOfKey(data, 40))
  expect(keyOf(data, refOfId(data, 7))).toBe(7)
  expect(parentOf(data, toRef(0, INNER))).toBe(NO_REF)
  expect(refOfId(data, 8)).toBe(NO_REF)
  for (const key of [-6, -7]) {
    expect(keyOf(data, refOfKey(data, key))).toBe(key)
    expect(parentOf(data, refOfKey(data, key))).toBe(refOfId(data, 3))
  }
})

test('a part of a tree may start anywhere', () => {
  const part = toTreeData('1', { ...wire.inner, depth: wire.inner.depth.map((depth) => depth + 4) }, null, named)
  expect([...part.inner.depth]).toEqual([0, 1, 2, 3, 1])
})

test('columns that do not fit together are refused', () => {
  expect(() => toTreeData('1', { ...wire.inner, mark: 'a' }, null, named)).toThrow(RangeError)
  const { customers } = wire
  if (!customers) throw new Error('the world has customers')
  expect(() => toTreeData('1', wire.inner, { ...customers, of: [8, 1] }, named)).toThrow(RangeError)
  expect(() => toTreeData('1', wire.inner, { ...customers, count: [1, 2] }, named)).toThrow(RangeError)
})
