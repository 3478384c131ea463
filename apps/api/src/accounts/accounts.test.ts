import type { Run } from '@msp-console/contract'
import { describe, expect, test } from 'vitest'
import { toHealth } from './present.ts'

describe('health', () => {
  const run = (status: Run['status'], complete: boolean | null, held = 0) => ({
    status,
    complete,
    counts: { held } as Run['counts'], // the only one it reads
  })
  test.each([
    ['neverSynced', 'connected', null],
    ['running', 'connected', run('running', null)],
    ['failed', 'connected', run('failed', false)],
    ['failed', 'connected', run('interrupted', false)],
    ['incomplete', 'connected', run('succeeded', false, 3)],
    ['held', 'connected', run('succeeded', true, 3)],
    ['synchronised', 'connected', run('succeeded', true)],
    ['disconnected', 'disconnected', run('succeeded', true)],
  ] as const)('%s', (health, state, last) => {
    expect(toHealth(state, last)).toBe(health)
  })
})
