import { expect, test } from 'vitest'
import { append, toBlock, toColumns } from './pages.ts'

const block = toBlock({ of: [7], count: [2], idDelta: [30, -5], mark: 'ab', name: ['Alfa', 'Beta'] })

test('blocks of several groups are the columns of one answer', () => {
  const more = toBlock({ of: [7], count: [1], idDelta: [40], mark: 'c', name: ['Gama'] })
  const blocks = new Map([
    [7, append(block, more)],
    [9, toBlock({ of: [9], count: [1], idDelta: [3], mark: 'a', name: ['Delta'] })],
  ])
  expect(toColumns([9, 1, 7], blocks, [])).toEqual({
    of: [9, -2],
    count: [1, 3],
    idDelta: [3, 27, -5, 15],
    mark: 'aabc',
    name: ['Delta', 'Alfa', 'Beta', 'Gama'],
  })
})

test('strays stand after their group, once, and nowhere without it', () => {
  const stray = { id: 50, parent: 7, mark: 'b', name: 'Found' }
  const known = { id: 25, parent: 7, mark: 'b', name: 'Beta' }
  const elsewhere = { id: 60, parent: 99, mark: 'a', name: 'Outside' }
  const columns = toColumns([7], new Map([[7, block]]), [stray, stray, known, elsewhere])
  expect(columns).toMatchObject({ of: [7], count: [3], name: ['Alfa', 'Beta', 'Found'], mark: 'abb' })
  expect(toColumns([7], new Map(), [stray])).toMatchObject({ of: [7], count: [1], idDelta: [50] })
})
