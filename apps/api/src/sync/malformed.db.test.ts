import {
  type CompanyRow,
  type ListedCompany,
  type RejectedRow,
  readCompanyRow,
  SEARCH_TYPE_TABLE,
} from '@msp-console/ema'
import fc from 'fast-check'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import { createStaging } from './staging.ts'
import { connectAsSync, guidOf } from './testing.ts'

// Whatever a row of the source holds, it is read or refused, never thrown over; and what was read reaches the staging table, all of
// it and nothing else.

const isLong = process.env['MSP_TEST_LONG'] === '1'
const RUNS = isLong ? 5000 : 500
const MS_MOST = 50

let database: TestDatabase
let pool: pg.Pool
let cases = 0
beforeAll(async () => {
  database = await createTestDatabase()
  pool = connectAsSync(database.ownerUrl)
})
afterAll(async () => {
  await pool.end()
  await database.drop()
  process.stdout.write(`family S-09 malformed: ${cases} cases, ${RUNS} runs\n`)
})

const GUID = guidOf(7)
const DEEP: unknown = Array.from({ length: 200 }).reduce((inner) => ({ inner }), 'end')

/** As JSON can carry them; texts that only JSON can spell are spelt there. */
const VALUES: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['true', true],
  ['a number', 7],
  ['a negative number', -1],
  ['a fraction', 1.5],
  ['beyond 2^53', JSON.parse('9007199254740993')],
  ['beyond 2^63', JSON.parse('1e400')],
  ['an empty text', ''],
  ['spaces', ' \t\u00A0'],
  ['U+0000', JSON.parse('"a\\u0000b"')],
  ['a lone surrogate', JSON.parse('"\\ud800x"')],
  ['surrogates the wrong way round', JSON.parse('"\\udc00\\ud800"')],
  ['1 MiB', 'x'.repeat(1 << 20)],
  ['1 MiB of three bytes each', '\u8A9E'.repeat(1 << 20)],
  ['right to left', '\u202Egnp.exe\u202C'],
  ['zero width', 'a\u200Bb\uFEFF'],
  ['a formula', "=cmd|' /C calc'!A0"],
  ['an at sign', '@SUM(1)'],
  ['markup', '<img src=x onerror=alert(1)>'],
  ['what COPY ends with', '\\.'],
  ['what COPY calls null', '\\N'],
  ['tabs and lines', 'a\tb\nc\r\\'],
  ['an object', { toString: 'x', length: 3 }],
  ['a list', [[], [1]]],
  ['very deep', DEEP],
  ['a GUID in capitals', GUID.toUpperCase()],
  ['a GUID in braces', `{${GUID}}`],
  ['a GUID without dashes', GUID.replaceAll('-', '')],
  ['a GUID too long', `${GUID}0`],
  ['a GUID with letters beyond F', GUID.replace('0', 'g')],
  ['a GUID in other digits', GUID.replaceAll('0', '\uFF10')],
  ['the name of a prototype', '__proto__'],
]
const FIELDS = ['companyId', 'name', 'parentId', 'type', 'statusId', 'email', 'customIdentifier']

/** Objects that are wrong as a whole. */
const ROWS: readonly (readonly [string, unknown])[] = [
  ['a prototype among the fields', JSON.parse(`{"companyId":"${GUID}","name":"A","__proto__":{"email":"x"}}`)],
  [
    'constructors among the fields',
    JSON.parse(`{"companyId":"${GUID}","name":"A","constructor":{"prototype":{"email":"x"}}}`),
  ],
  ['a field twice', JSON.parse(`{"companyId":"${GUID}","name":"A","name":"B","name":null}`)],
  ['a field in two cases', JSON.parse(`{"CompanyId":"${GUID}","companyID":7,"Name":"A","name":"B"}`)],
  ['two ids', { companyId: GUID, publicId: guidOf(8), id: 9, name: 'A' }],
  [
    'a thousand fields',
    { companyId: GUID, name: 'A', ...Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`f${n}`, n])) },
  ],
  ['no object', 'company'],
  ['nothing', null],
  ['a list', [GUID, 'A']],
]

