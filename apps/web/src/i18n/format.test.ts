import { expect, test } from 'vitest'
import { formatAge, toShare } from './format.ts'

test('a share is whole or nothing only when it is', () => {
  expect(toShare(0, 0)).toBe(0)
  expect(toShare(1, 1000)).toBe(0.01)
  expect(toShare(999, 1000)).toBe(0.99)
  expect(toShare(1000, 1000)).toBe(1)
  expect(toShare(0, 1000)).toBe(0)
  expect(toShare(1, 3)).toBe(0.33)
})

test('an age is told in its largest whole unit; under a minute it is left to the caller', () => {
  const now = Date.parse('2026-11-22T12:00:00Z')
  const age = (iso: string) => formatAge(iso, now)
  expect(age('2026-11-22T11:59:30Z')).toBeNull()
  expect(age('2026-11-22T11:57:00Z')).toBe('3 minutes ago')
  expect(age('2026-11-22T10:01:00Z')).toBe('1 hour ago')
  expect(age('2026-11-21T12:00:00Z')).toBe('yesterday')
})
