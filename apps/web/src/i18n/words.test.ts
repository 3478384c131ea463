import * as contract from '@msp-console/contract'
import {
  AccountHealth,
  BUILT_IN_SETS,
  EVENT_KINDS,
  GROUP_KINDS,
  PROBLEM_CODES,
  RIGHT_LEVELS,
  RIGHT_OBJECTS,
} from '@msp-console/contract'
import i18next from 'i18next'
import { describe, expect, test } from 'vitest'
import { commonEn } from './common.en.ts'
import { cs } from './cs.ts'
import { en } from './en.ts'

type Words = { [key: string]: string | Words }

function flatten(words: Words, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>()
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') flat.set(prefix + key, value)
    else for (const [inner, text] of flatten(value, `${prefix}${key}.`)) flat.set(inner, text)
  }
  return flat
}

const english = flatten(en)
const czech = flatten(cs)
const placeholders = (text: string) => new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]))
const base = (key: string) => key.replace(/_(one|few|many|other)$/, '')

describe('English and Czech', () => {
  test('no room hides the words that all rooms share', () => {
    expect(en).toMatchObject(commonEn)
  })

  test('have the same keys, Czech with its two plurals more', () => {
    const forms = (words: Map<string, string>, form: string) =>
      [...words.keys()]
        .filter((key) => key.endsWith(`_${form}`))
        .map(base)
        .toSorted()
    const plain = (words: Map<string, string>) => [...words.keys()].filter((key) => base(key) === key).toSorted()
    expect(plain(czech)).toEqual(plain(english))
    const plurals = forms(english, 'other')
    for (const form of ['one', 'few', 'many', 'other']) expect(forms(czech, form)).toEqual(plurals)
    expect(forms(english, 'one')).toEqual(plurals)
  })

  test('fill in the same values', () => {
    const twin = (key: string) => english.get(key) ?? english.get(`${base(key)}_other`) ?? ''
    const filled = (told: (key: string) => string) =>
      Object.fromEntries([...czech.keys()].map((key) => [key, placeholders(told(key))]))
    expect(filled((key) => czech.get(key) ?? '')).toEqual(filled(twin))
  })

  test('leave nothing empty', () => {
    expect([...english, ...czech].filter(([, text]) => text.trim() === '')).toEqual([])
  })

  test('have a word for everything in the closed lists of the contract', () => {
    const wanted = [
      ...GROUP_KINDS.map((kind) => `kind.${kind}`),
      ...PROBLEM_CODES.map((code) => `error.code.${code}`),
      ...EVENT_KINDS.map((kind) => `events.kind.${kind}`),
      ...BUILT_IN_SETS.flatMap((set) => [`rights.set.${set}`, `rights.setHint.${set}`]),
      ...RIGHT_LEVELS.map((level) => `rights.level.${level}`),
      ...RIGHT_OBJECTS.map((object) => `rights.object.${object}`),
      ...RIGHT_OBJECTS.flatMap((object) => ['read', 'use', 'write'].map((level) => `rights.means.${object}.${level}`)),
      ...AccountHealth.options.map((health) => `accounts.health.${health}`),
    ]
    for (const words of [english, czech]) expect(wanted.filter((key) => !words.has(key))).toEqual([])
  })
})

test('every operation that writes has a word for the audit log', () => {
  const writing = Object.values<unknown>(contract)
    .filter((each) => typeof each === 'object' && each !== null && 'method' in each && 'name' in each)
    .filter((each) => each.method !== 'GET')
    .map(({ name }) => `audit.actions.${String(name)}`)
  expect(writing.length).toBeGreaterThan(20)
  for (const words of [english, czech]) expect(writing.filter((key) => !words.has(key))).toEqual([])
})

test('Czech counts as Czechs do', async () => {
  const i18n = i18next.createInstance()
  await i18n.init({ lng: 'cs', resources: { cs: { translation: cs } }, interpolation: { escapeValue: false } })
  const say = (count: number) => i18n.t('count.customers', { count, shown: String(count) })
  expect([1, 2, 4, 5, 22, 0, 1.5].map(say)).toEqual([
    '1 zákazník',
    '2 zákazníci',
    '4 zákazníci',
    '5 zákazníků',
    '22 zákazníků',
    '0 zákazníků',
    '1.5 zákazníka',
  ])
})
