// How long the client waits when it is told to, and when it is told nothing; fifty cases on a clock that never waits.
import { createPlainWorld, type FaultRule } from '@msp-console/mock-ema'
import { describe, expect, test } from 'vitest'
import { countFamily, createTestClock, openTestStand, SEARCH } from './testing.ts'

const count = countFamily('S-07 refusals')
const TAKE = 10
const SIZE = 5 * TAKE
const SECOND = 1000
/** The test clock begins at noon. */
const at = (ms: number) => new Date(createTestClock().wall() + ms).toUTCString()
const LONGEST = 15 * 60 * SECOND

/** Lists with these rules; the clock says what was waited. */
async function listWith(rules: FaultRule[], random: number) {
  const clock = createTestClock(() => random)
  const stand = openTestStand({ world: createPlainWorld(1, SIZE - 2), faults: { rules } }, { clock })
  const { summary } = await stand.list({ take: TAKE, concurrency: 1 })
  return { summary, waits: clock.waits, stats: stand.client.stats(), hits: stand.mock.faults.list().rules[0]?.hits }
}

type Shape = {
  path?: string
  status?: number
  header?: string | string[]
  body?: unknown
  least: number
  most?: number
}

describe('Retry-After', () => {
  test.each<[string, Shape]>([
    ['seconds', { header: '5', least: 5 * SECOND }],
    ['seconds with spaces', { header: ' 7 ', least: 7 * SECOND }],
    ['zero', { header: '0', least: SECOND }],
    ['negative', { header: '-1', least: SECOND }],
    ['a fraction', { header: '2.5', least: 2500 }],
    ['a fraction below the least', { header: '0.4', least: SECOND }],
    ['thirty thousand years', { header: '1000000000000', least: LONGEST, most: LONGEST }],
    ['the longest', { header: '900', least: LONGEST, most: LONGEST }],
    ['a date', { header: at(30 * SECOND), least: 30 * SECOND }],
    ['a date in lower case', { header: at(30 * SECOND).toLowerCase(), least: 30 * SECOND }],
    ['a date that is over', { header: at(-3600 * SECOND), least: SECOND }],
    ['a date far away', { header: 'Mon, 01 Mar 2100 12:00:00 GMT', least: LONGEST, most: LONGEST }],
    ['no date', { header: 'Sun, 22 Foo 2026 12:00:30 GMT', least: 0, most: 500 }],
    ['a word', { header: 'soon', least: 0, most: 500 }],
    ['nothing in it', { header: '', least: 0, most: 500 }],
    ['not there', { least: 0, most: 500 }],
    ['two of them', { header: ['5', '7'], least: 0, most: 500 }],
    ['at the login', { path: '/Token/Get', header: '9', least: 9 * SECOND }],
    ['with a body', { header: '3', body: { code: 0, subCode: 29, message: 'Too many requests.' }, least: 3 * SECOND }],
    ['of a 503', { status: 503, header: '40', least: 40 * SECOND }],
  ])('%s', async (_name, { path = SEARCH, status = 429, header, body, least, most = least * 1.1 }) => {
    count()
    const headers = header === undefined ? {} : { 'retry-after': header }
    for (const random of [0, 0.999]) {
      const rules: FaultRule[] = [{ path, when: { calls: [1] }, what: { kind: 'status', status, headers, body } }]
      const { summary, waits, stats } = await listWith(rules, random)
      expect(summary).toMatchObject({ complete: true, listed: SIZE, passes: 1 })
      expect([stats.retries, stats.logins]).toEqual([1, 1])
      const waited = Math.max(...waits)
      expect(waited).toBeGreaterThanOrEqual(least)
      expect(waited).toBeLessThanOrEqual(most)
    }
  })
})

describe.each([500, 502, 503, 504, 520])('%i', (status) => {
  describe.each(['first', 'middle', 'last'] as const)('at the %s page', (page) => {
    test('once', async () => {
      count()
      const rules: FaultRule[] = [{ path: SEARCH, when: { page, times: 1 }, what: { kind: 'status', status } }]
      const { summary, waits, stats } = await listWith(rules, 0.999)
      expect(summary).toMatchObject({ complete: true, listed: SIZE })
      expect([stats.retries, waits.map((ms) => ms <= 500)]).toEqual([1, [true]])
    })

    test('always', async () => {
      count()
      const rules: FaultRule[] = [{ path: SEARCH, when: { page }, what: { kind: 'status', status } }]
      const { summary, waits, hits } = await listWith(rules, 0.999)
      expect(summary).toMatchObject({
        complete: false,
        reason: { code: 'error', error: { kind: 'bad-status', status } },
      })
      expect(hits).toBe(6)
      // Doubling, full jitter.
      expect(waits).toEqual([500, 1000, 2000, 4000, 8000].map((ms) => Math.round(ms * 0.999)))
    })
  })
})
