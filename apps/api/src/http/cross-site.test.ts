import type { FastifyRequest } from 'fastify'
import { describe, expect, test } from 'vitest'
import { refuseCrossSite } from './cross-site.ts'

const PUBLIC = 'https://console.example'
const HOST = 'localhost:3000'

function isRefused(method: string, headers: Record<string, string>, publicUrl: string | null = PUBLIC): boolean {
  try {
    refuseCrossSite(
      { method, headers: { host: HOST, ...headers } } as unknown as FastifyRequest,
      publicUrl ?? undefined,
    ) // all it reads
    return false
  } catch {
    return true
  }
}

const SITES = [
  undefined,
  '',
  'none',
  'same-origin',
  'same-site',
  'cross-site',
  'Same-Origin',
  'same-origin, same-origin',
]
const ORIGINS = [
  undefined,
  '',
  'null',
  PUBLIC,
  `http://${HOST}`,
  'http://localhost:3001',
  'https://localhost:3000.evil.example',
  'https://console.example.evil.example',
  'https://evil.example',
]
const CREDENTIALS: Record<string, string>[] = [
  {},
  { cookie: 'msp_console=a.b' },
  { cookie: '' },
  { authorization: 'Bearer aaaaaaaaaaaaaaaaaaaaaaaa' },
  { authorization: 'Bearer aaaaaaaaaaaaaaaaaaaaaaaa', cookie: 'msp_console=a.b' },
]
/** The rule in its own words, beside the code's. */
function mustRefuse(site: string | undefined, origin: string | undefined, credentials: object): boolean {
  if (site === 'same-origin' || site === 'none') return false
  if (site !== undefined) return true
  if (origin !== undefined) return origin !== PUBLIC
  return 'cookie' in credentials
}

const combinations = SITES.flatMap((site) =>
  ORIGINS.flatMap((origin) => CREDENTIALS.map((credentials) => ({ site, origin, credentials }))),
)

describe(`${combinations.length} ways to come from somewhere`, () => {
  test.each(combinations)('$site, $origin, $credentials', ({ site, origin, credentials }) => {
    const headers = {
      ...(site === undefined ? {} : { 'sec-fetch-site': site }),
      ...(origin === undefined ? {} : { origin }),
      ...credentials,
    }
    const expected = mustRefuse(site, origin, credentials)
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'post', 'TRACE', 'X'])
      expect([method, isRefused(method, headers)]).toEqual([method, expected])
    for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(isRefused(method, headers)).toBe(false)
  })
})

test('without a public address the host that was asked is the own one, and nothing else', () => {
  expect(isRefused('POST', { origin: `http://${HOST}`, cookie: 'a=b' }, null)).toBe(false)
  expect(isRefused('POST', { origin: PUBLIC, cookie: 'a=b' }, null)).toBe(true)
})

test('another method in a header or a form changes nothing', () => {
  for (const name of ['x-http-method-override', 'x-method-override', 'x-http-method'])
    expect(isRefused('POST', { cookie: 'a=b', [name]: 'GET' })).toBe(true)
})
