import type { HoldRule } from '@msp-console/contract'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { type Below, type Changes, guardChanges, guardRemovals, type Removal, removalLimit } from './guard.ts'

// Every rule of the guard for any plan at all, each said a second time and in whole numbers: what a rule describes is held, and what
// is held is described by a rule.

const isLong = process.env['MSP_TEST_LONG'] === '1'
const RUNS = isLong ? 100_000 : 5000
const TIME = { timeout: 600_000 }

const seen = new Map<HoldRule, number>()
const note = (rules: Iterable<HoldRule>) => {
  for (const rule of new Set(rules)) seen.set(rule, (seen.get(rule) ?? 0) + 1)
}
afterAll(() => {
  process.stdout.write(`family S-04 guard properties: ${seen.size} rules, ${2 * RUNS} runs\n`)
})

const anyNode = fc.record({
  up: fc.nat({ max: 100 }),
  kind: fc.constantFrom<Removal['kind']>(...Array(12).fill('customer'), 'msp', 'managedMsp', 'mspManager'),
  /** Children that are no candidates: there, or absent without proof so far. */
  staying: fc.constantFrom(0, 0, 0, 0, 1, 9),
  unproven: fc.constantFrom(0, 0, 0, 0, 2, 30),
})

/** A forest of candidates below parents 100…102 that stay, some with other children of either kind. */
const anyPlan = fc
  .record({
    nodes: fc.array(anyNode, { maxLength: 40, size: 'max' }),
    outside: fc.array(anyNode, { minLength: 3, maxLength: 3 }),
    spread: fc.boolean(),
    rootAt: fc.nat({ max: 200 }),
    more: fc.constantFrom(0, 1, 2, 40, 240, 800, 5000),
  })
  .map(({ nodes, outside, spread, rootAt, more }) => {
    const removals = nodes.map(({ up, kind }, index): Removal => {
      const at = spread ? up % (index + 1) : 0
      return { id: index + 1, parentId: at === 0 ? 100 + (up % 3) : at, kind, isRoot: index === rootAt }
    })
    const below = new Map<number, Below>()
    const add = (id: number, { staying, unproven }: { staying: number; unproven: number }) => {
      const live = staying + unproven + removals.filter(({ parentId }) => parentId === id).length
      if (live > 0) below.set(id, { live, staying })
    }
    for (const [index, node] of nodes.entries()) add(index + 1, node)
    for (const [index, node] of outside.entries()) add(100 + index, node)
    return { removals, below, live: removals.length + more }
  })

test('removals: limits of the whole account', TIME, () => {
  fc.assert(
    fc.property(anyPlan, ({ removals, below, live }) => {
      const count = removals.length
      const { allowed, held, reasons } = guardRemovals(removals, live, below)
      const isEverything = count > 0 && (count >= live || (count > 1 && live > 2 && count >= live - 1))
      const isTooMany = !isEverything && count > 10 && (count * 20 > live || count > 500)
      const whole = isEverything ? 'everythingGone' : isTooMany ? 'tooMany' : undefined
      note(reasons.map(({ rule }) => rule))
      expect(reasons.find(({ rule }) => rule === 'everythingGone' || rule === 'tooMany')?.rule).toBe(whole)
      expect(whole === undefined || (allowed.length === 0 && held.every(({ rule }) => rule === whole))).toBe(true)
      expect(allowed.length <= removalLimit(live)).toBe(true)
      expect(findUnsafe(removals, below, new Set(allowed))).toEqual([])
      expect(whole === undefined ? findUnfounded(removals, below, allowed, held, reasons) : []).toEqual([])
    }),
    { numRuns: RUNS },
  )
})

const childrenOf = (removals: readonly Removal[], parent: number) =>
  removals.filter(({ parentId }) => parentId === parent)
const losesMost = (removals: readonly Removal[], below: ReadonlyMap<number, Below>, parent: number): boolean => {
  const live = below.get(parent)?.live ?? 0
  return live >= 10 && childrenOf(removals, parent).length * 2 > live
}

