// The set moves while it is listed. What was there all the time must be in every listing that calls itself complete.
import { createPlainWorld, MUTATIONS, type FaultRule, type Mutation, type World } from '@msp-console/mock-ema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Collected } from './test-listing.ts'
import { countFamily, drawing, DRAWING_MOST, openTestStand, SEARCH } from './testing.ts'

const count = countFamily('S-02 drift')
const PAGES = 13

/** A world of thirteen pages of so many rows. */
const worldOf = (take: number): World => createPlainWorld(1, PAGES * take - 2)

const moves = (mutation: Mutation, when: FaultRule['when']): FaultRule => ({
  path: SEARCH,
  when: { times: 1, ...when },
  what: { kind: 'drift', mutation },
})

/** GUIDs that should be there and are not. */
function missing(world: World, before: readonly string[], { companies }: Collected): string[] {
  return before.filter((guid) => world.find(guid) !== undefined && !companies.has(guid))
}

describe.each([1, 10, 100])('pages of %i', (take) => {
  describe.each(MUTATIONS)('%s', (mutation) => {
    test.each(Array.from({ length: PAGES - 1 }, (_, at) => at + 1))('before page %i', async (boundary) => {
      count()
      const world = worldOf(take)
      const before = [...world.ids]
      const rules = [moves(mutation, { page: { skip: boundary * take } })]
      const { list, mock } = openTestStand({ world, faults: { seed: boundary, rules } })
      const listed = await list({ take, concurrency: 1 })
      expect(mock.faults.list().rules.map(({ hits }) => hits)).toEqual([1])
      expect(missing(world, before, listed)).toEqual([])
      // It moved once, so listing again proves it. On pages of one there may be nothing that could move, or nobody notices.
      expect(listed.summary).toMatchObject({ complete: true, reason: null })
      expect(take === 1 ? [1, 2] : [2]).toContain(listed.summary.passes)
    })
  })
})

describe('one comes and one goes between the same two pages, so that no figure changes', () => {
  test.each(Array.from({ length: PAGES - 1 }, (_, at) => at + 1))('before page %i', async (boundary) => {
    count()
    const world = worldOf(20)
    const before = [...world.ids]
    const when = { page: { skip: boundary * 10 } }
    const faults = { rules: [moves('delete-before', when), moves('insert-after', when)] }
    const listed = await openTestStand({ world, faults }).list({ take: 20, overlap: 10, concurrency: 1 })
    expect(missing(world, before, listed)).toEqual([])
    expect(listed.summary).toMatchObject({ complete: true, passes: 2 })
  })
})

test('a set that stands still costs not one call more', async () => {
  const { list } = openTestStand({ world: createPlainWorld(1, 1248) })
  const { summary } = await list()
  // The token, the user, its company, and thirteen pages.
  expect(summary).toMatchObject({ complete: true, passes: 1, calls: 3 + 13, listed: 1250 })
})

test(
  'whatever moves, at most once between two calls: complete means that nothing which stayed is missing',
  async () => {
    let complete = 0
    let again = 0
    const move = fc.record({ call: fc.integer({ min: 1, max: 45 }), mutation: fc.constantFrom(...MUTATIONS) })
    const plan = fc.record({
      seed: fc.integer({ min: 1, max: 1e6 }),
      moves: fc.uniqueArray(move, { selector: ({ call }) => call, maxLength: 5 }),
      searchParentId: fc.boolean(),
      concurrency: fc.constantFrom(1, 8),
      take: fc.constantFrom(7, 25),
    })
    await fc.assert(
      fc.asyncProperty(plan, async ({ seed, moves: drawn, searchParentId, ...listing }) => {
        const world = createPlainWorld(3, 30, seed)
        const before = [...world.ids]
        const rules = drawn.map(({ call, mutation }) => moves(mutation, { calls: [call] }))
        const listed = await openTestStand({ world, searchParentId, faults: { seed, rules } }).list(listing)
        complete += listed.summary.complete ? 1 : 0
        again += listed.summary.passes > 1 ? 1 : 0
        expect(listed.summary.complete ? missing(world, before, listed) : []).toEqual([])
        expect(listed.summary.passes).toBeLessThanOrEqual(3)
      }),
      drawing(100, 2000),
    )
    // The draws must not be such that there is nothing to prove.
    expect(Math.min(complete, again)).toBeGreaterThan(20)
  },
  DRAWING_MOST,
)
