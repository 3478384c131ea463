// A bad network before EMA: eight toxics in two directions at six kinds of calls, over real sockets. A fault that passes costs
// tries and no rows; each case also says that nothing takes longer than the limits allow.
import { buildMockEma, createPlainWorld, DEMO_PASSWORD, openTcpProxy, type Toxics } from '@msp-console/mock-ema'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEmaClient } from './client.ts'
import { systemClock } from './clock.ts'
import { collect } from './test-listing.ts'
import { countFamily } from './testing.ts'

const count = countFamily('S-08 bad networks towards EMA')
const TAKE = 10
const SIZE = 3 * TAKE
/** Short where silence is what is tested; what is only slower must not come near them on a busy machine. */
const LIMITS = {
  again: { headersMs: 150, bodyIdleMs: 150, totalMs: 5000 },
  slower: { headersMs: 5000, bodyIdleMs: 5000, totalMs: 10_000 },
}

const mock = buildMockEma({ world: createPlainWorld(1, SIZE - 2) })
let target: { host: string; port: number }
beforeAll(async () => {
  const url = new URL(await mock.listen({ port: 0, host: '127.0.0.1' }))
  target = { host: url.hostname, port: Number(url.port) }
})
afterAll(() => mock.close())

/** Limits and waits are shortened, not the ways of failing. `down` is the proxy itself going away for a moment. */
const TOXICS: [string, Toxics | 'down', 'slower' | 'again'][] = [
  ['latency', { latencyMs: 20 }, 'slower'],
  ['bandwidth', { bytesPerSecond: 60_000 }, 'slower'],
  ['slow close', { slowCloseMs: 30 }, 'slower'],
  ['slicer', { slicer: { bytes: 200, pauseMs: 1 } }, 'slower'],
  ['timeout', { timeoutMs: Infinity }, 'again'],
  ['reset', { resetMs: 0 }, 'again'],
  ['limit', { limitBytes: 90 }, 'again'],
  ['down', 'down', 'again'],
]

/** By what is said upwards. */
const CALLS: [string, string][] = [
  ['login', '/api/Token/Get'],
  ['renewal', '/api/Token/Renew'],
  ['detail', '/api/Company/Detail'],
  ['first page', '"skip":0,'],
  ['middle page', `"skip":${TAKE},`],
  ['last page', `"skip":${2 * TAKE},`],
]

describe.each(TOXICS)('%s', (_toxic, toxic, effect) => {
  describe.each(CALLS)('at the %s', (call, said) => {
    test.each(['up', 'down'] as const)('%s', async (direction) => {
      count()
      let struck = 0
      const healing: Promise<void>[] = []
      const strike = () => {
        struck += 1
        if (toxic !== 'down') return proxy.set(direction, toxic)
        const away = proxy.setDown(true)
        healing.push(
          away.then(() => new Promise((resolve) => setTimeout(resolve, 15))).then(() => proxy.setDown(false)),
        )
      }
      let isAsked = false
      const proxy = await openTcpProxy({
        target,
        onChunk: (way, chunk) => {
          if (way === 'up') {
            const isIt = chunk.includes(said)
            // Whatever is said after it finds a network that is well again.
            if (struck > 0 && (isIt || effect === 'slower')) proxy.set(direction, {})
            isAsked = isIt && struck === 0
          }
          if (isAsked && way === direction) {
            isAsked = false
            strike()
          }
        },
      })
      try {
        let passed = 0
        const clock = {
          ...systemClock,
          ticks: () => performance.now() + passed,
          sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(Math.min(ms, 10), signal),
          random: () => 0.99,
        }
        const took: number[] = []
        const client = createEmaClient({
          baseUrl: `http://${proxy.host}:${proxy.port}`,
          login: 'distributor@demo.example',
          password: DEMO_PASSWORD,
          callsPerSecond: null,
          timeouts: LIMITS[effect],
          clock,
          onCall: ({ path, ms }) => {
            took.push(ms)
            // Old enough to be renewed before the pages.
            if (path === '/Company/Detail' && call === 'renewal') passed = 45_000
          },
        })
        const { summary, companies } = await collect(client, { take: TAKE, concurrency: 1 })
        expect(struck).toBe(1)
        expect(summary).toMatchObject({ complete: true, reason: null, passes: 1 })
        expect(companies.size).toBe(SIZE)
        const { retries, logins } = client.stats()
        // A renewal that was answered into the void has used up its token: then the password is sent once more.
        expect(logins).toBeLessThanOrEqual(call === 'renewal' ? 2 : 1)
        expect(retries > 0).toBe(effect === 'again')
        expect(Math.max(...took.map((ms) => ms % 45_000))).toBeLessThan(3000)
      } finally {
        await Promise.all(healing)
        await proxy.close()
      }
    })
  })
})

test('a network that stays bad ends the listing, with its pages and a reason, and within the limits', async () => {
  for (const toxics of [{ timeoutMs: Infinity }, { resetMs: 0 }, { limitBytes: 90 }, { latencyMs: 2000 }]) {
    const proxy = await openTcpProxy({
      target,
      onChunk: (way, chunk) => {
        if (way === 'up' && chunk.includes(`"skip":${TAKE},`)) proxy.set('down', toxics)
      },
    })
    try {
      const client = createEmaClient({
        baseUrl: `http://${proxy.host}:${proxy.port}`,
        login: 'distributor@demo.example',
        password: DEMO_PASSWORD,
        callsPerSecond: null,
        timeouts: { headersMs: 300, bodyIdleMs: 300, totalMs: 600 },
        maxTries: 3,
        clock: { ...systemClock, sleep: async () => {} },
      })
      const { summary, companies } = await collect(client, { take: TAKE, concurrency: 1 })
      expect(summary).toMatchObject({ complete: false, passes: 1, reason: { code: 'error' } })
      expect(['unreachable', 'timeout']).toContain(summary.reason?.error?.kind)
      expect(companies.size).toBe(TAKE)
    } finally {
      await proxy.close()
    }
  }
})
