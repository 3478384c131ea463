import type { Run } from '@msp-console/contract'
import { describe, expect, test } from 'vitest'
import { toHealth } from './present.ts'

describe('health', () => {
  const row = (state: 'connected' | 'disconnected', cause: string | null = null, disabledAt: string | null = null) => ({
    state,
    cause,
    disabled_at: disabledAt,
  })
  const run = (status: Run['status'], held = 0) => ({ status, counts: { held } })
  test.each([
    ['idle', row('connected'), null],
    ['idle', row('connected'), run('succeeded')],
    // Cut off from our side: nobody's failure.
    ['idle', row('connected'), run('interrupted')],
    ['held', row('connected'), run('succeeded', 3)],
    ['running', row('connected'), run('running')],
    ['running', row('connected', 'timeout', '2026-01-01T00:00:00Z'), run('running')],
    ['quarantined', row('connected', 'timeout'), run('failed')],
    ['quarantined', row('connected', 'timeout'), run('succeeded', 3)],
    ['disabled', row('connected', 'timeout', '2026-01-01T00:00:00Z'), run('failed')],
    ['disconnected', row('disconnected', 'timeout', '2026-01-01T00:00:00Z'), run('running')],
  ] as const)('%s for %o after %o', (health, account, last) => {
    expect(toHealth(account, last)).toBe(health)
  })
})
