import { expect, test } from 'vitest'
import { fromSearch, toFilterKey, toSearch } from './filter-address.ts'
import { NO_FILTER } from './stored.ts'

test('a filter survives the way into the address and back', () => {
  const filter = { text: 'čáp & syn', states: new Set(['unlinked', 'notSetUp'] as const) }
  const search = new URLSearchParams(toSearch(filter))
  expect(search.get('state')).toBe('notSetUp,unlinked')
  expect(toFilterKey(fromSearch(search))).toBe(toFilterKey(filter))
})

test('no filter leaves no trace, and nonsense is no filter', () => {
  expect(toSearch(NO_FILTER)).toEqual({})
  expect(fromSearch(new URLSearchParams(''))).toBe(null)
  expect(fromSearch(new URLSearchParams('q=+&state=nonsense,'))).toBe(null)
  expect(toFilterKey(NO_FILTER)).toBe('')
})
