import { expect, test } from 'vitest'
import { findFolded } from './highlight.tsx'

test('a match is marked as it is written', () => {
  const marked = (name: string, typed: string) => {
    const match = findFolded(name, typed)
    return match && name.slice(match.start, match.end)
  }
  expect(marked('Pekárna Žižkov', 'ZIZ')).toBe('Žiž')
  expect(marked('Große Straße', 'strass')).toBe(null)
  expect(marked('Große Straße', 'stras')).toBe('Straß')
  expect(marked('ﬁrma', 'f')).toBe('ﬁ')
  expect(marked('Cafe\u0301 Noir', 'cafe')).toBe('Cafe\u0301')
  expect(marked('Alfa', '')).toBe(null)
  expect(marked('Alfa', 'beta')).toBe(null)
})

test.each([
  ['Straße', 'se', 'ße'],
  ['Łódź', 'lodz', 'Łódź'],
  ['a😀b', 'b', 'b'],
])('in %s, %s marks %s', (text, q, marked) => {
  const range = findFolded(text, q)
  expect(range && text.slice(range.start, range.end)).toBe(marked)
})
