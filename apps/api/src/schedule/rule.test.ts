/** The rule on a virtual clock: an account lives for hours and weeks, and the clock goes where the schedule sends it. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { afterRun, type Ending, type Reason, type Timetable, toDue, toNews, toPeriod } from './rule.ts'

let cases = 0
afterAll(() => console.log(`family S-18 health and quarantine: ${cases} cases`))

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const T0 = Date.parse('2026-03-29T00:30:00Z') // an hour before clocks change in Prague
const GOOD: Ending = { kind: 'good' }
const failed = (cause = 'unreachable'): Ending => ({ kind: 'failed', cause })

const fresh: Timetable = {
  intervalSeconds: 900,
  nextRunAt: T0,
  startedAt: null,
  lastSeconds: 0,
  failures: 0,
  failingSince: null,
  cause: null,
  rejections: 0,
  interruptions: 0,
  disabledAt: null,
}

/** An account and its clock. */
function live(start: Partial<Timetable> = {}) {
  let known: Timetable = { ...fresh, ...start }
  let now = T0
  const news: (Reason | null)[] = []
  return {
    get known() {
      return known
    },
    get now() {
      return now
    },
    /** What was told, without the silences. */
    get news() {
      return news.filter((each) => each !== null)
    },
    pass(ms: number) {
      now += ms
    },
    /** A run that starts now and takes so long. */
    run(ending: Ending, ms = 0) {
      const before = { ...known, startedAt: now }
      now += ms
      known = afterRun(before, ending, now)
      news.push(toNews(before, known))
      return known
    },
    /** The clock goes to when the next run is due, and it runs. @returns how long that was from the last start, in minutes */
    next(ending: Ending, ms = 0): number | null {
      if (known.nextRunAt === null) return null
      const waited = (known.nextRunAt - (known.startedAt ?? now)) / MINUTE
      now = known.nextRunAt
      this.run(ending, ms)
      return waited
    },
  }
}

describe('the next run is due', () => {
  test.each([
    ['an interval after the last start', 900, 10_000, 15],
    ['twice the last duration where that is longer', 900, 20 * MINUTE, 40],
    ['exactly as long as both where they are equal', 900, 7.5 * MINUTE, 15],
    ['five minutes after, at least', 300, 0, 5],
    ['a day after, at most, for a run that is quick', 86_400, 0, 1440],
    ['two days after a run of a day', 86_400, DAY, 2880],
  ])('%s', (_, intervalSeconds, ms, minutes) => {
    const account = live({ intervalSeconds })
    account.run(GOOD, ms)
    expect(account.known.nextRunAt).toBe(T0 + minutes * MINUTE)
  })

  test('never without an interval, however the run ended', () => {
    const endings: Ending[] = [GOOD, failed(), { kind: 'stopped' }, { kind: 'interrupted' }]
    for (const ending of endings) expect(live({ intervalSeconds: null }).run(ending).nextRunAt).toBeNull()
  })

  test('at once for an account that never ran', () => expect(toDue(fresh, T0 + 5)).toBe(T0 + 5))

  test('by milliseconds that pass, whatever the clocks on the wall do', () => {
    const account = live({ intervalSeconds: 3600 })
    account.run(GOOD)
    expect([account.next(GOOD), account.next(GOOD)]).toEqual([60, 60])
  })

  test('with no period while it is off', () => expect(toPeriod({ intervalSeconds: null, lastSeconds: 9 })).toBeNull())
})

