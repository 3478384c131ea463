import { expect, test } from 'vitest'
import { EMPTY, EVERYTHING, isSelected, toggle, toggleLoaded } from './selection.ts'

const loaded = [{ id: '1' }, { id: '2' }, { id: '3' }]

test('rows are chosen and taken back one by one', () => {
  const one = toggle(EMPTY, '2', loaded)
  expect(isSelected(one, '2')).toBe(true)
  expect(toggle(one, '2', loaded)).toEqual(EMPTY)
})

test('one row taken out of everything leaves the other loaded rows, never rows unseen', () => {
  const rest = toggle(EVERYTHING, '2', loaded)
  expect(rest).toEqual({ all: false, ids: new Set(['1', '3']) })
})

test('the box in the head chooses what is loaded, then nothing', () => {
  const all = toggleLoaded(EMPTY, loaded)
  expect(all).toEqual({ all: false, ids: new Set(['1', '2', '3']) })
  expect(toggleLoaded(all, loaded)).toEqual(EMPTY)
  expect(toggleLoaded(EVERYTHING, loaded)).toEqual(EMPTY)
})
