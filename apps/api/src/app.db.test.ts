import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { listCustomers, listRuns, PREVIEW_HEADER, type Problem, searchGroups } from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENDPOINTS } from './app.ts'
import { urlOf } from './security/bodies.ts'
import { openTestApp, type TestApp } from './testing.ts'

let t: TestApp
let waiting: string | null = null
beforeAll(async () => {
  t = await openTestApp({ notReady: () => waiting })
})
afterAll(() => t.close())

const json = { 'content-type': 'application/json' }

describe('every endpoint of the contract', () => {
  test('is served', () => {
    const missing = ENDPOINTS.filter(({ method, path }) => !t.app.hasRoute({ method, url: `/api/v1${path}` }))
    expect(missing.map(({ name }) => name)).toEqual([])
    expect(ENDPOINTS.length).toBeGreaterThan(15)
  })

  test.each(ENDPOINTS.filter(({ access }) => access !== 'open'))(
    '$name is closed without a session',
    async ({ method, path }) => {
      const url = `/api/v1${path.replace(':id', '1')}`
      for (const headers of [{}, { cookie: 'msp_console=nonsense.nonsense' }]) {
        const response = await t.app.inject({ method, url, headers })
        expect([response.statusCode, response.json<Problem>().code]).toEqual([401, 'unauthenticated'])
      }
    },
  )

  test.each(ENDPOINTS)('$name refuses what it does not declare', async (endpoint) => {
    const { method, access } = endpoint
    const url = `${urlOf(endpoint, '1')}?surprise=1`
    const response = await t.app.inject({ method, url, headers: access === 'open' ? {} : { cookie: t.cookie } })
    const problem = response.json<Problem>()
    expect(problem.code).toBe('validation-failed')
    expect(problem.errors).toContainEqual({ pointer: '/query/surprise', detail: 'unknown field' })
  })

  test.each(['/docs/', '/openapi.json', '/api/v1/events'])('%s is closed as well', async (url) => {
    expect((await t.app.inject({ url })).statusCode).toBe(401)
  })
})

describe('problems', () => {
  const post = (payload: string, headers: Record<string, string> = json) =>
    t.app.inject({ method: 'POST', url: '/api/v1/customers/setup', headers: { cookie: t.cookie, ...headers }, payload })

  test.each([
    ['malformed-body', 400, '{"state":', json],
    ['malformed-body', 400, '{"__proto__":{"x":1}}', json],
    ['validation-failed', 400, '{"state":"done","ids":["1"],"isAdmin":true}', json],
    ['validation-failed', 400, '', json],
    ['validation-failed', 400, '{"state":"done"}', json],
    ['validation-failed', 400, '{"state":"done","ids":["1"],"filter":{}}', json],
    ['unsupported-media-type', 415, 'state=done', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['unsupported-media-type', 415, '{"state":"done","ids":["1"]}', { 'content-type': 'text/plain' }],
    ['unsupported-media-type', 415, '{"state":"done","ids":["1"]}', { 'content-type': 'application/jsonx' }],
    ['unsupported-media-type', 415, '{"state":"done","ids":["1"]}', { 'content-type': '' }],
    ['payload-too-large', 413, JSON.stringify({ state: 'x'.repeat(70_000) }), json],
    ['forbidden', 403, '{"state":"done","ids":["1"]}', { ...json, 'sec-fetch-site': 'cross-site' }],
    ['forbidden', 403, '{"state":"done","ids":["1"]}', { ...json, origin: 'https://evil.example' }],
  ])('%s (%i)', async (code, status, payload, headers) => {
    const response = await post(payload, headers)
    const problem = response.json<Problem>()
    expect([problem.code, response.statusCode, problem.status]).toEqual([code, status, status])
    expect(response.headers['content-type']).toMatch('application/problem+json')
    expect(problem.instance).toMatch(/^[0-9a-f-]{36}$/)
  })

  test.each([
    ['GET', '/api/v1/nothing', 404, 'not-found'],
    ['GET', '/api/auth/sign-up/email', 404, 'not-found'],
    ['POST', '/api/auth/sign-up/email', 404, 'not-found'],
    ['GET', '/assets/missing.js', 404, 'not-found'],
    ['DELETE', '/api/v1/customers', 405, 'method-not-allowed'],
    ['GET', '/api/v1/customers/1/setup', 405, 'method-not-allowed'],
    ['GET', '/api/v1/%E0%A4%A', 400, 'validation-failed'],
    ['GET', `/api/v1/groups/${'1'.repeat(300)}`, 404, 'not-found'],
  ] as const)('%s %s is %i', async (method, url, status, code) => {
    const response = await t.app.inject({ method, url, headers: { cookie: t.cookie } })
    expect([response.statusCode, response.json<Problem>().code]).toEqual([status, code])
    expect(response.headers.allow !== undefined).toBe(status === 405)
  })

  test('a slow database is a timeout, and the next request works', async () => {
    const other = await t.owner.connect()
    await other.query('begin')
    await other.query('lock table static_group in access exclusive mode')
    const refused = await t.problem(searchGroups, { query: { q: 'comp' } })
    await other.query('rollback')
    other.release()
    expect(refused).toMatchObject({ code: 'timeout', status: 503 })
    await expect(t.call(searchGroups, { query: { q: 'comp' } })).resolves.toMatchObject({ total: 1 })
  })

  test('a fault of ours tells nothing of itself', async () => {
    await t.owner.query('alter view run_seen rename to gone')
    const response = await t.app.inject({ url: '/api/v1/runs', headers: { cookie: t.cookie } })
    await t.owner.query('alter view gone rename to run_seen')
    expect(response.statusCode).toBe(500)
    expect(response.body).not.toMatch(/run_seen|sync_run|prisma|select|stack/i)
    await expect(t.call(listRuns)).resolves.toMatchObject({ total: 0 })
  })

  test('a cursor of another list is stale', async () => {
    expect((await t.problem(listCustomers, { query: { cursor: 'WyJ4IixbXV0' } })).code).toBe('stale-cursor')
  })
})

test('too many requests are told when to come back', async () => {
  const limited = await openTestApp({ rateLimitPerMinute: 5 })
  try {
    const ask = () => limited.app.inject({ url: '/api/v1/session' })
    const answers = await Promise.all(Array.from({ length: 7 }, ask))
    const refused = answers.filter(({ statusCode }) => statusCode === 429)
    expect(refused.length).toBeGreaterThanOrEqual(2)
    expect(refused[0]?.json<Problem>().code).toBe('too-many-requests')
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0)
  } finally {
    await limited.close()
  }
})

