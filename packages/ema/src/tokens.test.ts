// Tokens that end in the middle of a listing, in seven ways and at twelve places. The same listing goes on; the password is sent
// once in the life of a session, tokens are fetched one at a time, and a password that is refused is not sent again.
import { buildMockEma, createPlainWorld, type FaultRule } from '@msp-console/mock-ema'
import { describe, expect, test } from 'vitest'
import type { Transport } from './exchange.ts'
import { countFamily, createTestClock, openTestStand, SEARCH, speakDirectly } from './testing.ts'

const count = countFamily('S-06 tokens')
const TAKE = 10
const PAGES = 12
const SIZE = PAGES * TAKE
const MINUTE = 60_000

type Situation = {
  /** What has happened by the time this page is asked for. */
  rules?: (skip: number) => FaultRule[]
  /** How much time has passed by then. */
  passedMs?: number
  skewMs?: (at: number) => number
  /** Pages come one by one, each so long after the one before. */
  eachMs?: number
  /** Default 1, so that no page is on its way early. */
  concurrency?: number
  password?: string
}

const SITUATIONS: [string, Situation & { expected: { logins: number; renewals: number } }][] = [
  ['expired before the call', { passedMs: 61_000, expected: { logins: 1, renewals: 1 } }],
  [
    'expired in flight',
    {
      rules: (skip) => [
        { path: SEARCH, when: { page: { skip }, times: 1 }, what: { kind: 'expire-tokens', sessions: false } },
      ],
      concurrency: 8,
      expected: { logins: 1, renewals: 1 },
    },
  ],
  [
    'renewing refused',
    {
      passedMs: 61_000,
      rules: () => [{ path: '/Token/Renew', what: { kind: 'status', status: 401 } }],
      expected: { logins: 2, renewals: 1 },
    },
  ],
  [
    'renewing slow',
    {
      passedMs: 61_000,
      rules: () => [{ path: '/Token/Renew', what: { kind: 'slow', ms: 10 } }],
      concurrency: 8,
      expected: { logins: 1, renewals: 1 },
    },
  ],
  ['session over', { passedMs: 31 * MINUTE, expected: { logins: 2, renewals: 1 } }],
  // Pages of 11 s: the life of a token is counted from when it came, whatever the two clocks say.
  [
    'clocks 90 s apart',
    { eachMs: 11_000, skewMs: (at) => (at % 2 ? 90_000 : -90_000), expected: { logins: 1, renewals: 3 } },
  ],
]

/** Lists twelve pages; at page `at` it happens. */
async function listThrough(at: number, situation: Situation) {
  const { rules, passedMs = 0, eachMs = 0, skewMs, concurrency = 1, password } = situation
  const clock = createTestClock()
  const world = createPlainWorld(1, SIZE - 2)
  const skip = at * TAKE
  const faults = { rules: rules?.(skip) ?? [] }
  const mock = buildMockEma({ world, faults, now: () => clock.wall() + (skewMs?.(at) ?? 0) })
  const direct = speakDirectly(mock)
  let [open, openMost, passwords] = [0, 0, 0]
  let isPassed = false
  const transport: Transport = async (url, init) => {
    const isToken = url.includes('/Token/')
    if (isToken) openMost = Math.max(openMost, (open += 1))
    if (url.endsWith('/Token/Get')) passwords += 1
    const reply = await direct(url, init)
    if (isToken) open -= 1
    else clock.pass(eachMs)
    // Once the page before has come, so that this one is asked for afterwards (the first is preceded by the detail).
    const isBefore = at === 0 ? url.endsWith('/Company/Detail') : init.body?.includes(`"skip":${skip - TAKE},`) === true
    if (isBefore && !isPassed) {
      isPassed = true
      clock.pass(passedMs)
      if (password !== undefined && world.users[0] !== undefined) world.users[0].password = password
    }
    return reply
  }
  const { list, client } = openTestStand({ world }, { transport, clock })
  const listed = await list({ take: TAKE, concurrency })
  return { ...listed, client, stats: client.stats(), isPassed, openMost, passwords: () => passwords }
}

const positions = Array.from({ length: PAGES }, (_, at) => at)

describe.each(SITUATIONS)('%s', (_name, { expected, ...situation }) => {
  test.each(positions)('at page %i', async (at) => {
    count()
    const { summary, stats, isPassed, openMost, passwords } = await listThrough(at, situation)
    expect(summary).toMatchObject({ complete: true, passes: 1, listed: SIZE })
    expect([isPassed, openMost, passwords()]).toEqual([true, 1, expected.logins])
    expect(stats).toMatchObject({ logins: expected.logins, retries: 0 })
    expect(stats.renewals).toBe(expected.renewals)
  })
})

describe('the session is over, and the password is another one by now', () => {
  test.each(positions)('at page %i', async (at) => {
    count()
    const result = await listThrough(at, { passedMs: 31 * MINUTE, password: 'changed' })
    const { summary, companies, client, passwords } = result
    expect(summary).toMatchObject({ complete: false, reason: { error: { kind: 'unauthorized', path: '/Token/Get' } } })
    expect(companies.size).toBe(at * TAKE)
    await expect(client.currentUser()).rejects.toMatchObject({ kind: 'unauthorized' })
    expect(passwords()).toBe(2)
  })
})
