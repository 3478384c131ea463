import { fold } from '@msp-console/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toFolded } from './folded.ts'

test('names folded in chunks match like names folded one by one', () => {
  const name = fc.string({
    unit: fc.constantFrom('a', 'Á', 'ß', 'ﬁ', 'e\u0301', '\n', ' ', 'Σ', 'ł', '😀', 'B'),
    maxLength: 6,
  })
  fc.assert(
    fc.property(fc.array(name, { maxLength: 30 }), name, (names, typed) => {
      const text = fold(typed.replaceAll('\n', ' '))
      if (text === '') return
      const expected = names.map((each) => Number(fold(each.replaceAll('\n', ' ')).includes(text)))
      const into = new Uint8Array(names.length)
      const folded = toFolded(names)
      expect(folded.search(text, into)).toBe(expected.filter(Boolean).length)
      expect([...into]).toEqual(expected)
      names.forEach((each, i) => {
        expect(folded.startsWith(i, text)).toBe(fold(each.replaceAll('\n', ' ')).startsWith(text))
      })
    }),
    { numRuns: 1000 },
  )
})

test('chunks are folded one at a time', () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `Name ${i}`)
  const folded = toFolded(names)
  expect([folded.advance(), folded.advance(), folded.advance(), folded.advance()]).toEqual([true, true, false, false])
  const into = new Uint8Array(names.length)
  expect(folded.search('name 1999', into)).toBe(11)
  expect(into[19_999]).toBe(1)
  expect(folded.startsWith(8192, 'name 8192')).toBe(true)
})
