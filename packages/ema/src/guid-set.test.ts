import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { GuidSet } from './guid-set.ts'
import { toGuid } from './text.ts'

const guid = (n: number): string => toGuid(createHash('md5').update(String(n)).digest('hex')) ?? ''

test('holds exactly what was added, also after growing', () => {
  const set = new GuidSet()
  for (let n = 0; n < 20_000; n += 1) expect(set.add(guid(n))).toBe(true)
  for (let n = 0; n < 20_000; n += 7) expect(set.add(guid(n))).toBe(false)
  expect(set.size).toBe(20_000)
  expect(set.has(guid(19_999))).toBe(true)
  expect(set.has(guid(20_000))).toBe(false)
})

test('entries that share words, and the all-zero GUID', () => {
  const set = new GuidSet()
  const zero = '00000000-0000-0000-0000-000000000000'
  const near = ['0', '1'].flatMap((a) => ['0', '1'].map((b) => `${a}0000000-0000-0000-0000-00000000000${b}`))
  expect(set.has(zero)).toBe(false)
  expect(near.map((id) => set.add(id))).toEqual([true, true, true, true])
  expect(near.map((id) => set.add(id))).toEqual([false, false, false, false])
  expect(set.size).toBe(4)
})
