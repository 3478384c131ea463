import { describe, expect, test } from 'vitest'
import { SEARCH_TYPE_TABLE, toStatusCode, toTypeCode } from './codes.ts'
import { readCompanyRow } from './company-row.ts'
import { cutName } from './text.ts'

const ID = '0f8e0000-0000-4000-a000-00000000abcd'
const read = (value: unknown) => readCompanyRow(value, SEARCH_TYPE_TABLE)
const rowOf = (value: unknown) => {
  const result = read(value)
  if (!result.ok) throw new Error(`rejected: ${result.rejected.reason}`)
  return result.row
}

describe('a row is read whatever its casing', () => {
  test.each([
    { publicId: ID, name: 'A', type: 1007, status: 3 },
    { CompanyId: ID.toUpperCase(), Name: 'A', CompanyTypeId: 5, StatusId: 3 },
    { companyID: `{${ID}}`, name: 'A', Type: 'MSP Customer', State: 'Suspended' },
    { id: ID.replaceAll('-', ''), Name: 'A', type: '1007', status: '3', surprise: { deep: [1] } },
  ])('%j', (value) => {
    expect(rowOf(value)).toMatchObject({ guid: ID, name: 'A', typeCode: 1007, statusCode: 3 })
  })

  test('unknown, empty and said are three things', () => {
    expect(rowOf({ id: ID, name: 'A' })).toMatchObject({ email: undefined, vatId: undefined, parentGuid: undefined })
    expect(rowOf({ id: ID, name: 'A', email: '', vatId: null, ParentId: null })).toMatchObject({
      email: null,
      vatId: null,
      parentGuid: null,
    })
    expect(rowOf({ id: ID, name: 'A', email: 7 }).email).toBeUndefined()
  })
})

describe('text that a database refuses is made safe', () => {
  test('U+0000 and lone surrogates', () => {
    expect(rowOf({ id: ID, name: 'a\0b\uD800c', description: '\uDC00' })).toMatchObject({
      name: 'a\uFFFDb\uFFFDc',
      description: '\uFFFD',
    })
  })
  test('__proto__ is no field', () => {
    const value: unknown = JSON.parse(`{"id":"${ID}","name":"A","__proto__":{"email":"x"}}`)
    expect(rowOf(value).email).toBeUndefined()
  })
})

describe('a bad row is refused alone and says why', () => {
  test.each([
    [null, 'not-an-object', null],
    [[], 'not-an-object', null],
    ['text', 'not-an-object', null],
    [{ name: 'A' }, 'bad-id', null],
    [{ id: 42, name: 'A' }, 'bad-id', null],
    [{ id: `${ID}0`, name: 'A' }, 'bad-id', null],
    [{ id: ID }, 'bad-name', ID],
    [{ id: ID, name: ' ' }, 'bad-name', ID],
    [{ id: ID, name: { first: 'A' } }, 'bad-name', ID],
    [{ id: ID, name: 'x'.repeat(1801) }, 'name-too-long', ID],
    [{ id: ID, name: 'ž'.repeat(901) }, 'name-too-long', ID],
    // Each U+0000 becomes three bytes.
    [{ id: ID, name: `x${'\0'.repeat(600)}` }, 'name-too-long', ID],
    [{ id: ID, name: 'A', ParentId: 'root' }, 'no-parent', ID],
  ])('%#', (value, reason, guid) => {
    expect(read(value)).toMatchObject({ ok: false, rejected: { reason, guid } })
  })

  test('the sample is short and holds nothing but what identifies the row', () => {
    const result = read({ id: 'nope', name: 'x'.repeat(1 << 20), password: 'canary' })
    if (result.ok) throw new Error('accepted')
    expect(result.rejected.sample.length).toBeLessThanOrEqual(1024)
    expect(result.rejected.sample).not.toContain('canary')
  })
})

test('names are measured in bytes, because an index is', () => {
  expect(rowOf({ id: ID, name: 'ž'.repeat(900) }).name).toHaveLength(900)
  expect(rowOf({ id: ID, name: '\u{1F984}'.repeat(450) }).name).toHaveLength(900)
})

test.each([
  ['x'.repeat(1800), 1800],
  ['x'.repeat(5000), 1800],
  ['ž'.repeat(1000), 1800],
  [`x${'\u{1F984}'.repeat(450)}`, 1797],
  [`${'x'.repeat(1799)}\u{1F984}`, 1799],
])('where a name cannot be refused it is cut between characters: %#', (name, bytes) => {
  const cut = cutName(name)
  expect(Buffer.byteLength(cut)).toBe(bytes)
  expect(cut.isWellFormed()).toBe(true)
  expect(name.startsWith(cut)).toBe(true)
})

test('types: entity codes win, then names, then the small numbering, then the raw number', () => {
  const type = (kind: unknown, id?: unknown) => toTypeCode(kind, id, SEARCH_TYPE_TABLE)
  expect(type('MSP Manager', 5)).toBe(1004)
  expect(type('Customer', 1006)).toBe(1006)
  expect(type('Something new', 2)).toBe(1004)
  expect(type('1042', 1042)).toBe(1042)
  expect(type(undefined, 9)).toBe(9)
  expect(type('Something new')).toBeUndefined()
  expect(type(2 ** 53, -1)).toBeUndefined()
  // Stored as int4.
  expect(type(2 ** 31 - 1)).toBe(2 ** 31 - 1)
  expect(type(2 ** 31)).toBeUndefined()
  expect(type('MSP', 5_000_000_000)).toBe(1005)
  expect(toTypeCode(undefined, 3, { 3: 1007 })).toBe(1007)
})

test('states: a known name wins, an unknown number stays', () => {
  expect(toStatusCode(undefined, 9, 'Waiting for activation')).toBe(2)
  expect(toStatusCode(17, undefined, 'Frozen')).toBe(17)
  expect(toStatusCode(undefined, undefined, 'Frozen')).toBeUndefined()
  expect(toStatusCode(2 ** 31, undefined, undefined)).toBeUndefined()
  expect(toStatusCode(3, 2 ** 31, undefined)).toBe(3)
})
