import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fromCursor, toCursor, toPage } from './cursor.ts'
import { ProblemError } from './problem.ts'

const Values = z.tuple([z.string(), z.int()])

describe('a cursor', () => {
  test('brings its values back to the list it came from', () => {
    expect(fromCursor(['a', { q: 'x' }], toCursor(['a', { q: 'x' }], ['Žába', 7]), Values)).toEqual(['Žába', 7])
    expect(fromCursor('list', undefined, Values)).toBeNull()
  })

  test.each([
    ['another filter', toCursor(['a', { q: 'y' }], ['n', 7])],
    ['other values', toCursor(['a', { q: 'x' }], [7, 'n'])],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['nonsense', '!!!'],
    ['a bare value', Buffer.from('null').toString('base64url')],
  ])('of %s is stale', (_, cursor) => {
    expect(() => fromCursor(['a', { q: 'x' }], cursor, Values)).toThrow(
      expect.objectContaining({ name: ProblemError.name, code: 'stale-cursor' }),
    )
  })

  test('follows only when there is more', () => {
    expect(toPage([1, 2, 3], 2)).toEqual({ page: [1, 2], last: 2 })
    expect(toPage([1, 2], 2)).toEqual({ page: [1, 2], last: null })
    expect(toPage([], 2)).toEqual({ page: [], last: null })
  })
})
