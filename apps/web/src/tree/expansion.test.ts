import { expect, test } from 'vitest'
import { allIds, ancestorIds, defaultOpen, newRoots, toAsked, topIds, withIds, withToggled } from './expansion.ts'
import { refOfId } from './refs.ts'
import { type PlainGroup, plainGroup, toData } from './testing.ts'

const root = (id: number) =>
  plainGroup(id, `Root ${id}`, {
    kind: 'distributor',
    groups: [plainGroup(id + 1, 'Alfa', { customers: [{ id: id + 2, name: 'Beta', state: 'normal' }] })],
  })
const world = (...roots: PlainGroup[]) =>
  toData([
    plainGroup(1, 'All', {
      kind: 'all',
      groups: [
        plainGroup(2, 'Companies', { kind: 'companies', groups: roots }),
        plainGroup(3, 'Lost & found', { kind: 'lostAndFound' }),
      ],
    }),
  ])
const data = world(root(10), root(20))

test('open at first: All, Companies and the root of each account', () => {
  expect(defaultOpen(data)).toEqual(new Set([1, 2, 10, 20]))
  expect(defaultOpen(toData([root(10)]))).toEqual(new Set([10]))
})

test('the root of an account that appears later is new', () => {
  expect(newRoots(world(root(10)), data)).toEqual([20])
  expect(newRoots(data, world(root(10)))).toEqual([])
})

test('everything, the tops, and the way up', () => {
  expect(allIds(data)).toEqual(new Set([1, 2, 10, 11, 20, 21]))
  expect(topIds(data)).toEqual(new Set([1]))
  expect(ancestorIds(data, refOfId(data, 22))).toEqual([21, 20, 2, 1])
})

test('sets change into new ones, and not at all when nothing is new', () => {
  const open = new Set([1, 2])
  expect(withIds(open, [2, 1])).toBe(open)
  expect(withIds(open, [3])).toEqual(new Set([1, 2, 3]))
  expect(withToggled(open, [2, 3])).toEqual(new Set([1, 3]))
  expect(open).toEqual(new Set([1, 2]))
})

test('the first request names at most fifty groups, or none', () => {
  expect(toAsked(null)).toBeUndefined()
  expect(toAsked(new Set())).toBeUndefined()
  expect(toAsked(new Set([5, 6]))).toBe('5,6')
  expect(toAsked(new Set(Array.from({ length: 80 }, (_, id) => id + 1)))?.split(',')).toHaveLength(50)
})
