import type { Run } from '@msp-console/contract'
import { describe, expect, test } from 'vitest'
import { toAllowedOrigin } from './address.ts'
import { toHealth } from './present.ts'

describe('addresses', () => {
  test.each([
    'https://mspapi.eset.com',
    'https://mspapi.eset.com/',
    'https://mspapi.eset.com:8443',
    'https://8.8.8.8',
    'https://[2a00:1450::1]',
  ])('%s is a public one', (address) => {
    expect(toAllowedOrigin(address, false)).toBe(new URL(address).origin)
  })

  test.each([
    'http://mspapi.eset.com',
    'https://localhost',
    'https://intranet',
    'https://ema.localhost',
    'https://printer.local',
    'https://127.0.0.1',
    'https://127.1',
    'https://2130706433',
    'https://0x7f.1',
    'https://0',
    'https://10.1.2.3',
    'https://172.31.0.1',
    'https://192.168.1.1',
    'https://169.254.169.254',
    'https://100.64.0.1',
    'https://[::1]',
    'https://[::]',
    'https://[fe80::1]',
    'https://[fd00::1]',
    'https://[::ffff:127.0.0.1]',
    'https://[::ffff:10.0.0.1]',
    'https://[64:ff9b::7f00:1]',
    'https://user:pass@mspapi.eset.com',
    'https://mspapi.eset.com/api',
    'https://mspapi.eset.com?x=1',
  ])('%s is refused in production', (address) => {
    expect(() => toAllowedOrigin(address, false)).toThrow(expect.objectContaining({ code: 'address-not-allowed' }))
  })

  test('the demo may ask this machine, but no path of it', () => {
    expect(toAllowedOrigin('http://127.0.0.1:4010', true)).toBe('http://127.0.0.1:4010')
    expect(() => toAllowedOrigin('http://127.0.0.1:4010/api', true)).toThrow(/without a path/)
  })
})

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
