import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { fromHiddenId, hideText, setIdKey, showText, toHiddenId } from './hidden.ts'

beforeAll(() => setIdKey(Buffer.alloc(32, 7)))

describe('hidden ids', () => {
  test('lead back to the id of their kind and to nothing else', () => {
    fc.assert(
      fc.property(fc.nat(), (id) => {
        const hidden = toHiddenId('run', id)
        expect(hidden).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
        expect(fromHiddenId('run', hidden)).toBe(id)
        expect(fromHiddenId('token', hidden)).toBe(0)
      }),
    )
  })

  test('say nothing about each other, and the same every time', () => {
    const hidden = Array.from({ length: 1000 }, (_, id) => toHiddenId('event', id + 1))
    expect(new Set(hidden.map((text) => text.slice(0, 8))).size).toBeGreaterThan(990)
    expect(hidden.toSorted()).not.toEqual(hidden)
    expect(toHiddenId('event', 1)).toBe(hidden[0])
  })

  test.each(['', 'x', '00000000-0000-0000-0000-000000000001', '9'.repeat(40)])('%j is nobody’s', (text) => {
    expect(fromHiddenId('run', text)).toBe(0)
  })

  test('another key gives other ids', () => {
    const before = toHiddenId('run', 1)
    setIdKey(Buffer.alloc(32, 8))
    expect(toHiddenId('run', 1)).not.toBe(before)
    expect(fromHiddenId('run', before)).toBe(0)
  })
})

test('hidden text comes back whole or not at all', () => {
  const hidden = hideText('["a",1]')
  expect(showText(hidden)).toBe('["a",1]')
  expect(hidden).not.toContain('a",1')
  expect(showText(`${hidden.slice(0, -2)}AA`)).toBeNull()
  expect(showText('')).toBeNull()
})
