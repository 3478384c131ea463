import type { ChangedGroups, CustomerColumns, CustomerState } from '@msp-console/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeChanges } from './merge.ts'
import { plainGroup, type PlainGroup, toWire } from './testing.ts'

// Two worlds; of the second only the groups that differ are sent, or more. Merging must give the second world's columns.

const STATES: readonly CustomerState[] = ['notSetUp', 'normal', 'unlinked']

const NONE: CustomerColumns = { of: [], count: [], idDelta: [], mark: '', name: [] }

interface Node {
  id: number
  name: string
  parent: number
  customers: { id: number; name: string; state: CustomerState }[]
}

/** A forest of one root as PlainGroups; children in the order of the list. */
function toPlain(nodes: readonly Node[]): PlainGroup {
  const build = ({ id, name, customers }: Node): PlainGroup =>
    plainGroup(id, name, { customers, groups: nodes.filter(({ parent }) => parent === id).map(build) })
  const [root] = nodes
  if (root === undefined) throw new Error('no root')
  return build(root)
}

function changesOf(
  nodes: readonly Node[],
  ids: ReadonlySet<number>,
): { groups: ChangedGroups; customers: CustomerColumns } {
  const wire = toWire([toPlain(nodes)])
  const at: number[] = []
  let id = 0
  const all = wire.inner.idDelta.map((delta, i) => {
    id += delta
    if (ids.has(id)) at.push(i)
    return id
  })
  const pick = <T>(column: readonly T[]): T[] => at.flatMap((i) => column[i] ?? [])
  let last = 0
  const groups: ChangedGroups = {
    idDelta: at.map((i) => {
      const delta = (all[i] ?? 0) - last
      last = all[i] ?? 0
      return delta
    }),
    kind: at.map((i) => wire.inner.kind.charAt(i)).join(''),
    mark: at.map((i) => wire.inner.mark.charAt(i)).join(''),
    name: pick(wire.inner.name),
    children: pick(wire.inner.children),
    customers: pick(wire.inner.customers),
    notSetUp: pick(wire.inner.notSetUp),
    normal: pick(wire.inner.normal),
    unlinked: pick(wire.inner.unlinked),
    belowCount: at.map((i) => nodes.filter(({ parent }) => parent === all[i]).length),
    below: at.flatMap((i) => nodes.filter(({ parent }) => parent === all[i]).map((node) => node.id)),
  }
  const kept = toWire([
    plainGroup(0, 'x', {
      groups: nodes
        .filter((node) => ids.has(node.id))
        .map((node) => plainGroup(node.id, node.name, { customers: node.customers })),
    }),
  ])
  return { groups, customers: kept.customers ?? NONE }
}

const anyNodes = fc
  .array(
    fc.record({
      up: fc.nat({ max: 50 }),
      name: fc.constantFrom('Alfa', 'Beta', 'Gama'),
      customers: fc.array(fc.record({ name: fc.constantFrom('x', 'y'), state: fc.constantFrom(...STATES) }), {
        maxLength: 3,
      }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((list) =>
    list.map(({ up, name, customers }, index): Node => ({
      id: index + 1,
      name,
      parent: index === 0 ? 0 : (up % index) + 1,
      customers: customers.map((customer, i) => ({ ...customer, id: 1000 + index * 10 + i })),
    })),
  )

/** What raising does: a group whose own row, children or customers differ, and everything above it, before and after. */
function differing(before: readonly Node[], after: readonly Node[]): Set<number> {
  const ids = new Set<number>()
  const raise = (nodes: readonly Node[], from: number) => {
    for (let id = from; id !== 0; id = nodes.find((node) => node.id === id)?.parent ?? 0) ids.add(id)
  }
  for (const node of after) {
    const old = before.find(({ id }) => id === node.id)
    if (JSON.stringify(old) === JSON.stringify(node)) continue
    raise(after, node.id)
    if (old) raise(before, old.parent)
  }
  for (const node of before) if (!after.some(({ id }) => id === node.id)) raise(before, node.parent)
  return ids
}

test('merging what differs gives the tree as it would be sent anew', () => {
  fc.assert(
    fc.property(anyNodes, anyNodes, fc.array(fc.nat({ max: 12 })), (before, after, more) => {
      const old = toWire([toPlain(before)])
      const next = toWire([toPlain(after)])
      const ids = new Set([...differing(before, after), ...more].filter((id) => after.some((node) => node.id === id)))
      const merged = mergeChanges(old.inner, old.customers, changesOf(after, ids))
      expect(merged).toEqual({ inner: next.inner, customers: next.customers })
      expect(mergeChanges(old.inner, null, changesOf(after, ids))).toEqual({ inner: next.inner, customers: null })
    }),
    { numRuns: 500 },
  )
})

test('a group that nobody has sent means to load anew', () => {
  const old = toWire([plainGroup(1, 'All')])
  const { groups, customers } = changesOf(
    [
      { id: 1, name: 'All', parent: 0, customers: [] },
      { id: 7, name: 'New', parent: 1, customers: [] },
    ],
    new Set([1]),
  )
  expect(mergeChanges(old.inner, old.customers, { groups, customers })).toBeNull()
  expect(mergeChanges(old.inner, old.customers, { groups: null, customers: null })).toBeNull()
  expect(mergeChanges(old.inner, old.customers, { groups, customers: null })).toBeNull()
})
