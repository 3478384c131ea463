import type { Account } from '@msp-console/contract'
import i18next from 'i18next'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { cs } from '../i18n/cs.ts'
import { en } from '../i18n/en.ts'
import { isStale, toNextSentence, toNextWords } from './freshness.ts'

beforeAll(async () => {
  const resources = { en: { translation: en }, cs: { translation: cs } }
  await i18next.init({ lng: 'en', resources, interpolation: { escapeValue: false } })
})
beforeEach(() => i18next.changeLanguage('en'))

const NOW = Date.parse('2026-11-22T12:00:00Z')
const due = (seconds: number | null, health: Account['health'] = 'idle') => ({
  health,
  nextRunAt: seconds === null ? null : new Date(NOW + seconds * 1000).toISOString(),
})

describe('the next run', () => {
  test.each([
    [due(720), 'next run in 12 minutes', 'další synchronizace za 12 minut'],
    [due(61), 'next run in 1 minute', 'další synchronizace za 1 minutu'],
    [due(59), 'next run any moment', 'další synchronizace za chvíli'],
    // It is late: it waits for its turn.
    [due(-300), 'next run any moment', 'další synchronizace za chvíli'],
    [due(7200, 'quarantined'), 'next run in 2 hours', 'další synchronizace za 2 hodiny'],
    [due(null), 'next run only on demand', 'další synchronizace jen na vyžádání'],
    [due(null, 'held'), 'next run only on demand', 'další synchronizace jen na vyžádání'],
    [
      due(null, 'quarantined'),
      'next run when somebody sees to the account',
      'další synchronizace až po zásahu správce',
    ],
    [due(null, 'disabled'), 'next run when somebody sees to the account', 'další synchronizace až po zásahu správce'],
    [due(720, 'running'), 'a run is under way', 'synchronizace běží'],
  ])('of %o reads %s', async (account, english, czech) => {
    expect(toNextSentence(account, NOW)).toBe(english)
    await i18next.changeLanguage('cs')
    expect(toNextSentence(account, NOW)).toBe(czech)
  })

  test('stands alone where a heading says what it is', () => {
    expect(toNextWords(due(720), NOW)).toBe('in 12 minutes')
  })
})

test('data is stale from that moment on, of connected accounts only', () => {
  const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString()
  expect(isStale({ state: 'connected', staleAt: at(1) }, NOW)).toBe(false)
  expect(isStale({ state: 'connected', staleAt: at(0) }, NOW)).toBe(true)
  expect(isStale({ state: 'connected', staleAt: null }, NOW)).toBe(false)
  expect(isStale({ state: 'disconnected', staleAt: at(-1) }, NOW)).toBe(false)
})