/** @returns what staging is to hold of it */
function read(value: unknown): { listed: ListedCompany[]; rejected: RejectedRow[] } {
  const begun = performance.now()
  const result = readCompanyRow(value, SEARCH_TYPE_TABLE)
  expect(performance.now() - begun).toBeLessThan(MS_MOST)
  expect(result.ok ? isStorable(result.row) : result.rejected.sample.length <= SAMPLE_MOST).toBe(true)
  return result.ok
    ? { listed: [{ ...result.row, parentGuid: result.row.parentGuid ?? null }], rejected: [] }
    : { listed: [], rejected: [result.rejected] }
}

const SAMPLE_MOST = 1024

const isStorable = ({ guid, name }: CompanyRow) =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(guid) && name.isWellFormed() && !name.includes('\0')

/** Rows of the staging table, and of those that could be read. */
async function stage(listed: readonly ListedCompany[], rejected: readonly RejectedRow[]) {
  const client = await pool.connect()
  try {
    const staging = await createStaging(client, null)
    await staging.addCompanies(listed, rejected)
    await staging.close()
    const { rows } = await client.query<{ n: number; named: number }>(
      'select count(*)::int as n, count(name)::int as named from staging',
    )
    await client.query('discard temp')
    return rows[0]
  } finally {
    client.release()
  }
}

describe.each(FIELDS)('%s', (field) => {
  test.each(VALUES)('is %s', async (_, value) => {
    cases += 1
    const { listed, rejected } = read({
      companyId: GUID,
      name: 'A',
      parentId: null,
      type: 1007,
      statusId: 1,
      [field]: value,
    })
    const known = rejected.filter(({ guid }) => guid !== null)
    expect(await stage(listed, rejected)).toEqual({ n: listed.length + known.length, named: listed.length })
  })
})

test.each(ROWS)('a row with %s', async (_, value) => {
  cases += 1
  const { listed, rejected } = read(value)
  expect(listed.every(({ email }) => email === undefined)).toBe(true)
  const known = rejected.filter(({ guid }) => guid !== null)
  expect(await stage(listed, rejected)).toEqual({ n: listed.length + known.length, named: listed.length })
})

test('the same id as a text and as a number is one company, and a row that cannot be used', async () => {
  cases += 1
  const both = [
    { companyId: GUID, name: 'A' },
    { companyId: 7, name: 'B' },
  ].map(read)
  const staged = await stage(
    both.flatMap(({ listed }) => listed),
    both.flatMap(({ rejected }) => rejected),
  )
  expect(staged).toEqual({ n: 1, named: 1 })
})

const anyKey = fc.constantFrom(
  ...FIELDS,
  'CompanyId',
  'companyID',
  'publicId',
  'id',
  'Name',
  'ParentId',
  '__proto__',
  'State',
  'vatId',
  'x',
)
const anyValue = fc.oneof(
  fc.constantFrom(...VALUES.filter(([name]) => !name.startsWith('1 MiB')).map(([, value]) => value)),
  fc.json().map((text): unknown => JSON.parse(text)),
  fc.string({ unit: 'binary' }),
)
const anyRow = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), fc.array(fc.tuple(anyKey, anyValue), { maxLength: 8 }), fc.boolean())
  .map(([number, fields, isWhole]): unknown =>
    // Not a literal: that would set the prototype instead of a field.
    JSON.parse(
      `{${[...(isWhole ? [['companyId', guidOf(number)] as const, ['name', `C ${number}`] as const] : []), ...fields]
        .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value) ?? 'null'}`)
        .join(',')}}`,
    ),
  )

test('any rows at all: as many in the staging table as were readable', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRow, { minLength: 1, maxLength: 30 }), async (values) => {
      const results = values.map(read)
      // A listing hands over each GUID once.
      const listed = [...new Map(results.flatMap((result) => result.listed).map((row) => [row.guid, row])).values()]
      const rejected = results.flatMap((result) => result.rejected)
      const only = new Set(
        rejected.flatMap(({ guid }) => (guid === null || listed.some((row) => row.guid === guid) ? [] : [guid])),
      )
      expect(await stage(listed, rejected)).toEqual({ n: listed.length + only.size, named: listed.length })
    }),
    { numRuns: RUNS },
  )
})
