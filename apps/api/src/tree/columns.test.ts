import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countRows, toCustomerColumns, toInnerColumns, toPreorder } from './columns.ts'
import type { CustomerTuple, InnerTuple } from './queries.ts'

function inner(id: number, parent: number | null, children = 0, kind: InnerTuple[2] = 'msp', depth = 0): InnerTuple {
  return [id, parent, kind, 'normal', 'active', 'present', `g${id}`, children, 0, 0, 0, depth]
}
function customer(parent: number, id: number): CustomerTuple {
  return [parent, id, 'notSetUp', 'active', 'present', `c${id}`]
}

describe('columns of the tree', () => {
  test('stand in preorder, siblings as they came', () => {
    const rows = [inner(1, null, 2), inner(9, 1, 1), inner(4, 1, 0), inner(2, 9, 3)]
    expect(toPreorder(rows, 1).map(([id]) => id)).toEqual([1, 9, 2, 4])
  })

  test('children that are no groups are customers; an empty place for the unresolved is neither', () => {
    const rows = [inner(1, null, 5), inner(2, 1, 2), inner(3, 1, 0, 'unresolved')]
    const columns = toInnerColumns(toPreorder(rows, 1), countRows(rows))
    expect(columns).toMatchObject({ idDelta: [1, 1], children: [4, 2], customers: [3, 2], name: ['g1', 'g2'] })
    const used = [inner(1, null, 1), inner(3, 1, 2, 'unresolved')]
    expect(toInnerColumns(toPreorder(used, 1), countRows(used))).toMatchObject({ children: [1, 2], customers: [0, 2] })
  })

  test('a subtree is deepest at its own top', () => {
    const rows = [inner(5, 2, 1, 'msp', 3), inner(6, 5, 0, 'msp', 4)]
    expect(toInnerColumns(toPreorder(rows, 5), countRows(rows)).depth).toEqual([0, 1])
  })

  test('blocks of customers follow their parents, parents without any have none', () => {
    const rows = [customer(3, 30), customer(3, 7), customer(8, 9)]
    expect(toCustomerColumns([1, 8, 5, 3], rows)).toEqual({
      of: [8, -5],
      count: [1, 2],
      idDelta: [9, 21, -23],
      mark: 'aaa',
      name: ['c9', 'c30', 'c7'],
    })
  })

  test('every group of any tree comes once, after its parent and before whatever comes next to that', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 60 }), (choices) => {
        const rows = [inner(1, null)]
        for (const [i, choice] of choices.entries()) rows.push(inner(i + 2, rows[choice % rows.length]![0])) // never empty
        const order = toPreorder(rows, 1).map(([id]) => id)
        expect(order.toSorted((a, b) => a - b)).toEqual(rows.map(([id]) => id))
        const parentOf = new Map(rows.map(([id, parent]) => [id, parent]))
        const path: (number | null)[] = []
        for (const id of order) {
          while (path.length > 0 && path.at(-1) !== parentOf.get(id)) path.pop()
          expect(path.at(-1) ?? null).toBe(parentOf.get(id))
          path.push(id)
        }
      }),
    )
  })
})
