import type { Run } from '@msp-console/contract'
import { describe, expect, test } from 'vitest'
import { toHealth } from './present.ts'

describe('health', () => {
  const row = (state: 'connected' | 'disconnected', ...facts: ('failing' | 'disabled' | 'waits')[]) => ({
    state,
    failing: facts.includes('failing'),
    disabled: facts.includes('disabled'),
    waits: facts.includes('waits'),
  })
  const run = (status: Run['status']) => ({ status })
  test.each([
    ['idle', row('connected'), null],
    ['idle', row('connected'), run('succeeded')],
    // Cut off from our side: nobody's failure.
    ['idle', row('connected'), run('interrupted')],
    ['held', row('connected', 'waits'), run('succeeded')],
    ['running', row('connected', 'waits'), run('running')],
    ['running', row('connected', 'failing', 'disabled'), run('running')],
    ['quarantined', row('connected', 'failing'), run('failed')],
    ['quarantined', row('connected', 'failing', 'waits'), run('succeeded')],
    ['disabled', row('connected', 'failing', 'disabled'), run('failed')],
    ['disconnected', row('disconnected', 'failing', 'disabled'), run('running')],
  ] as const)('%s for %o after %o', (health, account, last) => {
    expect(toHealth(account, last)).toBe(health)
  })
})
