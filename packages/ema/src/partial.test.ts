// A page of a listing that cannot be had, in twelve ways and at twelve places: the listing proves nothing, keeps its good pages
// and says why.
import { createPlainWorld, type Fault, type FaultRule } from '@msp-console/mock-ema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EmaErrorKind } from './errors.ts'
import type { IncompleteCode } from './tally.ts'
import { countFamily, drawing, DRAWING_MOST, openTestStand, SEARCH } from './testing.ts'

const count = countFamily('S-01 partial listings')
const TAKE = 10
const PAGES = 12
const positions = Array.from({ length: PAGES }, (_, at) => at)
const SIZE = PAGES * TAKE

const FAILURES: [string, Fault, IncompleteCode, EmaErrorKind][] = [
  ['reset', { kind: 'reset' }, 'error', 'unreachable'],
  ['no answer', { kind: 'hang' }, 'error', 'timeout'],
  ['cut off', { kind: 'truncate', bytes: 300, end: 'cut' }, 'error', 'unreachable'],
  ['not JSON', { kind: 'truncate', bytes: 300, end: 'clean' }, 'error', 'bad-shape'],
  ['a page for people', { kind: 'html' }, 'error', 'bad-shape'],
  ['wrong shape', { kind: 'status', status: 200, body: { Search: {} } }, 'error', 'bad-shape'],
  ['202', { kind: 'status', status: 202 }, 'not-ready', 'bad-status'],
  ['400', { kind: 'status', status: 400, body: { code: 1, subCode: 1 } }, 'error', 'bad-status'],
  ['401', { kind: 'status', status: 401 }, 'error', 'unauthorized'],
  ['403', { kind: 'status', status: 403 }, 'error', 'forbidden'],
  ['500', { kind: 'status', status: 500 }, 'error', 'bad-status'],
  ['maintenance', { kind: 'maintenance' }, 'error', 'maintenance'],
]

describe.each(FAILURES)('%s', (_name, what, code, kind) => {
  test.each(positions)('at page %i', async (at) => {
    count()
    const world = createPlainWorld(1, SIZE - 2)
    const rules: FaultRule[] = [{ path: SEARCH, when: { page: { skip: at * TAKE } }, what }]
    const { list, client } = openTestStand(
      { world, faults: { rules } },
      { timeouts: { headersMs: what.kind === 'hang' ? 5 : 15_000 } },
    )
    const { companies, summary } = await list({ take: TAKE })
    expect(summary).toMatchObject({ complete: false, passes: 1, reason: { code, error: { kind, path: SEARCH } } })
    expect(summary.reason?.detail).toContain(SEARCH)
    const had = (page: number) => world.ids.slice(page * TAKE, page * TAKE + TAKE).filter((guid) => companies.has(guid))
    // Everything before it; of it and behind it nothing that the own company's record did not tell.
    for (const page of positions) expect(had(page)).toHaveLength(page < at ? TAKE : 0)
    expect(client.stats().logins).toBeLessThanOrEqual(2)
  })
})

test(
  'whichever pages fail and how often: complete means all, and it is complete when every page came in the end',
  async () => {
    const retried: Fault[] = FAILURES.map(([, what]) => what).filter(
      (what) => what.kind === 'reset' || what.kind === 'maintenance' || (what.kind === 'status' && what.status >= 500),
    )
    const failure = fc.record({
      page: fc.integer({ min: 0, max: PAGES - 1 }),
      times: fc.integer({ min: 1, max: 7 }),
      what: fc.constantFrom(...retried),
    })
    const mask = fc.uniqueArray(failure, { selector: ({ page }) => page, maxLength: PAGES })
    await fc.assert(
      fc.asyncProperty(mask, fc.boolean(), async (failures, searchParentId) => {
        const world = createPlainWorld(1, SIZE - 2)
        const rules = failures.map(({ page, times, what }): FaultRule => ({
          path: SEARCH,
          when: { page: { skip: page * TAKE }, times },
          what,
        }))
        const { companies, summary } = await openTestStand({ world, searchParentId, faults: { rules } }).list({
          take: TAKE,
        })
        // Level by level the first page is asked for twice, so that one may come after six failures.
        const isBad = failures.some(({ page, times }) => times > 5 && (searchParentId || page > 0 || times > 11))
        const firstFails = failures.some(({ page, times }) => page === 0 && times > 5)
        const told = summary.complete ? companies.size : summary.reason?.code
        expect([summary.complete, told]).toEqual(isBad || firstFails ? [false, 'error'] : [true, SIZE])
      }),
      drawing(100, 2000),
    )
  },
  DRAWING_MOST,
)
