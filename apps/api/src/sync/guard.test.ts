import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Changes, guardChanges, guardRemovals as guard, type Removal, removalLimit } from './guard.ts'

/** Parents with so many children of which every one is a candidate or removed with proof still to come. */
function guardRemovals(removals: readonly Removal[], live: number, children: ReadonlyMap<number, number>) {
  const outside = new Set(removals.map(({ id }) => id))
  const below = new Map(
    [...children].map(([id, count]) => [id, { live: count, staying: outside.has(id) ? 0 : count }] as const),
  )
  const { allowed, held, reasons } = guard(removals, live, below)
  return { allowed, held: held.map(({ id }) => id), reasons }
}

function customers(count: number, parentId: number, firstId = 1000): Removal[] {
  return Array.from({ length: count }, (_, index) => ({
    id: firstId + index,
    parentId,
    kind: 'customer',
    isRoot: false,
  }))
}
/** One removal from each of so many parents, so that no parent loses half. */
function scattered(count: number): { removals: Removal[]; children: Map<number, number> } {
  const removals = Array.from({ length: count }, (_, index): Removal => ({
    id: 1000 + index,
    parentId: index + 1,
    kind: 'customer',
    isRoot: false,
  }))
  return { removals, children: new Map(removals.map(({ parentId }) => [parentId, 40])) }
}

describe('removalLimit is max(10, min(5 % of live, 500))', () => {
  test.each([
    [0, 10],
    [199, 10],
    [200, 10],
    [240, 12],
    [9_999, 499],
    [10_000, 500],
    [1_000_000, 500],
  ])('%i live companies → %i removals', (live, limit) => {
    expect(removalLimit(live)).toBe(limit)
  })
})

