import type { Run } from '@msp-console/contract'
import { describe, expect, test } from 'vitest'
import { toTimeLeft } from './time-left.ts'

const START = Date.parse('2026-11-26T10:00:00Z')
const run = (expectedSeconds: number | null) => ({ startedAt: new Date(START).toISOString(), expectedSeconds }) as Run

describe('the time that is left', () => {
  test.each<[string, number | null, number | null, number, number | null]>([
    ['nothing known', null, null, 10, null],
    ['as the last run', 60, null, 10, 50],
    ['as the last run, listing as fast', 60, 0.5, 10, 50],
    ['a source that became slow', 60, 0.1, 30, 270],
    ['no last run: by the pace', null, 0.25, 10, 30],
    ['too early to tell a pace', null, 0.02, 10, null],
    ['too short a time for a pace', null, 0.5, 2, null],
    ['longer than the last one, the listing over', 60, null, 70, null],
    ['longer than the last one, still listing', 60, 0.5, 70, 70],
  ])('%s', (_what, expectedSeconds, share, elapsed, left) => {
    const told = toTimeLeft(run(expectedSeconds), share, START + elapsed * 1000)
    expect(told === null ? null : Math.round(told / 1000)).toBe(left)
  })
})
