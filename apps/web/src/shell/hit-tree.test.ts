import { expect, test } from 'vitest'
import { toHitRows, type Hit } from './hit-tree.ts'

const link = (id: string, kind: Hit['kind'] = 'msp') => ({ id, kind, name: `n${id}` })
function hit(id: string, ...ancestors: string[]): Hit {
  const rollUp = { companies: 1, notSetUp: 1, normal: 0, unlinked: 0, computers: 0 }
  return {
    ...link(id, 'customer'),
    state: 'notSetUp',
    setup: 'none',
    presence: 'present',
    sourceStatus: 'active',
    childCount: 0,
    rollUp,
    ancestors: [link('1', 'all'), link('2', 'companies'), ...ancestors.map((each) => link(each))],
  }
}
const lines = (hits: Hit[]) =>
  toHitRows(hits).map((row) => `${'-'.repeat(row.depth)}${row.group.id}${row.hit ? '*' : ''}`)

test('hits stand inside their ancestors, each ancestor once', () => {
  expect(lines([hit('7', '3', '4'), hit('8', '3', '5'), hit('9', '3', '4')])).toEqual([
    '3',
    '-4',
    '--7*',
    '--9*',
    '-5',
    '--8*',
  ])
})

test('an ancestor that matches too is a hit, whichever comes first', () => {
  expect(lines([hit('7', '3'), hit('3')])).toEqual(['3*', '-7*'])
  expect(lines([hit('3'), hit('7', '3')])).toEqual(['3*', '-7*'])
})
