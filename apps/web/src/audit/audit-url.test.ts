import { expect, test } from 'vitest'
import { fromSearch, toFilter, toSearch } from './audit-url.ts'

test('an address and a view are the same thing', () => {
  const text = 'q=jana&action=updateUser&outcome=refused&from=2026-03-01&to=2026-03-31'
  const view = fromSearch(new URLSearchParams(text))
  expect(view).toEqual({
    q: 'jana',
    action: 'updateUser',
    outcome: 'refused',
    from: '2026-03-01',
    to: '2026-03-31',
  })
  expect(new URLSearchParams(toSearch(view) as Record<string, string>).toString()).toBe(text)
})

test('what makes no sense is left out', () => {
  const search = new URLSearchParams(`q=+&action=<b>&outcome=maybe&from=2026-02-30&to=yesterday`)
  expect(fromSearch(search)).toEqual({})
  expect(fromSearch(new URLSearchParams({ q: 'x'.repeat(500) })).q).toHaveLength(200)
})

test('days are whole days of the reader, also when clocks change', () => {
  const { from, to, q } = toFilter({ q: 'a', from: '2026-03-29', to: '2026-03-29' })
  expect(q).toBe('a')
  expect(from).toBe(new Date(2026, 2, 29).toISOString())
  expect(to).toBe(new Date(2026, 2, 30).toISOString())
  expect(toFilter({})).toEqual({})
})
