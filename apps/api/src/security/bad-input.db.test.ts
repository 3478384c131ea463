// What no honest client sends: other content types, statements and operators where words belong, fields that are nobody's to
// set. Each family says how many it tried; none may succeed, break the server, or change a row.
import type { Problem } from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENDPOINTS } from '../app.ts'
import { openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'
import { BODIES, fingerprint, served, urlOf } from './bodies.ts'

let t: TestApp
let mock: TestMock
let before: string
let customerId: string
beforeAll(async () => {
  t = await openTestApp()
  mock = await openMock()
  await t.connect(mock)
  const { rows } = await t.owner.query<{ id: number }>('select id from static_group where leaf order by id limit 1')
  customerId = String(rows[0]?.id)
  before = await fingerprint(t.owner)
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

const report = (family: string, cases: number) => process.stdout.write(`bad input: ${family}: ${cases} cases\n`)
const unchanged = async () => expect(await fingerprint(t.owner)).toBe(before)

const TYPES = [
  '',
  ' ',
  ';',
  ',',
  '/',
  '*/*',
  'json',
  'application',
  'application/',
  '/json',
  'application/*',
  'application/jso',
  'application/jsonx',
  'application/json5',
  'application/x-json',
  'application/json-seq',
  'application/ld',
  'application/json,text/plain',
  'text/plain, application/json',
  'application/json/x',
  'application json',
  'application//json',
  'application\\json',
  'application/json\u0000',
  'application/\tjson',
  'application /json',
  'application/ json',
  'text/json',
  'text/plain',
  'text/html',
  'text/xml',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  'application/javascript',
  'application/x-ndjson',
  'application/json"',
  '"application/json"',
  'text/plain; application/json',
  'text/plain;charset=application/json',
]

test('a body of another content type is never taken', async () => {
  let cases = 0
  const taken: string[] = []
  for (const endpoint of served(t).filter(({ name }) => name in BODIES)) {
    for (const type of TYPES) {
      const response = await t.app.inject({
        method: endpoint.method,
        url: urlOf(endpoint, customerId),
        headers: { cookie: t.cookie, 'content-type': type },
        payload: JSON.stringify(BODIES[endpoint.name]),
      })
      cases += 1
      if (response.statusCode < 400 || response.statusCode >= 500)
        taken.push(`${endpoint.name} ${JSON.stringify(type)} ${response.statusCode}`)
    }
  }
  report('content types × routes with a body', cases)
  expect(taken).toEqual([])
  await unchanged()
})

const STATEMENTS = [
  "'",
  "''",
  '"',
  '`',
  "' or ''='",
  "' or 1=1--",
  '" or ""="',
  "') or ('1'='1",
  '1 or 1=1',
  '1; drop table static_group',
  "'; drop table account;--",
  "1'; select pg_sleep(9);--",
  "'||pg_sleep(9)||'",
  '1 union select null',
  "' union select secret from account--",
  "') union select * from app_user--",
  '$1',
  '$$',
  '$$;select 1;$$',
  '\\',
  "\\'",
  '%',
  '_',
  '%_%',
  '%27',
  '%2527',
  '\u0000',
  '\uFFFF',
  '\uD800',
  '\u202E',
  '\r\nset-cookie: x=y',
  '1e9',
  '1.5',
  '-1',
  '0',
  '00',
  '0x10',
  'NaN',
  'Infinity',
  'null',
  'undefined',
  'true',
  '[]',
  '{}',
  '9'.repeat(40),
  '1'.repeat(199),
  '(select 1)',
  "E'\\x41'",
  "U&'\\0041'",
  '/*',
  '*/',
  '--',
  '#',
  'chr(65)||chr(66)',
  "current_setting('msp.scope')",
  "set_config('msp.scope','/1/',false)",
  'reset role',
  'set role postgres',
  'copy (select 1) to program $$id$$',
  'lo_import(1)',
  "'::int",
  '1::text',
  '{"$ne":null}',
  '{"not":null}',
  '{"contains":""}',
  '$where',
  '$regex',
  '../../../etc/passwd',
  '..%2f..%2f',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '${7*7}',
  '{{7*7}}',
  '<script>',
  '/1/',
  '/1/2/',
  "/1/' or path like '",
  ' ',
]
const OPERATORS: unknown[] = [
  { $ne: null },
  { not: null },
  { contains: '' },
  { in: ['1'] },
  { equals: '1' },
  { path: ['x'] },
  { OR: [] },
  { $gt: '' },
  [],
  [''],
  [['1']],
  {},
  1,
  true,
  null,
  { toString: 'x' },
  { length: 1 },
]

let tried = 0
describe.each(ENDPOINTS.map((endpoint) => [endpoint.name, endpoint] as const))('%s', (name, endpoint) => {
  test('takes statements and operators for words where words belong, and for nothing elsewhere', async (context) => {
    const { method, path, query, params, body } = endpoint
    if (!t.app.hasRoute({ method, url: `/api/v1${path}` })) return context.skip('not served here')
    const broken: string[] = []
    const tries: object[] = []
    const url = urlOf(endpoint)
    const queries = Object.keys(query.shape)
    const fields = Object.keys(BODIES[name] ?? {})
    for (const text of STATEMENTS) {
      const value = encodeURIComponent(text.toWellFormed())
      tries.push(...queries.map((key) => ({ url: `${url}?${key}=${value}` })))
      if (Object.keys(params.shape).length > 0) tries.push({ url: `/api/v1${path.replaceAll(/:[a-z]+/gi, value)}` })
      tries.push(...fields.map((key) => ({ url, payload: { [key]: text } })))
    }
    for (const key of queries)
      for (const form of [`${key}=a&${key}=b`, `${key}[]=a`, `${key}[contains]=a`, `${key}[$ne]=`, `${key}.not=a`])
        tries.push({ url: `${url}?${form}` })
    for (const operator of OPERATORS) {
      // An empty filter, or no grants, is a request that means something.
      const bodies = [operator, ...fields.map((key) => ({ ...BODIES[name], [key]: operator }))]
      for (const each of bodies.filter((one) => !body.safeParse(one).success))
        tries.push({
          url,
          headers: { cookie: t.cookie, 'content-type': 'application/json' },
          payload: JSON.stringify(each),
        })
    }
    for (let at = 0; at < tries.length; at += 20) {
      const send = async (request: object) => {
        const { statusCode } = await t.app.inject({ method, headers: { cookie: t.cookie }, ...request })
        if (statusCode >= 500) broken.push(`${statusCode} ${JSON.stringify(request).slice(0, 200)}`)
      }
      await Promise.all(tries.slice(at, at + 20).map(send))
    }
    tried += tries.length
    expect(broken).toEqual([])
    await unchanged()
  })
})

test('that were more than two thousand', () => {
  report(`${STATEMENTS.length} statements and ${OPERATORS.length} operators × parameters`, tried)
  expect(tried).toBeGreaterThan(2_000)
})

const FORBIDDEN = [
  'role',
  'path',
  'parentId',
  'isAdmin',
  'removedAt',
  'userId',
  'scope',
  'rootGroupId',
  'secret',
  'kind',
  'presence',
  'not_set_up',
  'account_id',
  'createdAt',
  'id',
  '__proto__',
  'constructor',
  'prototype',
]

test('fields that are nobody’s to set are refused by name', async () => {
  let cases = 0
  const wrong: string[] = []
  for (const endpoint of served(t).filter(({ method }) => method !== 'GET')) {
    for (const field of FORBIDDEN) {
      // As text: a literal would set the prototype of the object instead of a field of that name.
      const fields = JSON.stringify(BODIES[endpoint.name] ?? {}).slice(1, -1)
      const response = await t.app.inject({
        method: endpoint.method,
        url: urlOf(endpoint, customerId),
        headers: { cookie: t.cookie, 'content-type': 'application/json' },
        payload: `{${fields === '' ? '' : `${fields},`}"${field}":{"prototype":"x"}}`,
      })
      cases += 1
      const { code, errors = [] } = response.json<Problem>()
      const named = errors.some(({ pointer }) => pointer === `/body/${field}` || pointer === '/body')
      if (response.statusCode !== 400 || !(code === 'malformed-body' || named))
        wrong.push(`${endpoint.name} ${field} ${response.statusCode} ${response.body}`)
    }
  }
  report(`${FORBIDDEN.length} fields × routes that write`, cases)
  expect(wrong).toEqual([])
  await unchanged()
})
