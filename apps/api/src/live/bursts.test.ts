import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBursts } from './bursts.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('the first goes at once, the last of a burst at the end of the interval, others never', () => {
  const sent: string[] = []
  const bursts = createBursts<string>(
    250,
    (value) => value.charAt(0),
    (value) => sent.push(value),
  )
  for (const value of ['a1', 'a2', 'b1', 'a3']) bursts.push(value)
  expect(sent).toEqual(['a1', 'b1'])
  vi.advanceTimersByTime(250)
  expect(sent).toEqual(['a1', 'b1', 'a3'])
  bursts.push('a4')
  expect(sent).toEqual(['a1', 'b1', 'a3'])
  vi.advanceTimersByTime(1000)
  expect(sent).toEqual(['a1', 'b1', 'a3', 'a4'])
  bursts.push('a5')
  expect(sent.at(-1)).toBe('a5')
})

test('never more than four a second', () => {
  let sent = 0
  const bursts = createBursts<number>(
    250,
    () => 'same',
    () => sent++,
  )
  for (let ms = 0; ms < 1000; ms += 10) {
    bursts.push(ms)
    vi.advanceTimersByTime(10)
  }
  expect(sent).toBeLessThanOrEqual(5)
  bursts.stop()
  vi.advanceTimersByTime(1000)
  expect(sent).toBeLessThanOrEqual(5)
})
