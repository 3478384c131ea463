import { expect, test } from 'vitest'
import { toHits, toNames } from './hits.ts'
import { type Action, toAction, typeAhead } from './keyboard.ts'
import { keyOf } from './refs.ts'
import { refAt, toRows } from './rows.ts'
import { plainGroup, toData } from './testing.ts'

const data = toData([
  plainGroup(1, 'All', {
    kind: 'all',
    groups: [
      plainGroup(10, 'Žižkov', {
        groups: [plainGroup(20, 'Zlín')],
        customers: [
          { id: 100, name: 'Řeznictví', state: 'notSetUp' },
          { id: 101, name: 'Řezbárna', state: 'normal' },
        ],
      }),
      plainGroup(11, 'Zábřeh', { customers: [{ id: 110, name: 'Alfa', state: 'normal' }] }),
      plainGroup(12, 'Brno'),
      plainGroup(13, 'Cheb', { hiddenCustomers: 5 }),
    ],
  }),
])

/** The rows 0 All, 1 Žižkov, 2 Zlín, 3 Řeznictví, 4 Řezbárna, 5 Zábřeh (closed), 6 Brno (a leaf), 7 Cheb, 8 its gap. */
const open = new Set([1, 10, 13])
const rows = toRows(data, open, null)

function press(row: number, key: string): Action | null {
  return toAction({ data, rows, hits: null, open, page: 4 }, row, key)
}

test('up and down, page by page, first and last, never beyond the ends', () => {
  expect(rows.length).toBe(9)
  expect(press(1, 'ArrowDown')).toEqual({ type: 'focus', row: 2 })
  expect(press(8, 'ArrowDown')).toEqual({ type: 'focus', row: 8 })
  expect(press(1, 'ArrowUp')).toEqual({ type: 'focus', row: 0 })
  expect(press(0, 'ArrowUp')).toEqual({ type: 'focus', row: 0 })
  expect(press(1, 'PageDown')).toEqual({ type: 'focus', row: 5 })
  expect(press(7, 'PageDown')).toEqual({ type: 'focus', row: 8 })
  expect(press(2, 'PageUp')).toEqual({ type: 'focus', row: 0 })
  expect(press(5, 'Home')).toEqual({ type: 'focus', row: 0 })
  expect(press(5, 'End')).toEqual({ type: 'focus', row: 8 })
})

test('right opens what is closed, then goes inside; a leaf stays', () => {
  expect(press(5, 'ArrowRight')).toEqual({ type: 'toggle', ids: [11] })
  expect(press(1, 'ArrowRight')).toEqual({ type: 'focus', row: 2 })
  expect(press(6, 'ArrowRight')).toBeNull()
  expect(press(3, 'ArrowRight')).toBeNull()
})

test('left closes what is open, else goes to the parent; the top stays', () => {
  expect(press(1, 'ArrowLeft')).toEqual({ type: 'toggle', ids: [10] })
  expect(press(5, 'ArrowLeft')).toEqual({ type: 'focus', row: 0 })
  expect(press(4, 'ArrowLeft')).toEqual({ type: 'focus', row: 1 })
  expect(press(8, 'ArrowLeft')).toEqual({ type: 'focus', row: 7 })
  const closed = toRows(data, new Set(), null)
  expect(toAction({ data, rows: closed, hits: null, open: new Set(), page: 4 }, 0, 'ArrowLeft')).toBeNull()
})

test('Enter and the space select a node and ask again at a gap', () => {
  expect(press(3, 'Enter')).toEqual({ type: 'select', row: 3 })
  expect(press(3, ' ')).toEqual({ type: 'select', row: 3 })
  expect(press(8, 'Enter')).toEqual({ type: 'fill', row: 8 })
})

test('the asterisk opens every closed group beside the focused one', () => {
  expect(press(6, '*')).toEqual({ type: 'toggle', ids: [11] })
  const hits = toHits(data, toNames(data), { text: 'r', states: new Set() })
  const found = toRows(data, new Set(), hits)
  expect(Array.from(found.ref, (ref) => keyOf(data, ref))).toEqual([1, 10, 100, 101, 11, 12])
  expect(toAction({ data, rows: found, hits, open: new Set(), page: 4 }, 4, '*')).toEqual({
    type: 'toggle',
    ids: [11, 13],
  })
})

test('other keys are not the tree’s', () => {
  expect(press(3, 'Escape')).toBeNull()
  expect(press(3, 'a')).toBeNull()
  expect(press(99, 'ArrowDown')).toBeNull()
})

test('type-ahead finds the next visible name, without diacritics and round the end', () => {
  const names = toNames(data)
  const type = (row: number, text: string) => {
    const found = typeAhead(rows, names, row, text)
    return found < 0 ? null : keyOf(data, refAt(rows, found))
  }
  expect(type(0, 'z')).toBe(10)
  expect(type(1, 'z')).toBe(20)
  expect(type(1, 'zz')).toBe(20)
  expect(type(1, 'ziz')).toBe(10)
  expect(type(1, 'zab')).toBe(11)
  expect(type(5, 'R')).toBe(100)
  expect(type(3, 'r')).toBe(101)
  expect(type(3, 'rez')).toBe(100)
  expect(type(6, 'č')).toBe(13)
  expect(type(0, 'alfa')).toBeNull()
  expect(type(0, '')).toBeNull()
})