describe('health and quarantine', () => {
  beforeEach(() => {
    cases += 1
  })

  test('failures in a row are tried again after 15 min, 1 h, 6 h, then daily', () => {
    const account = live()
    account.run(failed())
    const waits = Array.from({ length: 6 }, () => account.next(failed()))
    expect(waits).toEqual([15, 60, 360, 1440, 1440, 1440])
  })

  test('a longer interval is not shortened by a failure', () => {
    const account = live({ intervalSeconds: 43_200 })
    account.run(failed())
    expect([1, 2, 3, 4].map(() => account.next(failed()))).toEqual([720, 720, 720, 1440])
  })

  test('a failure that took long waits twice as long at least', () => {
    const account = live()
    account.run(failed('timeout'), 2 * HOUR)
    expect(account.next(failed())).toBe(240)
  })

  test('the first good run ends it, and the next failure begins anew', () => {
    const account = live()
    for (let i = 0; i < 4; i++) account.run(failed())
    account.next(GOOD)
    expect(account.known).toMatchObject({ failures: 0, cause: null, failingSince: null })
    expect(account.next(failed())).toBe(15)
    expect(account.next(failed())).toBe(15)
  })

  test('28 days of failures disable it, and not a moment before', () => {
    const account = live()
    account.run(failed())
    while (account.now + DAY < T0 + 28 * DAY) expect(account.next(failed())).not.toBeNull()
    expect(account.known.disabledAt).toBeNull()
    account.next(failed())
    expect(account.known).toMatchObject({ disabledAt: account.now, nextRunAt: null })
    expect(account.now - T0).toBeGreaterThanOrEqual(28 * DAY)
  })

  test('27 days of failures and a good run start the count anew', () => {
    const account = live()
    account.run(failed())
    account.pass(27 * DAY)
    account.run(GOOD)
    account.pass(DAY)
    expect(account.run(failed()).disabledAt).toBeNull()
  })

  test('a disabled one stays so when a person tries in vain, and is well again when that works', () => {
    const account = live({ disabledAt: T0 - DAY, cause: 'timeout', failures: 40, failingSince: T0 - 30 * DAY })
    expect(account.run(failed('timeout'))).toMatchObject({ disabledAt: T0 - DAY, nextRunAt: null })
    expect(account.run(GOOD, MINUTE)).toMatchObject({ disabledAt: null, nextRunAt: T0 + 15 * MINUTE })
  })

  test('a refused password is never tried by the schedule', () => {
    const account = live()
    expect(account.run(failed('unauthorized'))).toMatchObject({ rejections: 1, nextRunAt: null, cause: 'unauthorized' })
  })

  test('not either when a person tried in vain, for whatever reason', () => {
    const account = live()
    account.run(failed('unauthorized'))
    expect(account.run(failed('unreachable'))).toMatchObject({ rejections: 1, nextRunAt: null, cause: 'unreachable' })
    expect(account.run(failed('unauthorized'))).toMatchObject({ rejections: 2, nextRunAt: null })
    expect(account.run({ kind: 'interrupted' }).nextRunAt).toBeNull()
    expect(account.run({ kind: 'stopped' }).nextRunAt).toBeNull()
  })

  test('a refused password that works after all is as good as any', () => {
    const account = live()
    account.run(failed('unauthorized'))
    expect(account.run(GOOD)).toMatchObject({ rejections: 0, cause: null, nextRunAt: T0 + 15 * MINUTE })
  })

  test('what we stopped goes on at once and is no failure', () => {
    const account = live()
    expect(account.run({ kind: 'stopped' }, MINUTE)).toMatchObject({ failures: 0, nextRunAt: T0 + MINUTE })
  })

  test('what we stopped does not get round a quarantine', () => {
    const account = live()
    for (let i = 0; i < 3; i++) account.run(failed())
    expect(account.run({ kind: 'stopped' }, MINUTE).nextRunAt).toBe(T0 + 6 * HOUR)
  })

  test('a process that is gone is forgiven once', () => {
    const account = live()
    expect(account.run({ kind: 'interrupted' }, MINUTE)).toMatchObject({ failures: 0, nextRunAt: T0 + MINUTE })
    expect(account.next(GOOD)).toBe(1)
    expect(account.known.interruptions).toBe(0)
  })

  test('one that goes each time is a failure', () => {
    const account = live()
    account.run({ kind: 'interrupted' })
    expect(account.run({ kind: 'interrupted' })).toMatchObject({
      failures: 1,
      cause: 'interrupted',
      nextRunAt: T0 + 15 * MINUTE,
    })
    expect(account.run({ kind: 'interrupted' })).toMatchObject({ failures: 2, nextRunAt: T0 + HOUR })
  })

  test('is told once for each change of the reason', () => {
    const account = live()
    for (let i = 0; i < 5; i++) account.run(failed('timeout'))
    account.run(failed('unreachable'))
    account.run({ kind: 'stopped' })
    account.run(GOOD)
    account.run(GOOD)
    expect(account.news).toEqual([
      { kind: 'quarantined', cause: 'timeout' },
      { kind: 'quarantined', cause: 'unreachable' },
      { kind: 'recovered', cause: null },
    ])
  })

  test('disabled is told once, with its cause, and recovery after it too', () => {
    const account = live()
    account.run(failed('timeout'))
    account.pass(29 * DAY)
    account.run(failed('timeout'))
    account.run(failed('unreachable'))
    account.run(GOOD)
    expect(account.news.map(({ kind }) => kind)).toEqual(['quarantined', 'disabled', 'recovered'])
  })

  test('a good life tells nothing', () => {
    const account = live()
    for (let i = 0; i < 10; i++) account.next(GOOD, 1000)
    account.run({ kind: 'interrupted' })
    account.run({ kind: 'stopped' })
    expect(account.news).toEqual([])
  })
})
