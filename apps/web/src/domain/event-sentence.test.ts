import { EVENT_KINDS } from '@msp-console/contract'
import i18next from 'i18next'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { cs } from '../i18n/cs.ts'
import { en } from '../i18n/en.ts'
import { changedFields, toActor, toEventSentence, toValue } from './event-sentence.ts'

beforeAll(async () => {
  const resources = { en: { translation: en }, cs: { translation: cs } }
  await i18next.init({ lng: 'en', resources, interpolation: { escapeValue: false } })
})
beforeEach(() => i18next.changeLanguage('en'))

describe('an event reads', () => {
  test.each([
    [{ kind: 'created', before: null, after: { name: 'Čáp' } }, 'Seen for the first time as “Čáp”'],
    [{ kind: 'renamed', before: { name: 'A' }, after: { name: '<b>B</b>' } }, 'Renamed from “A” to “<b>B</b>”'],
    [
      { kind: 'moved', before: { parent: 'A', parentId: '1' }, after: { parent: 'B', parentId: '2' } },
      'Moved from “A” to “B”',
    ],
    [
      { kind: 'typeChanged', before: { kind: 'msp', typeCode: 1005 }, after: { kind: 'managedMsp', typeCode: 1006 } },
      'Type changed from MSP to Managed MSP',
    ],
    [
      { kind: 'typeChanged', before: { kind: 'unknown', typeCode: 1 }, after: { kind: 'unknown', typeCode: 2 } },
      'Type changed from 1 to 2',
    ],
    [
      { kind: 'statusChanged', before: { sourceStatus: 'active' }, after: { sourceStatus: 'suspended' } },
      'Status in EMA changed from Active to Suspended',
    ],
    [{ kind: 'changed', before: { email: null }, after: { email: '' } }, 'E-mail changed from “unknown” to “empty”'],
    [
      { kind: 'changed', before: { email: 'a', vatId: '1' }, after: { email: 'b', vatId: '2' } },
      'Changed: E-mail, VAT number',
    ],
    [{ kind: 'changed', before: { shoeSize: 4 }, after: { shoeSize: 5 } }, 'shoeSize changed from “4” to “5”'],
    [{ kind: 'setup', before: { setup: 'none' }, after: { setup: 'done' } }, 'Marked set up'],
    [{ kind: 'setup', before: { setup: 'none' }, after: { setup: 'skipped' } }, 'Setup skipped'],
    [{ kind: 'setup', before: { setup: 'done' }, after: { setup: 'none' } }, 'Marked not set up'],
    [{ kind: 'unlinked', before: null, after: null }, 'Removed: EMA no longer feeds it'],
  ] as const)('%j', (event, sentence) => {
    expect(toEventSentence(event)).toBe(sentence)
  })

  test('in Czech with Czech words', async () => {
    await i18next.changeLanguage('cs')
    const event = { kind: 'typeChanged', before: { kind: 'msp' }, after: { kind: 'managedMsp' } } as const
    expect(toEventSentence(event)).toBe('Typ se změnil z MSP na Spravovaný MSP')
  })

  test.each(EVENT_KINDS)('%s without values, and is still a sentence', (kind) => {
    expect(toEventSentence({ kind, before: null, after: null })).not.toMatch(/^events\.|\{\{/)
  })
})

test('an id behind a name is no change of its own', () => {
  expect(changedFields({ parent: 'A', parentId: '1', vatId: 'x' }, { parent: 'B', parentId: '2', vatId: 'y' })).toEqual(
    ['parent', 'vatId'],
  )
})

describe('what lies outside the view', () => {
  const inside = { parent: 'A', parentId: '1' }
  const hidden = { parent: null, parentId: null }

  test.each([
    [hidden, inside, 'Moved from outside your view to “A”', 'Přesunuto z místa mimo váš pohled do „A“'],
    [inside, hidden, 'Moved from “A” to outside your view', 'Přesunuto z „A“ mimo váš pohled'],
    [hidden, hidden, 'Moved outside your view', 'Přesunuto mimo váš pohled'],
  ])('is said where a move crosses its border: %j → %j', async (before, after, english, czech) => {
    const event = { kind: 'moved', before, after, outside: true } as const
    expect(toEventSentence(event)).toBe(english)
    await i18next.changeLanguage('cs')
    expect(toEventSentence(event)).toBe(czech)
  })

  test('is said of people who may not be known, and not of the source', () => {
    const actor = null
    expect(toActor({ actor, outside: true, before: { setup: 'none' }, after: { setup: 'done' } })).toBe(
      'by somebody outside your view',
    )
    expect(toActor({ actor, outside: true, before: hidden, after: inside })).toBe('from EMA')
    expect(toActor({ actor, outside: false, before: null, after: null })).toBe('from EMA')
    expect(toActor({ actor: 'a@x.example', outside: true, before: null, after: null })).toBe('by a@x.example')
  })

  test('is told from what is merely unknown', () => {
    expect(toValue('parent', null, true)).toBe('outside your view')
    expect(toValue('parent', null)).toBe('unknown')
    expect(toValue('email', null, true)).toBe('unknown')
  })
})