describe('guardRemovals', () => {
  test('lets nothing be held when nothing is removed', () => {
    expect(guardRemovals([], 100, new Map())).toEqual({ allowed: [], held: [], reasons: [] })
  })

  test.each([
    [10, 100],
    [12, 240],
    [500, 50_000],
  ])('allows %i of %i and holds one more', (limit, live) => {
    const at = scattered(limit)
    expect(guardRemovals(at.removals, live, at.children)).toMatchObject({ held: [], reasons: [] })
    const above = scattered(limit + 1)
    const verdict = guardRemovals(above.removals, live, above.children)
    expect(verdict.allowed).toEqual([])
    expect(verdict.held).toHaveLength(limit + 1)
    expect(verdict.reasons).toEqual([{ rule: 'tooMany', count: limit + 1, limit, groupId: null }])
  })

  test('holds everything rather than emptying a small tree', () => {
    const verdict = guardRemovals(customers(3, 1), 3, new Map([[1, 3]]))
    expect(verdict).toMatchObject({ allowed: [], reasons: [{ rule: 'everythingGone', count: 3 }] })
  })

  test.each([
    [10, 5, 0],
    [10, 6, 6],
    [11, 5, 0],
    [11, 6, 6],
    [9, 9, 0],
  ])('of a parent with %i children, %i removals: %i held', (children, removed, held) => {
    const verdict = guardRemovals(customers(removed, 7), 1000, new Map([[7, children]]))
    expect(verdict.held).toHaveLength(held)
    expect(verdict.allowed).toHaveLength(removed - held)
    expect(verdict.reasons.map(({ rule, count }) => [rule, count])).toEqual(held > 0 ? [['tooManyOfParent', held]] : [])
  })

  test('holds only the offending parent, not the others', () => {
    const removals = [...customers(6, 7), ...customers(2, 8, 2000)]
    const verdict = guardRemovals(
      removals,
      1000,
      new Map([
        [7, 10],
        [8, 40],
      ]),
    )
    expect(verdict.allowed).toEqual([2000, 2001])
    expect(verdict.held).toHaveLength(6)
  })

  test('holds a manager and every removal below it', () => {
    const removals: Removal[] = [
      { id: 1, parentId: 99, kind: 'mspManager', isRoot: false },
      { id: 2, parentId: 1, kind: 'managedMsp', isRoot: false },
      { id: 3, parentId: 2, kind: 'customer', isRoot: false },
      { id: 4, parentId: 50, kind: 'customer', isRoot: false },
    ]
    const verdict = guardRemovals(
      removals,
      1000,
      new Map([
        [99, 3],
        [1, 1],
        [2, 1],
        [50, 30],
      ]),
    )
    expect(verdict.held.toSorted((a, b) => a - b)).toEqual([1, 2, 3])
    expect(verdict.allowed).toEqual([4])
    expect(verdict.reasons).toEqual([{ rule: 'managerGone', count: 3, limit: null, groupId: 1 }])
  })

  test('holds the root with what is below it', () => {
    const removals: Removal[] = [
      { id: 1, parentId: 2, kind: 'msp', isRoot: true },
      { id: 5, parentId: 1, kind: 'customer', isRoot: false },
    ]
    expect(
      guardRemovals(
        removals,
        1000,
        new Map([
          [2, 1],
          [1, 40],
        ]),
      ),
    ).toMatchObject({ allowed: [], reasons: [{ rule: 'rootGone', count: 2 }] })
  })

  test('ends on a chain that bites its own tail', () => {
    const removals: Removal[] = [
      { id: 1, parentId: 2, kind: 'msp', isRoot: false },
      { id: 2, parentId: 1, kind: 'msp', isRoot: false },
      { id: 3, parentId: 9, kind: 'mspManager', isRoot: false },
    ]
    expect(
      guardRemovals(
        removals,
        1000,
        new Map([
          [1, 1],
          [2, 1],
          [9, 5],
        ]),
      ).held,
    ).toEqual([3])
  })

  test('holds what stands above a held removal: an MSP is not removed over customers that stay', () => {
    const removals: Removal[] = [
      { id: 5, parentId: 4, kind: 'msp', isRoot: false },
      { id: 6, parentId: 5, kind: 'msp', isRoot: false },
      ...customers(6, 6),
      { id: 2000, parentId: 5, kind: 'customer', isRoot: false },
    ]
    const children = new Map([
      [4, 3],
      [5, 2],
      [6, 11],
    ])
    const verdict = guardRemovals(removals, 1000, children)
    expect(verdict.held.toSorted((a, b) => a - b)).toEqual([5, 6, 1000, 1001, 1002, 1003, 1004, 1005])
    expect(verdict.allowed).toEqual([2000])
    expect(verdict.reasons).toEqual([{ rule: 'tooManyOfParent', count: 8, limit: 5, groupId: 6 }])
  })

  test(
    'whatever is removed: each removal gets one answer, and none is allowed above a held one',
    { timeout: 30_000 },
    () => {
      fc.assert(
        fc.property(anyRemovals, ({ removals, live, children }) => {
          const { allowed, held, reasons } = guardRemovals(removals, live, children)
          const waiting = removals.map(({ id }) => id).filter((id) => !allowed.includes(id) && !held.includes(id))
          expect(new Set([...allowed, ...held, ...waiting]).size).toBe(allowed.length + held.length + waiting.length)
          expect(held.length > 0).toBe(reasons.length > 0)
          const parents = new Map(removals.map(({ id, parentId }) => [id, parentId]))
          for (const id of [...held, ...waiting]) {
            for (let at = parents.get(id); at !== undefined; at = parents.get(at)) expect(allowed).not.toContain(at)
          }
          const tops = removals.filter(({ kind, isRoot }) => isRoot || kind === 'mspManager').map(({ id }) => id)
          expect(held).toEqual(expect.arrayContaining(tops))
        }),
        { numRuns: 2000 },
      )
    },
  )
})

describe('what stays below', () => {
  const parent: Removal = { id: 5, parentId: 4, kind: 'msp', isRoot: false }
  const child: Removal = { id: 6, parentId: 5, kind: 'customer', isRoot: false }
  const under = (live: number, staying: number) =>
    new Map([
      [4, { live: 9, staying: 8 }],
      [5, { live, staying }],
    ])

  test('a parent is held over a company that is there', () => {
    expect(guard([parent, child], 1000, under(2, 1))).toEqual({
      allowed: [6],
      held: [{ id: 5, rule: 'childrenStay' }],
      reasons: [{ rule: 'childrenStay', count: 1, limit: null, groupId: 5 }],
    })
  })

  test('a parent waits, without asking anybody, for a company whose absence is not proven yet', () => {
    expect(guard([parent, child], 1000, under(2, 0))).toEqual({ allowed: [6], held: [], reasons: [] })
  })

  test('a parent goes together with everything below it', () => {
    expect(guard([parent, child], 1000, under(1, 0))).toEqual({ allowed: [5, 6], held: [], reasons: [] })
  })

  test('nothing but the own company left is everything gone, from two others on', () => {
    const two = customers(2, 1)
    expect(guard(two, 3, new Map([[1, { live: 2, staying: 0 }]])).reasons).toEqual([
      { rule: 'everythingGone', count: 2, limit: null, groupId: null },
    ])
    expect(guard(customers(1, 1), 2, new Map([[1, { live: 1, staying: 0 }]])).allowed).toEqual([1000])
  })
})

