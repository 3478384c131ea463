// For tests only: a mock of EMA and a client that share one clock which never waits, joined without a network. A listing of a
// dozen pages takes milliseconds, and a pause of fifteen minutes none.
import { buildMockEma, DEMO_PASSWORD, type MockEma, type MockEmaOptions } from '@msp-console/mock-ema'
import { afterAll } from 'vitest'
import { createEmaClient, type EmaClientOptions } from './client.ts'
import type { Clock } from './clock.ts'
import { EmaError } from './errors.ts'
import type { Transport } from './exchange.ts'
import type { ListingOptions } from './listing-item.ts'
import { collect } from './test-listing.ts'

export const SEARCH = '/Search/Companies'

/** MSP_TEST_LONG=1 draws as many runs as the reliability targets name. */
const isLong = process.env['MSP_TEST_LONG'] === '1'
/** With the seed of MSP_TEST_SEED, when a failure is to be seen again. */
export const drawing = (runs: number, runsLong: number) => ({
  numRuns: isLong ? runsLong : runs,
  ...(process.env['MSP_TEST_SEED'] === undefined ? {} : { seed: Number(process.env['MSP_TEST_SEED']) }),
})
export const DRAWING_MOST = isLong ? 3_600_000 : 60_000

/** Counts the cases of a family of faults and says at the end how many there were. */
export function countFamily(name: string) {
  let cases = 0
  afterAll(() => console.log(`family ${name}: ${cases} cases`))
  return () => void (cases += 1)
}

export type TestClock = Clock & {
  /** Lets time pass. */
  pass(ms: number): void
  /** What was slept, in the order of falling asleep. */
  waits: number[]
}

export function createTestClock(random = () => 0.5): TestClock {
  let now = Date.UTC(2026, 10, 22, 12)
  const waits: number[] = []
  return {
    waits,
    random,
    wall: () => now,
    ticks: () => now,
    pass: (ms) => void (now += ms),
    async sleep(ms, signal) {
      waits.push(ms)
      const until = now + ms
      await new Promise((resolve) => setImmediate(resolve))
      if (signal?.aborted) throw new EmaError('aborted', { path: '(waiting)' })
      now = Math.max(now, until)
    },
  }
}

/** Asks the mock without a network. What it cuts off or never answers is so here as well. */
export const speakDirectly =
  (mock: MockEma): Transport =>
  async (url, { method, headers, body, signal }) => {
    const asked = mock.inject({
      method,
      url: new URL(url).pathname,
      headers,
      ...(body === undefined ? {} : { payload: body }),
    })
    const reply = await Promise.race([
      asked,
      new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true }),
      ),
    ])
    return {
      status: reply.statusCode,
      headers: { get: (name) => [reply.headers[name]].flat().join(', ') || null },
      body: (async function* () {
        yield reply.rawPayload
      })(),
    }
  }

export type StandOptions = Partial<EmaClientOptions> & { clock?: TestClock }

/** @param skewMs how much the mock's clock is ahead of the client's */
export function openTestStand(mockOptions: MockEmaOptions, options: StandOptions = {}, skewMs = 0) {
  const clock = options.clock ?? createTestClock()
  const mock = buildMockEma({ ...mockOptions, now: () => clock.wall() + skewMs })
  const client = createEmaClient({
    baseUrl: 'http://ema.example',
    login: 'distributor@demo.example',
    password: DEMO_PASSWORD,
    callsPerSecond: null,
    transport: speakDirectly(mock),
    ...options,
    clock,
  })
  return { mock, client, clock, list: (listing: ListingOptions = {}) => collect(client, listing) }
}
