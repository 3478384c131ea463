import { CustomerFilter } from '@msp-console/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { paths } from '../paths.ts'
import {
  CHOICE_NAMES,
  CHOICES,
  countFilters,
  fromSearch,
  toggleSort,
  toPreset,
  toSearch,
  type View,
} from './filter-url.ts'

const viaAddress = (view: View): View => fromSearch(new URL(paths.customers(toSearch(view)), 'http://x').searchParams)

test('filter, search and sort survive the address', () => {
  const words = (values: readonly string[]) =>
    fc.subarray([...values], { minLength: 1 }).map((chosen) => values.filter((word) => chosen.includes(word)).join(','))
  const filter = fc.record(
    {
      q: fc.string({ minLength: 1, maxLength: 40 }).filter((text) => text.trim() === text && text !== ''),
      account: fc.integer({ min: 1, max: 999 }).map(String),
      under: fc.integer({ min: 1, max: 999 }).map(String),
      state: words(CHOICES.state),
      setup: words(CHOICES.setup),
      presence: words(CHOICES.presence),
      sourceStatus: words(CHOICES.sourceStatus),
      parentKind: words(CHOICES.parentKind),
    },
    { requiredKeys: [] },
  )
  const sort = fc.constantFrom('name', '-name', 'state', '-firstSeen', 'changed', '-identifier')
  fc.assert(
    fc.property(fc.record({ filter, sort }), (view) => {
      expect(viaAddress(view as View)).toEqual(view) // the generators make only what a view may hold
      expect(CustomerFilter.safeParse(view.filter).success).toBe(true)
    }),
  )
})

test('what an address says wrongly is left out', () => {
  const search = new URLSearchParams('state=notSetUp,wrong&setup=no&account=x&under=0&sort=size&q=%20%20')
  expect(fromSearch(search)).toEqual({ filter: { state: 'notSetUp' }, sort: 'name' })
})

test('presets are recognised, with or without a search text', () => {
  expect(toPreset({})).toBe('all')
  expect(toPreset({ q: 'a', state: 'notSetUp' })).toBe('notSetUp')
  expect(toPreset({ sourceStatus: 'suspended' })).toBe('suspended')
  expect(toPreset({ state: 'unlinked' })).toBe('removed')
  expect(toPreset({ state: 'unlinked', account: '1' })).toBeNull()
})

test('the search text is no filter', () => {
  expect(countFilters({ q: 'a' })).toBe(0)
  expect(countFilters({ q: 'a', state: 'normal', under: '4' })).toBe(2)
})

test('a column sorts up, then down; dates the other way round', () => {
  expect(toggleSort('changed', 'name')).toBe('name')
  expect(toggleSort('name', 'name')).toBe('-name')
  expect(toggleSort('-name', 'name')).toBe('name')
  expect(toggleSort('name', 'firstSeen')).toBe('-firstSeen')
  expect(toggleSort('-firstSeen', 'firstSeen')).toBe('firstSeen')
})

test('every filter of several values belongs to the contract', () => {
  for (const name of CHOICE_NAMES) expect(Object.keys(CustomerFilter.shape)).toContain(name)
})
