// Every route, asked as anybody and as an administrator, against every header that an answer must carry.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { OutgoingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENDPOINTS } from '../app.ts'
import { openTestApp, type TestApp } from '../testing.ts'

let t: TestApp
let root: string
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'headers-'))
  mkdirSync(join(root, 'assets'))
  writeFileSync(join(root, 'index.html'), '<meta name="csp-nonce" content="" />')
  for (const name of ['before-paint.js', 'favicon.svg', 'assets/app-1.js']) writeFileSync(join(root, name), 'x')
  t = await openTestApp({ webRoot: root, publicUrl: 'https://console.example' })
})
afterAll(async () => {
  await t.close()
  rmSync(root, { recursive: true })
})

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS'
interface Route {
  method: Method
  url: string
}
/** May be kept by a cache: no data in them, or a tag that is asked about each time. */
const KEPT = /^\/($|computers|before-paint|favicon|assets\/app)|^\/api\/v1\/tree/

const routes: Route[] = [
  ...ENDPOINTS.map(({ method, path }) => ({ method, url: `/api/v1${path.replaceAll(/:[a-z]+/gi, '1')}` })),
  ...['/', '/computers/57', '/before-paint.js', '/favicon.svg', '/assets/app-1.js', '/assets/none.js', '/docs/'].map(
    get,
  ),
  ...['/openapi.json', '/healthz', '/readyz', '/metrics', '/api/v1/none', '/none.txt', '/api/auth/none'].map(get),
  { method: 'POST', url: '/api/auth/sign-in/email' },
  { method: 'POST', url: '/api/auth/sign-out' },
  { method: 'POST', url: '/' },
  { method: 'OPTIONS', url: '/api/v1/customers' },
  { method: 'HEAD', url: '/' },
]

function get(url: string): Route {
  return { method: 'GET', url }
}

type Rule = (value: string, route: Route, headers: OutgoingHttpHeaders) => boolean
const RULES: Record<string, Rule> = {
  'content-security-policy': (value) =>
    /default-src 'none'/.test(value) &&
    /frame-ancestors 'none'/.test(value) &&
    /base-uri 'none'/.test(value) &&
    !/script-src[^;]*('unsafe|https?:|\*|data:)/.test(value),
  'x-content-type-options': (value) => value === 'nosniff',
  'x-frame-options': (value) => value === 'DENY',
  'referrer-policy': (value) => value === 'no-referrer',
  'cross-origin-opener-policy': (value) => value === 'same-origin',
  'cross-origin-resource-policy': (value) => value === 'same-origin',
  'origin-agent-cluster': (value) => value === '?1',
  'permissions-policy': (value) => /camera=\(\)/.test(value) && !/=[^(]|=\([^)]/.test(value),
  'strict-transport-security': (value) =>
    Number(/max-age=(\d+)/.exec(value)?.[1]) >= 31_536_000 && /includeSubDomains/.test(value),
  'cache-control': (value, { url }) => (KEPT.test(url) ? value !== '' : value === 'no-store'),
  'access-control-allow-origin': (value) => value === '',
  'x-powered-by': (value) => value === '',
  server: (value) => value === '',
}

test('pages, the API page and everything else have three different policies', async () => {
  const policy = async (url: string) =>
    String((await t.app.inject({ url, headers: { cookie: t.cookie } })).headers['content-security-policy'])
  const [page, docs, data] = await Promise.all(['/', '/docs/', '/api/v1/customers'].map(policy))
  expect(page).toMatch(/script-src 'self';.*require-trusted-types-for 'script'; trusted-types default$/)
  expect(docs).toMatch(/script-src 'self' 'sha256-/)
  expect(data).toMatch(/; sandbox$/)
})

test('a stream of events says it as well', async () => {
  const origin = await t.app.listen({ port: 0, host: '127.0.0.1' })
  const stop = new AbortController()
  const { headers, status } = await fetch(`${origin}/api/v1/events`, {
    headers: { cookie: t.cookie },
    signal: stop.signal,
  })
  expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
    200,
    expect.stringContaining('text/event-stream'),
    expect.stringContaining('no-store'),
  ])
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  stop.abort()
})

// Last, because one of them signs the administrator out.
describe.each(routes)('$method $url', ({ method, url }) => {
  test(`carries what each of ${Object.keys(RULES).length} headers must say`, async () => {
    for (const headers of [{}, { cookie: t.cookie }, { cookie: t.cookie, 'sec-fetch-site': 'cross-site' }]) {
      const answer = await t.app.inject({ method, url, headers })
      const wrong = Object.entries(RULES).flatMap(([name, rule]) => {
        const value = String(answer.headers[name] ?? '')
        return rule(value, { method, url }, answer.headers) ? [] : [`${name}: ${value}`]
      })
      expect([answer.statusCode, wrong]).toEqual([answer.statusCode, []])
    }
  }, 20_000)
})
