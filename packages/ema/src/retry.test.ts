import { describe, expect, test } from 'vitest'
import { decideRetry, readRetryAfter, type Outcome } from './retry.ts'

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0)
const answer = (status: number, retryAfter: string | null = null): Outcome => ({ kind: 'answer', status, retryAfter })
const ask = (outcome: Outcome, more: Partial<Parameters<typeof decideRetry>[0]> = {}) =>
  decideRetry({ outcome, attempt: 1, maxTries: 6, idempotent: true, now: NOW, random: 0, ...more })

describe('Retry-After', () => {
  test.each([
    ['5', 5000],
    ['0', 1000],
    ['-1', 1000],
    ['2.5', 2500],
    ['1000000000000', 900_000],
    ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 1000],
    ['Thu, 29 Feb 2024 12:00:00 GMT', 1000],
    ['Mon, 01 Mar 2100 12:00:00 GMT', 900_000],
    ['soon', undefined],
    ['Sun, 22 Foo 2026 12:00:30 GMT', undefined],
    ['5, 7', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j is %j ms', (header, ms) => {
    expect(readRetryAfter(header, NOW)).toBe(ms)
  })

  test('dates agree with the calendar over four centuries', () => {
    for (let year = 1990; year < 2390; year += 1) {
      const instant = Date.UTC(year, year % 12, 28 + (year % 2), 23, 59, 59)
      expect(readRetryAfter(new Date(instant).toUTCString(), instant - 5000)).toBe(5000)
    }
  })

  test('is kept to, with up to a tenth more and never over 15 minutes', () => {
    expect(ask(answer(429, '20'))).toEqual({ kind: 'wait', ms: 20_000 })
    expect(ask(answer(429, '20'), { random: 0.5 })).toEqual({ kind: 'wait', ms: 21_000 })
    expect(ask(answer(503, '99999'), { random: 0.9 })).toEqual({ kind: 'wait', ms: 900_000 })
  })
})

describe('what is asked again', () => {
  test.each([202, 429, 500, 502, 503, 504, 520])('%d, when reading', (status) => {
    expect(ask(answer(status)).kind).toBe('wait')
  })
  test.each([200, 204, 301, 400, 401, 403, 404, 409, 410])('%d is final', (status) => {
    expect(ask(answer(status)).kind).toBe('give-up')
  })
  test('no answer, when reading', () => {
    expect(ask({ kind: 'no-answer' }).kind).toBe('wait')
  })
  test('a change is repeated only when it was not served', () => {
    const writing = { idempotent: false }
    expect(ask(answer(429), writing).kind).toBe('wait')
    for (const outcome of [answer(500), answer(503), answer(202), { kind: 'no-answer' } as const]) {
      expect(ask(outcome, writing).kind).toBe('give-up')
    }
  })
})

test('backoff is full jitter that doubles from 0.5 s to 60 s and ends after the tries', () => {
  const most = (attempt: number) => ask(answer(500), { attempt, maxTries: 20, random: 0.999_999_9 })
  expect([1, 2, 3, 4, 5, 8, 12].map(most)).toEqual(
    [500, 1000, 2000, 4000, 8000, 60_000, 60_000].map((ms) => ({ kind: 'wait', ms })),
  )
  expect(ask(answer(500), { random: 0 })).toEqual({ kind: 'wait', ms: 0 })
  expect(ask(answer(500), { attempt: 5 }).kind).toBe('wait')
  expect(ask(answer(500), { attempt: 6 }).kind).toBe('give-up')
})
