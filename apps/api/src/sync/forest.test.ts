import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { computeForest, DEPTH_MOST, type ForestInput, needsUnresolved } from './forest.ts'

const ROOT = 10
const UNRESOLVED = 11

interface Node {
  id: number
  parent: number
  oldParent: number
  state: number
}

function toInput(nodes: readonly Node[]): ForestInput {
  return {
    id: Int32Array.from(nodes, (node) => node.id),
    parent: Int32Array.from(nodes, (node) => node.parent),
    oldParent: Int32Array.from(nodes, (node) => node.oldParent),
    state: Uint8Array.from(nodes, (node) => node.state),
    root: ROOT,
    unresolved: UNRESOLVED,
  }
}

/** Any parents at all: also unknown ones, itself, and cycles. */
const anyNodes = fc.integer({ min: 0, max: 30 }).chain((count) => {
  const ids = Array.from({ length: count }, (_, index) => 20 + index)
  const anyParent = fc.constantFrom(ROOT, UNRESOLVED, 999, ...ids)
  return fc
    .tuple(
      ...ids.map((id) =>
        fc.record({
          id: fc.constant(id),
          parent: anyParent,
          // What was stored is a forest: nobody's old parent is younger.
          oldParent: fc.constantFrom(0, ROOT, ...ids.filter((other) => other < id)),
          state: fc.integer({ min: 0, max: 3 }),
        }),
      ),
    )
    .map((nodes): Node[] => [
      { id: ROOT, parent: 2, oldParent: 2, state: 0 },
      { id: UNRESOLVED, parent: ROOT, oldParent: ROOT, state: 0 },
      ...nodes,
    ])
})

/** The slow, obvious way: follow parents upwards from every node. */
function countBelow(
  parents: ReadonlyMap<number, number>,
  nodes: readonly Node[],
  id: number,
  counts: (node: Node) => boolean,
): number {
  return nodes.filter((node) => {
    for (let at: number | undefined = node.id; at !== undefined; at = at === ROOT ? undefined : parents.get(at)) {
      if (at === id) return counts(node)
    }
    return false
  }).length
}