/** Removals that were let through and that a rule describes. */
function findUnsafe(
  removals: readonly Removal[],
  below: ReadonlyMap<number, Below>,
  allowed: ReadonlySet<number>,
): string[] {
  return removals
    .filter(({ id }) => allowed.has(id))
    .flatMap(({ id, parentId, kind, isRoot }) => [
      ...(isRoot ? [`${id}: rootGone`] : []),
      ...(kind === 'mspManager' ? [`${id}: managerGone`] : []),
      ...(losesMost(removals, below, parentId) ? [`${id}: tooManyOfParent`] : []),
      ...((below.get(id)?.staying ?? 0) > 0 ? [`${id}: childrenStay`] : []),
      ...((below.get(id)?.live ?? 0) > childrenOf(removals, id).length
        ? [`${id}: something below is not proven gone`]
        : []),
      ...(childrenOf(removals, id).some((child) => !allowed.has(child.id)) ? [`${id}: something below stays`] : []),
    ])
}

/** Reasons that nothing in the plan gives, and removals that nothing kept. */
function findUnfounded(
  removals: readonly Removal[],
  below: ReadonlyMap<number, Below>,
  allowed: readonly number[],
  held: readonly { id: number; rule: HoldRule }[],
  reasons: readonly { rule: HoldRule; groupId: number | null }[],
): string[] {
  const of = (id: number | null) => removals.find((removal) => removal.id === id)
  const isFounded = ({ rule, groupId }: { rule: HoldRule; groupId: number | null }) =>
    (rule === 'rootGone' && of(groupId)?.isRoot) ||
    (rule === 'managerGone' && of(groupId)?.kind === 'mspManager') ||
    (rule === 'tooManyOfParent' && losesMost(removals, below, groupId ?? 0)) ||
    (rule === 'childrenStay' && (below.get(groupId ?? 0)?.staying ?? 0) > 0)
  const waits = ({ id }: Removal) => (below.get(id)?.live ?? 0) > childrenOf(removals, id).length
  const isCalm = reasons.length === 0 && !removals.some(waits)
  return [
    ...reasons.filter((reason) => !isFounded(reason)).map(({ rule, groupId }) => `${rule} of ${groupId}`),
    ...held
      .filter(({ rule }) => !reasons.some((reason) => reason.rule === rule))
      .map(({ id }) => `${id} without a reason`),
    ...(isCalm && allowed.length < removals.length ? ['kept without any cause'] : []),
  ]
}

const near = (...edges: number[]) =>
  fc.oneof(
    fc.nat({ max: 30 }),
    fc.constantFrom(...edges).chain((edge) => fc.integer({ min: Math.max(0, edge - 2), max: edge + 2 })),
  )

const anyChanges: fc.Arbitrary<Changes> = fc.oneof(fc.nat({ max: 60 }), fc.nat({ max: 100_000 })).chain((live) =>
  fc.record({
    live: fc.constant(live),
    seen: fc.option(fc.oneof(near(Math.floor(live / 10)), fc.nat({ max: live }))),
    accessLost: fc.constantFrom(0, 0, 0, 1, 50),
    created: near(10, 1000),
    moved: near(10, Math.floor(live / 5)),
    typeChanged: near(10, Math.floor(live / 100)),
    deep: near(10, 40),
    flattened: near(5, 20),
  }),
)

test('other changes: each rule holds exactly from its limit on', TIME, () => {
  fc.assert(
    fc.property(anyChanges, (changes) => {
      const { live, seen: shown, accessLost, created, moved, typeChanged, deep, flattened } = changes
      const isFlat = deep >= 10 && flattened * 2 > deep
      const expected: (HoldRule | false)[] = [
        accessLost > 0 && 'accessLost',
        isFlat && 'depthCollapse',
        !isFlat && moved > 10 && moved * 5 > live && 'tooManyMoves',
        typeChanged > 10 && typeChanged * 100 > live && 'tooManyTypes',
        live >= 10 && shown !== null && shown * 10 < live && created >= 10 && 'otherCompanies',
      ]
      const rules = guardChanges(changes).map(({ rule }) => rule)
      note(rules)
      expect(rules).toEqual(expected.filter((rule) => rule !== false))
    }),
    { numRuns: RUNS },
  )
})

test('every rule was met', () => {
  expect([...seen.keys()].toSorted()).toEqual([
    'accessLost',
    'childrenStay',
    'depthCollapse',
    'everythingGone',
    'managerGone',
    'otherCompanies',
    'rootGone',
    'tooMany',
    'tooManyMoves',
    'tooManyOfParent',
    'tooManyTypes',
  ])
})