describe('for supervisors', () => {
  test('/healthz answers always, /readyz only when there is something to see', async () => {
    waiting = 'not yet'
    expect((await t.app.inject({ url: '/healthz' })).json()).toEqual({ status: 'ok' })
    expect((await t.app.inject({ url: '/readyz' })).json()).toMatchObject({ code: 'not-ready', detail: 'not yet' })
    waiting = null
    expect((await t.app.inject({ url: '/readyz' })).json()).toEqual({ status: 'ready' })
  })

  test('/metrics is for this machine and for who is signed in, not for what a proxy brings', async () => {
    const local = await t.app.inject({ url: '/metrics' })
    expect(local.body).toMatch(/^http_request_duration_seconds_count\{method="GET",route="\/healthz",status="2xx"\} /m)
    expect(local.body).toMatch(/^msp_console_accounts 0$/m)
    const proxied = { 'x-forwarded-for': '127.0.0.1' }
    expect((await t.app.inject({ url: '/metrics', headers: proxied })).statusCode).toBe(401)
    expect((await t.app.inject({ url: '/metrics', remoteAddress: '203.0.113.9' })).statusCode).toBe(401)
    // A browser on this machine is judged by its session, also when it has none.
    for (const headers of [{ 'sec-fetch-site': 'none' }, { cookie: 'other=1' }])
      expect((await t.app.inject({ url: '/metrics', headers })).statusCode).toBe(401)
    const reader = await t.actAs('partner', 3)
    expect((await t.app.inject({ url: '/metrics', headers: reader.headers })).statusCode).toBe(401)
    // A preview of somebody counts as what they see, also when an administrator looks.
    const { email } = await t.actAs('partner', 1)
    const { rows } = await t.owner.query<{ id: string }>('select id from app_user where email = $1', [email])
    const preview = { cookie: t.cookie, [PREVIEW_HEADER]: rows[0]?.id ?? '' }
    expect((await t.app.inject({ url: '/metrics', headers: preview })).statusCode).toBe(401)
    const signedIn = { url: '/metrics', remoteAddress: '203.0.113.9', headers: { cookie: t.cookie } }
    expect((await t.app.inject(signedIn)).statusCode).toBe(200)
  })
})

describe('documents', () => {
  test('OpenAPI says what is served', async () => {
    const document = (await t.app.inject({ url: '/openapi.json', headers: { cookie: t.cookie } })).json<{
      openapi: string
      paths: Record<string, Record<string, { operationId: string; responses: object }>>
    }>()
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
    expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(
      ENDPOINTS.map(({ name }) => name).toSorted(),
    )
    for (const { responses } of operations) expect(responses).toHaveProperty('default')
    expect(document.paths['/api/v1/groups/{id}/children']?.['get']).toMatchObject({
      parameters: [{ name: 'id', in: 'path', required: true }, { name: 'limit', required: false }, { name: 'cursor' }],
    })
  })

  test('its page loads nothing from elsewhere', async () => {
    const page = await t.app.inject({ url: '/docs/', headers: { cookie: t.cookie } })
    expect(page.statusCode).toBe(200)
    expect([...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url)).not.toContainEqual(
      expect.stringMatching(/^(https?:)?\/\//),
    )
    const texts = [...page.body.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map(([, text]) => text ?? '')
    const [inline, ...more] = texts.filter((text) => text !== '')
    expect(more).toEqual([])
    const hash = createHash('sha256')
      .update(inline ?? '')
      .digest('base64')
    expect(page.headers['content-security-policy']).toContain(`script-src 'self' 'sha256-${hash}';`)
  })
})

describe('the wire', () => {
  test('every answer carries its policy and is not stored', async () => {
    const { headers } = await t.app.inject({ url: '/api/v1/session' })
    expect(headers).toMatchObject({
      'content-security-policy':
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox",
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
  })

  test('what is no HTTP gets a problem too', async () => {
    await t.app.listen({ port: 0, host: '127.0.0.1' })
    const address = t.app.server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const say = (text: string) =>
      new Promise<string>((resolve, reject) => {
        let said = ''
        const socket = connect(port, '127.0.0.1', () => socket.write(text))
        socket.on('data', (data) => (said += data.toString()))
        socket.on('end', () => resolve(said)).on('error', reject)
      })
    expect(await say('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [\s\S]*"code":"validation-failed"/)
    expect(await say(`GET / HTTP/1.1\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /)
  })
})
