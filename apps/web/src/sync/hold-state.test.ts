import type { Run } from '@msp-console/contract'
import { expect, test } from 'vitest'
import { toHoldState } from './hold-state.ts'

const NOW = Date.parse('2026-11-27T12:00:00Z')
const TOMORROW = '2026-11-28T12:00:00Z'
const YESTERDAY = '2026-11-26T12:00:00Z'

const COUNTS: Run['counts'] = {
  created: 0,
  renamed: 0,
  moved: 0,
  typeChanged: 0,
  statusChanged: 0,
  changed: 0,
  suspected: 0,
  unlinked: 0,
  restored: 0,
  accessLost: 0,
  held: 3,
}
const HOLD = { waiting: 0, approved: 0, rejected: 0, replaced: 0, decideUntil: null }

const stateOf = (hold: Partial<NonNullable<Run['hold']>> | null, more: Partial<Run> = {}) =>
  toHoldState({ counts: COUNTS, preview: false, ...more, hold: hold && { ...HOLD, ...hold } }, NOW)

test('only what can still be decided on waits', () => {
  expect(stateOf({ waiting: 3, decideUntil: TOMORROW })).toBe('waiting')
  expect(stateOf({ waiting: 1, approved: 2, decideUntil: TOMORROW })).toBe('waiting')
  expect(stateOf({ waiting: 3, decideUntil: YESTERDAY })).toBe('expired')
  expect(stateOf({ waiting: 3 })).toBe('expired')
})

test('what nobody has to decide on says how it ended', () => {
  expect(stateOf({ approved: 3 })).toBe('approved')
  expect(stateOf({ rejected: 3, decideUntil: TOMORROW })).toBe('rejected')
  expect(stateOf({ approved: 1, rejected: 2 })).toBe('decided')
  expect(stateOf({ replaced: 3 })).toBe('replaced')
  expect(stateOf({})).toBe('taken')
})

test('a preview only says what would be held, and a run that held nothing says nothing', () => {
  expect(stateOf(null, { preview: true })).toBe('planned')
  const nothing = { counts: { ...COUNTS, held: 0 } }
  expect(stateOf(null, { ...nothing, preview: true })).toBe('none')
  expect(stateOf(null, nothing)).toBe('none')
  expect(stateOf({}, nothing)).toBe('none')
  expect(stateOf({ waiting: 1, decideUntil: TOMORROW }, nothing)).toBe('waiting')
})