describe('guardChanges', () => {
  const calm: Changes = {
    live: 1000,
    seen: 1000,
    accessLost: 0,
    created: 0,
    moved: 0,
    typeChanged: 0,
    deep: 0,
    flattened: 0,
  }
  test.each<[string, Partial<Changes>, string[]]>([
    ['no change', {}, []],
    ['moves up to a fifth', { moved: 200 }, []],
    ['one move more', { moved: 201 }, ['tooManyMoves 201/200']],
    ['ten moves in a small tree', { live: 12, seen: 12, moved: 10 }, []],
    ['eleven moves in a small tree', { live: 12, seen: 12, moved: 11 }, ['tooManyMoves 11/10']],
    ['half of the deep ones at the top', { moved: 20, deep: 40, flattened: 20 }, []],
    ['more than half of the deep ones at the top', { moved: 21, deep: 40, flattened: 21 }, ['depthCollapse 21/null']],
    ['nine deep ones at the top', { moved: 9, deep: 9, flattened: 9 }, []],
    ['types of a hundredth', { typeChanged: 10 }, []],
    ['types of more than a hundredth', { typeChanged: 11 }, ['tooManyTypes 11/10']],
    ['types of a hundredth of many', { live: 5000, seen: 5000, typeChanged: 50 }, []],
    ['types of more of many', { live: 5000, seen: 5000, typeChanged: 51 }, ['tooManyTypes 51/50']],
    ['one company whose access was lost', { accessLost: 1 }, ['accessLost 1/null']],
    ['many additions beside known ones', { created: 900, seen: 100 }, []],
    ['many additions instead of known ones', { created: 900, seen: 99 }, ['otherCompanies 900/null']],
    ['nine additions instead of known ones', { created: 9, seen: 0 }, []],
    ['additions to a tree of nine', { live: 9, seen: 0, created: 100 }, []],
    ['additions of a listing that may have left out others', { seen: null, created: 900 }, []],
    [
      'everything at once',
      { moved: 999, typeChanged: 999, accessLost: 3 },
      ['accessLost 3/null', 'tooManyMoves 999/200', 'tooManyTypes 999/10'],
    ],
  ])('%s', (_, changes, expected) => {
    const reasons = guardChanges({ ...calm, ...changes })
    expect(reasons.map(({ rule, count, limit }) => `${rule} ${count}/${limit}`)).toEqual(expected)
  })
})

/** Removals 1…n of a forest, parents before children; parents beyond them (from 100) stay. */
const anyRemovals = fc
  .record({
    nodes: fc.array(
      fc.record({
        up: fc.nat({ max: 100 }),
        kind: fc.constantFrom<Removal['kind']>('customer', 'customer', 'msp', 'msp', 'managedMsp', 'mspManager'),
        others: fc.nat({ max: 12 }),
      }),
      { maxLength: 30 },
    ),
    rootAt: fc.nat({ max: 60 }),
    live: fc.constantFrom(31, 400, 1000),
  })
  .map(({ nodes, rootAt, live }) => {
    const removals = nodes.map(({ up, kind }, index): Removal => {
      const at = up % (index + 1)
      return { id: index + 1, parentId: at === 0 ? 100 + (up % 3) : at, kind, isRoot: index === rootAt }
    })
    const children = new Map<number, number>()
    for (const [index, { parentId }] of removals.entries())
      children.set(parentId, (children.get(parentId) ?? nodes[index]?.others ?? 0) + 1)
    return { removals, live, children }
  })
