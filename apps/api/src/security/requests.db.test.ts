// What surrounds a request: which site sends it, which method and address it claims, and which headers every answer carries.
import type { Problem } from '@msp-console/contract'
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'
import { BODIES, fingerprint, served, urlOf } from './bodies.ts'

let t: TestApp
let mock: TestMock
let accountId: string
beforeAll(async () => {
  t = await openTestApp()
  mock = await openMock()
  accountId = await t.connect(mock)
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

const report = (family: string, cases: number) => process.stdout.write(`requests: ${family}: ${cases} cases\n`)
const HOST = 'localhost:3000'
const OWN = `http://${HOST}`
const json = { 'content-type': 'application/json' }

/** [what a browser says, whether that is one of our pages or no browser] */
const SENDERS: [Record<string, string>, boolean][] = [
  [{ 'sec-fetch-site': 'cross-site' }, false],
  [{ 'sec-fetch-site': 'same-site' }, false],
  [{ 'sec-fetch-site': 'bogus' }, false],
  [{ 'sec-fetch-site': 'cross-site', origin: OWN }, false],
  [{ 'sec-fetch-site': 'same-site', origin: OWN }, false],
  [{ 'sec-fetch-site': 'cross-site', 'content-type': 'application/x-www-form-urlencoded' }, false],
  [{ origin: 'https://evil.example' }, false],
  [{ origin: 'null' }, false],
  [{ origin: 'http://localhost.evil.example:3000' }, false],
  [{ origin: 'http://localhost:3001' }, false],
  [{}, true],
  [{ 'sec-fetch-site': 'same-origin', origin: OWN }, true],
  [{ 'sec-fetch-site': 'none' }, true],
  [{ origin: OWN }, true],
]

test('only our own pages, and programs, may change anything', async () => {
  let cases = 0
  const wrong: string[] = []
  const before = await fingerprint(t.owner)
  for (const endpoint of served(t).filter(({ method }) => method !== 'GET')) {
    for (const [sender, own] of SENDERS) {
      const response = await t.app.inject({
        method: endpoint.method,
        url: `${urlOf(endpoint)}?surprise=1`, // whoever gets past the door is stopped by the first check
        headers: { cookie: t.cookie, host: HOST, ...json, ...sender },
        payload: JSON.stringify(BODIES[endpoint.name] ?? {}),
      })
      cases += 1
      const code = response.json<Problem>().code
      if (code !== (own ? 'validation-failed' : 'forbidden'))
        wrong.push(`${endpoint.name} ${JSON.stringify(sender)} ${code}`)
    }
  }
  report(`${SENDERS.length} senders × routes that write`, cases)
  expect(wrong).toEqual([])
  expect(await fingerprint(t.owner)).toBe(before)
})

test('what is read changes nothing, whatever method it claims', async () => {
  const before = await fingerprint(t.owner)
  let cases = 0
  const claims: Record<string, string>[] = [
    {},
    ...['x-http-method-override', 'x-http-method', 'x-method-override', '_method'].flatMap((name) =>
      ['DELETE', 'PUT'].map((method) => ({ [name]: method })),
    ),
  ]
  const own = [
    ...served(t)
      .filter(({ method }) => method === 'GET')
      .map((endpoint) => urlOf(endpoint, '1')),
    `/api/v1/accounts/${accountId}`,
    `/api/v1/accounts/${accountId}/disconnect`,
  ]
  for (const url of own) {
    const answers = new Set<number>()
    for (const claim of claims) {
      answers.add((await t.app.inject({ url, headers: { cookie: t.cookie, ...claim } })).statusCode)
      cases += 1
    }
    expect([url, answers.size]).toEqual([url, 1])
  }
  report('reads × method overrides', cases)
  expect(await fingerprint(t.owner)).toBe(before)
})

describe('every answer', () => {
  const ALWAYS: Record<string, RegExp> = {
    'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
    'x-content-type-options': /^nosniff$/,
    'referrer-policy': /^no-referrer$/,
    'cross-origin-opener-policy': /^same-origin$/,
    'cross-origin-resource-policy': /^same-origin$/,
    'x-frame-options': /./,
    'x-dns-prefetch-control': /^off$/,
    'x-permitted-cross-domain-policies': /^none$/,
  }
  const NEVER = ['x-powered-by', 'server', 'access-control-allow-origin', 'access-control-allow-credentials']

  test('carries its security headers', async () => {
    let cases = 0
    const wrong: string[] = []
    const asked: (InjectOptions & { url: string })[] = [
      ...served(t).flatMap((endpoint) =>
        ['1', 'x!', '999999'].map((id) => ({ method: endpoint.method, url: urlOf(endpoint, id) })),
      ),
      ...[
        '/healthz',
        '/readyz',
        '/metrics',
        '/openapi.json',
        '/docs/',
        '/',
        '/computers',
        '/assets/none.js',
        '/api/v1/none',
        '/api/auth/none',
        '/%E0%A4%A',
      ].map((url) => ({ url })),
    ].filter(({ url }) => !/accounts\/1\/runs/.test(url))
    for (const request of asked) {
      for (const headers of [{}, { cookie: t.cookie, origin: 'https://evil.example' }]) {
        const response = await t.app.inject({ ...request, headers })
        const got = response.headers
        const isApi = request.url.startsWith('/api/')
        const faults = [
          ...Object.entries(ALWAYS)
            .filter(([name, value]) => !value.test(String(got[name] ?? '')))
            .map(([name]) => name),
          ...NEVER.filter((name) => got[name] !== undefined),
          ...(isApi && !/no-store|private, no-cache/.test(String(got['cache-control'])) ? ['cache-control'] : []),
        ]
        cases += Object.keys(ALWAYS).length + NEVER.length + 1
        if (faults.length > 0)
          wrong.push(`${request.method ?? 'GET'} ${request.url} ${response.statusCode}: ${faults.join(', ')}`)
      }
    }
    report('answers × headers', cases)
    expect(wrong).toEqual([])
  })
})

const FORGED: Record<string, string>[] = [
  { 'x-forwarded-for': '127.0.0.1' },
  { 'x-forwarded-for': '198.51.100.1, 127.0.0.1' },
  { 'x-forwarded-host': 'evil.example' },
  { 'x-forwarded-proto': 'https' },
  { 'x-forwarded-port': '443' },
  { 'x-forwarded-prefix': '/evil.example' },
  { 'x-real-ip': '127.0.0.1' },
  { forwarded: 'for=127.0.0.1;host=evil.example;proto=https' },
  { host: 'evil.example' },
  { 'x-original-url': '/metrics' },
  { 'x-rewrite-url': '/metrics' },
  { via: '1.1 evil.example' },
]

describe('forged addresses', () => {
  test('change no answer and are repeated in none', async () => {
    let cases = 0
    for (const url of ['/api/v1/session', '/api/v1/none', '/computers']) {
      const plain = await t.app.inject({ url, remoteAddress: '203.0.113.9' })
      for (const headers of FORGED) {
        const response = await t.app.inject({ url, headers, remoteAddress: '203.0.113.9' })
        // Another name than this machine's own over plain http is nobody's.
        const expected = 'host' in headers ? 403 : plain.statusCode
        expect([url, headers, response.statusCode]).toEqual([url, headers, expected])
        expect(`${response.body} ${JSON.stringify(response.headers)}`).not.toMatch(/evil|198\.51|strict-transport/)
        cases += 1
      }
    }
    for (const headers of FORGED) {
      expect((await t.app.inject({ url: '/metrics', headers, remoteAddress: '203.0.113.9' })).statusCode).toBe(401)
      cases += 1
    }
    report('forged addresses', cases)
  })

  test.each([
    ['without a proxy', undefined],
    ['behind one that is elsewhere', 'https://console.example'],
  ])('win no fresh allowance %s', async (_, publicUrl) => {
    const limited = await openTestApp({ rateLimitPerMinute: 5, ...(publicUrl === undefined ? {} : { publicUrl }) })
    try {
      const codes: number[] = []
      for (let at = 0; at < 8; at += 1) {
        const headers = { 'x-forwarded-for': `198.51.100.${at}` }
        codes.push(
          (await limited.app.inject({ url: '/api/v1/session', headers, remoteAddress: '203.0.113.9' })).statusCode,
        )
      }
      expect(codes.filter((code) => code === 429).length).toBeGreaterThanOrEqual(3)
    } finally {
      await limited.close()
    }
  })
})
