import { expect, test } from 'vitest'
import { NO_FILTER, storedFilter, storedOpen, storeFilter, storeOpen } from './stored.ts'

function emptyStorage() {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
}

test('open groups and the filter come back as they were', () => {
  const storage = emptyStorage()
  expect(storedOpen(storage)).toBeNull()
  expect(storedFilter(storage)).toEqual(NO_FILTER)
  storeOpen(storage, new Set([7, 8]))
  storeFilter(storage, { text: 'kůň', states: new Set(['unlinked']) })
  expect(storedOpen(storage)).toEqual(new Set([7, 8]))
  expect(storedFilter(storage)).toEqual({ text: 'kůň', states: new Set(['unlinked']) })
})

test('whatever else lies there counts as nothing', () => {
  for (const text of ['{', '7', '{"a":1}', '["1"]', '[-3]', '{"text":"x","states":["odd"]}']) {
    expect(storedOpen({ getItem: () => text })).toBeNull()
    expect(storedFilter({ getItem: () => text })).toEqual(NO_FILTER)
  }
})

test('a storage that is full or forbidden is no failure', () => {
  const forbidden = () => {
    throw new Error('forbidden')
  }
  expect(storedOpen({ getItem: forbidden })).toBeNull()
  expect(() => storeOpen({ setItem: forbidden }, new Set([1]))).not.toThrow()
})