describe('computeForest', () => {
  test(
    'gives every group one place below the root, and counters equal to counting by hand',
    { timeout: 30_000 },
    () => {
      fc.assert(
        fc.property(anyNodes, (nodes) => {
          const forest = computeForest(toInput(nodes))
          const parents = new Map(nodes.map((node, i) => [node.id, forest.parent[i]!]))
          expect(forest.order).toHaveLength(nodes.length)
          for (const [i, node] of nodes.entries()) {
            expect(forest.size[i]).toBe(countBelow(parents, nodes, node.id, () => true))
            expect(forest.notSetUp[i]).toBe(countBelow(parents, nodes, node.id, ({ state }) => state === 1))
            expect(forest.normal[i]).toBe(countBelow(parents, nodes, node.id, ({ state }) => state === 2))
            expect(forest.unlinked[i]).toBe(countBelow(parents, nodes, node.id, ({ state }) => state === 3))
            expect(forest.children[i]).toBe(
              nodes.filter((child) => child.id !== ROOT && parents.get(child.id) === node.id).length,
            )
            const up = parents.get(node.id)!
            const upIndex = nodes.findIndex(({ id }) => id === up)
            expect(forest.depth[i]).toBe(node.id === ROOT ? 2 : forest.depth[upIndex]! + 1)
          }
        }),
        { numRuns: 1000 },
      )
    },
  )

  test('does not depend on the order of its input', () => {
    fc.assert(
      fc.property(
        anyNodes.chain((nodes) =>
          fc.tuple(fc.constant(nodes), fc.shuffledSubarray(nodes, { minLength: nodes.length })),
        ),
        ([nodes, shuffled]) => {
          const parentsOf = (some: readonly Node[]) => {
            const forest = computeForest(toInput(some))
            return new Map(
              some.map((node, i) => [node.id, [forest.parent[i], forest.moved[i], forest.size[i]]] as const),
            )
          }
          const expected = parentsOf(nodes)
          for (const [id, place] of parentsOf(shuffled)) expect(place).toEqual(expected.get(id))
        },
      ),
      { numRuns: 500 },
    )
  })

  test('keeps a wanted parent wherever the group can be reached by it', () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const input = toInput(nodes)
        const forest = computeForest(input)
        expect(needsUnresolved(input) ? input.parent : forest.parent).toEqual(input.parent)
      }),
    )
  })

  test('puts the members of a cycle back where they were', () => {
    const nodes: Node[] = [
      { id: ROOT, parent: 2, oldParent: 2, state: 0 },
      { id: UNRESOLVED, parent: ROOT, oldParent: ROOT, state: 0 },
      { id: 20, parent: 21, oldParent: ROOT, state: 0 },
      { id: 21, parent: 20, oldParent: ROOT, state: 0 },
      { id: 22, parent: 21, oldParent: 21, state: 1 },
    ]
    const forest = computeForest(toInput(nodes))
    expect([...forest.parent]).toEqual([2, ROOT, ROOT, ROOT, 21])
    expect([...forest.moved]).toEqual([0, 0, 0, 0, 0])
  })

  test('hangs new members of a cycle under the unresolved group, and marks what is below a moved group', () => {
    const nodes: Node[] = [
      { id: ROOT, parent: 2, oldParent: 2, state: 0 },
      { id: UNRESOLVED, parent: ROOT, oldParent: 0, state: 0 },
      { id: 20, parent: 21, oldParent: 0, state: 0 },
      { id: 21, parent: 20, oldParent: 0, state: 0 },
      { id: 30, parent: ROOT, oldParent: UNRESOLVED, state: 0 },
      { id: 31, parent: 30, oldParent: 30, state: 1 },
    ]
    const forest = computeForest(toInput(nodes))
    expect([...forest.parent]).toEqual([2, ROOT, UNRESOLVED, UNRESOLVED, ROOT, 30])
    expect([...forest.moved]).toEqual([0, 1, 1, 1, 1, 1])
  })

  const chain = (levels: number): Node[] =>
    Array.from({ length: levels }, (_, at) => ({
      id: 20 + at,
      parent: at === 0 ? ROOT : 19 + at,
      oldParent: 0,
      state: 0,
    }))
  const top: Node = { id: ROOT, parent: 2, oldParent: 2, state: 0 }
  const unresolved: Node = { id: UNRESOLVED, parent: ROOT, oldParent: ROOT, state: 0 }

  test('counts 62 levels below the root, then hangs what is deeper under the unresolved group', () => {
    expect(DEPTH_MOST).toBe(64)
    const deepest = computeForest(toInput([top, unresolved, ...chain(62)]))
    expect(deepest.depth.at(-1)).toBe(64)
    expect(needsUnresolved(toInput([top, ...chain(62)]))).toBe(false)
    expect(needsUnresolved(toInput([top, ...chain(63)]))).toBe(true)
    const nodes = [top, unresolved, ...chain(300)]
    const { parent, depth, order, size } = computeForest(toInput(nodes))
    expect(order).toHaveLength(nodes.length)
    expect(Math.max(...depth)).toBe(64)
    const cut = nodes.filter((node, i) => node.parent !== parent[i]).map(({ id }) => id)
    // 62 below the root, then 61 below the unresolved group at a time.
    expect(cut).toEqual([82, 143, 204, 265])
    expect(size[0]).toBe(302)
    for (const i of order.subarray(1)) expect(depth[i]).toBe(depth[nodes.findIndex(({ id }) => id === parent[i])]! + 1)
  })

  test('cuts a deep chain at the same places again', () => {
    const nodes = [top, unresolved, ...chain(300)]
    const first = computeForest(toInput(nodes))
    const again = computeForest(toInput(nodes.map((node, i) => ({ ...node, oldParent: first.parent[i]! }))))
    expect([...again.parent]).toEqual([...first.parent])
    expect([...again.moved].some((moved) => moved === 1)).toBe(false)
  })

  test('finds the same among ids that lie far apart, and parents that are not among them', { timeout: 30_000 }, () => {
    const apart = (id: number) => (id === 0 || id === 2 ? id : id * 10_000_000 - 40_000_000)
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const far = nodes.map(({ id, parent, oldParent, state }) => ({
          id: apart(id),
          parent: apart(parent),
          oldParent: apart(oldParent),
          state,
        }))
        const { parent, ...same } = computeForest(toInput(nodes))
        const there = computeForest({ ...toInput(far), root: apart(ROOT), unresolved: apart(UNRESOLVED) })
        expect(there).toEqual({ ...same, parent: parent.map(apart) })
      }),
    )
  })

  test('leaves its input as it was', () => {
    const round: Node[] = [
      { id: 400, parent: 401, oldParent: ROOT, state: 0 },
      { id: 401, parent: 400, oldParent: ROOT, state: 0 },
    ]
    for (const nodes of [
      [top, unresolved, ...chain(100)],
      [top, unresolved, ...chain(100), ...round],
    ]) {
      const input = toInput(nodes)
      needsUnresolved(input)
      computeForest(input)
      expect(input).toEqual(toInput(nodes))
    }
  })

  test('says what is missing', () => {
    const lost: Node = { id: 20, parent: 21, oldParent: 0, state: 0 }
    const failure = (...nodes: Node[]) => {
      try {
        return computeForest(toInput(nodes)).parent
      } catch (error) {
        return String(error)
      }
    }
    expect(failure(lost)).toBe('RangeError: the root is not among the groups')
    expect(failure(top, lost)).toBe('RangeError: some groups cannot be reached from the root')
    expect(failure(top, ...chain(63))).toBe('RangeError: some groups stand too deep')
    expect(failure(top)).toEqual(Int32Array.of(2))
    // Whoever stands first is found as well.
    expect(computeForest(toInput([unresolved, top, ...chain(63)])).parent.at(-1)).toBe(UNRESOLVED)
  })
})
