import i18next from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import { en } from '../i18n/en.ts'
import { formatNumber } from '../i18n/format.ts'
import { REHEARSAL_NAMES } from '@msp-console/contract'
import { isId, toActionName, toField, toLines, toTarget } from './words.ts'

beforeAll(async () => {
  await i18next.init({ lng: 'en', resources: { en: { translation: en } }, interpolation: { escapeValue: false } })
})

test('the same word is a level where rights are told and a mark where customers are', () => {
  expect(toLines('updateSet', 'setup', 'none')).toEqual([en.rights.level.none])
  expect(toLines('createToken', 'setup', 'write')).toEqual([en.rights.level.write])
  expect(toLines('putSetup', 'setup', 'none')).toEqual([en.setupState.none])
  expect(toField('updateSet', 'setup')).toBe(en.rights.object.setup)
  expect(toField('putSetup', 'setup')).toBe('Setup')
})

test('grants are a line each, a group is its name, ids are left out', () => {
  const grants = [
    { groupId: 4, root: 'Vysočina IT Group', set: 'Night watch' },
    { groupId: 9, root: 'Kraków IT', set: 'Day watch' },
  ]
  expect(toLines('updateUser', 'grants', grants)).toEqual([
    'Night watch on Vysočina IT Group',
    'Day watch on Kraków IT',
  ])
  expect(toLines('updateUser', 'homeGroup', { groupId: 4, name: 'Vysočina IT Group' })).toEqual(['Vysočina IT Group'])
  expect(['rootId', 'ids', 'id', 'vatId', 'paid', 'grants'].map(isId)).toEqual([true, false, true, false, false, false])
})

test('nothing is a dash, yes and no are words, and what has no word is shown as it came', () => {
  expect([null, '', [], undefined].map((value) => toLines('x', 'y', value))).toEqual([['–'], ['–'], ['–'], ['–']])
  expect(toLines('updateUser', 'disabled', true)).toEqual(['yes'])
  expect(toLines('updateUser', 'disabled', false)).toEqual(['no'])
  expect(toLines('x', 'count', 12)).toEqual(['12'])
  expect(toLines('x', 'deep', { a: { b: 1 }, c: 'd' })).toEqual(['a: b: 1', 'c: d'])
  expect(toActionName('flyToTheMoon')).toBe('flyToTheMoon')
  expect(toField('x', 'unheardOf')).toBe('unheardOf')
  expect(toActionName('useLink')).toBe(en.audit.actions.useLink)
})

test('a rehearsal is told by its name, whichever it was, and what is newer than this console as it came', () => {
  const targetOf = (target: string | null) => toTarget({ action: 'startRehearsal', target })
  expect(REHEARSAL_NAMES.map(targetOf)).toEqual(REHEARSAL_NAMES.map((name) => en.rehearsal[name].title))
  expect(targetOf('restore')).toBe(en.rehearsal.restore)
  expect([targetOf('flood'), targetOf(null)]).toEqual(['flood', null])
  expect(toTarget({ action: 'createSet', target: 'restore' })).toBe('restore')
})

test('groups of our own have our names, a schedule is told in words, numbers as people write them', () => {
  const lines = toLines('updateUser', 'grants', [{ groupId: 2, root: 'Companies', set: 'partner' }])
  expect(lines).toEqual([`${en.rights.set.partner} on ${en.kind.companies}`])
  expect(toLines('updateUser', 'homeGroup', { groupId: 3, name: 'x' })).toEqual([en.kind.lostAndFound])
  expect(toLines('setAccountSchedule', 'intervalSeconds', 900)).toEqual(['every 15 minutes'])
  expect(toLines('setAccountSchedule', 'intervalSeconds', null)).toEqual([en.freshness.off])
  expect(toLines('disconnectAccount', 'unlinked', 12_345)).toEqual([formatNumber(12_345)])
  expect(['guid', 'events'].map((field) => toField('deleteGroup', field))).toEqual(['GUID in EMA', 'History entries'])
})
