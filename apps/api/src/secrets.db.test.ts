/**
 * Secrets of every kind on every way they can take, and then a look at what is left of them: in the log at its most talkative
 * level, in what was answered, in the rows of the database.
 */
import { randomBytes } from 'node:crypto'
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toSetupToken } from './access/setup-link.ts'
import { createLog } from './http/logger.ts'
import { ADMIN, openMock, openTestApp, SECRET_KEY, signIn, type TestApp, type TestMock } from './testing.ts'

const made = new Map<string, string>()
/** A secret that is found again wherever it goes: no part of it occurs by chance. */
function canary(what: string, text = randomBytes(18).toString('hex')): string {
  made.set(what, text)
  return text
}

let t: TestApp
let mock: TestMock
let written = ''
const answered: { from: string; text: string }[] = []

beforeAll(async () => {
  const log = createLog('trace', { write: (line) => void (written += line) })
  t = await openTestApp({ log })
  const accessToken = canary('access token of the source')
  mock = await openMock({
    onRequest: ({ path, body }) => {
      const { username } = { username: '', ...(body as object | undefined) }
      if (username === 'broken@demo.example' && path === '/Token/Get')
        return { status: 200, body: { accessToken, refreshToken: canary('refresh token of the source') } }
      if (username === 'talkative@demo.example')
        return { status: 500, body: { code: 1, message: `${canary('what the source says')} ${JSON.stringify(body)}` } }
      if (username === 'garbled@demo.example') return { status: 200, body: `<html>${canary('a page instead of JSON')}` }
      return undefined
    },
  })
  await live()
}, 120_000)
afterAll(async () => {
  await t.close()
  await mock.close()
})

async function send(from: string, options: InjectOptions): Promise<string> {
  const response = await t.app.inject(options)
  // A cookie that is set is the one place where a session's secret belongs.
  const { 'set-cookie': _, ...headers } = response.headers
  answered.push({ from, text: JSON.stringify(headers) + response.body })
  return response.body
}

const json = { 'content-type': 'application/json' }
const post = (url: string, payload: object | string, headers = {}) =>
  send(url, { method: 'POST', url, payload, headers: { ...json, ...headers } })

async function live(): Promise<void> {
  await people()
  await credentials()
  await accounts()
  await oddPlaces()
}

async function people(): Promise<void> {
  const signInAt = '/api/auth/sign-in/email'
  canary('the password of the administrator', ADMIN.password)
  await post(signInAt, { email: ADMIN.email, password: canary('a wrong password') })
  await post(signInAt, { email: 'nobody@console.example', password: canary('the password of nobody') })
  await post(signInAt, { email: 'not an address', password: canary('a password beside no address') })
  await post(signInAt, { email: ADMIN.email, password: { value: canary('a password as an object') } })
  await post(signInAt, `{"email":"${ADMIN.email}","password":"${canary('a password in broken JSON')}"`)
  await post(signInAt, `{"password":"${canary('a password in a large body')}${'x'.repeat(70_000)}"}`)
  await post(signInAt, `password=${canary('a password in a form')}`, {
    'content-type': 'application/x-www-form-urlencoded',
  })
  await post('/api/v1/setup', {
    token: canary('the set-up token', toSetupToken(SECRET_KEY)),
    name: 'A',
    email: 'a@b.example',
    password: canary('the first password'),
  })
  await post('/api/v1/setup', {
    token: canary('a wrong set-up token'),
    name: 'A',
    email: 'a@b.example',
    password: 'a-long-Password-2',
  })
  await send('/setup', { url: `/setup?token=${toSetupToken(SECRET_KEY)}` })
  await post('/api/auth/two-factor/enable', { password: 'x', secret: canary('a TOTP secret') })
  await post('/api/auth/two-factor/verify', { code: canary('a TOTP code') })
}

async function credentials(): Promise<void> {
  const cookie = await signIn(t.app, ADMIN)
  canary('a session', decodeURIComponent(cookie).split('=')[1]?.split('.')[0])
  for (const url of ['/api/v1/session', '/api/v1/customers', '/api/v1/nothing', '/openapi.json', '/metrics'])
    await send(url, { url, headers: { cookie } })
  await post('/api/auth/sign-out', {}, { cookie })
  await send('after signing out', { url: '/api/v1/customers', headers: { cookie } })
  const forged = canary('a forged cookie')
  await send('a forged cookie', { url: '/api/v1/customers', headers: { cookie: `msp_console=${forged}.${forged}` } })
  const bearer = canary('an API token')
  await send('an API token', { url: '/api/v1/customers', headers: { authorization: `Bearer ${bearer}` } })
  await send('basic', { url: '/api/v1/customers', headers: { authorization: `Basic ${canary('basic credentials')}` } })
}

async function accounts(): Promise<void> {
  const { cookie } = t
  const connect = (login: string, password: string, baseUrl = mock.url) => {
    const payload = { baseUrl, login, password, callsPerSecond: null }
    return send(`connecting ${login}`, { method: 'POST', url: '/api/v1/accounts', payload, headers: { cookie } })
  }
  await connect('manager@demo.example', canary('a wrong EMA password'))
  await connect('broken@demo.example', canary('an EMA password for nothing'))
  await connect('talkative@demo.example', canary('an EMA password that comes back'))
  await connect('garbled@demo.example', canary('an EMA password to a web page'))
  await connect('away@demo.example', canary('an EMA password to nobody'), 'http://127.0.0.1:9')
  await connect('refused@demo.example', canary('an EMA password to the metadata'), 'https://169.254.169.254')
  await connect('user@demo.example', 'x', `http://user:${canary('a password in an address')}@127.0.0.1:9`)
  await t.connect(mock)
  canary('the EMA password of the account', 'demo-Password-1')
  await send('/api/v1/accounts', { url: '/api/v1/accounts', headers: { cookie } })
}

async function oddPlaces(): Promise<void> {
  const headers = { cookie: t.cookie }
  const inQuery = canary('a secret in a query')
  await send('a query', { url: `/api/v1/customers?q=${inQuery}&token=${inQuery}`, headers })
  await send('a fault', { url: `/api/v1/groups/search?q=${canary('a secret that was searched for')}%00`, headers })
  await send('a header', {
    url: '/api/v1/customers',
    headers: { ...headers, 'x-msp-root': canary('a secret in a header') },
  })
  await send('a referrer', {
    url: '/api/v1/customers',
    headers: { ...headers, referer: `https://x.example/?t=${canary('a secret in a referrer')}` },
  })
  await t.owner.query('alter table static_group rename to moved')
  await send('a broken database', { url: `/api/v1/customers?q=${inQuery}`, headers })
  await t.owner.query('alter table moved rename to static_group')
}

describe('of all that was used', () => {
  test('there were enough, and it was written about', () => {
    expect(made.size).toBeGreaterThanOrEqual(25)
    expect(answered.length).toBeGreaterThan(25)
    expect(written.split('\n').length).toBeGreaterThan(25)
    expect(written).toContain('"status":500')
    expect(new Set([...made.values()].map((text) => text.length > 8))).toEqual(new Set([true]))
  })

  test('nothing stands in the log', () => {
    expect([...made].filter(([, text]) => written.includes(text)).map(([what]) => what)).toEqual([])
  })

  test('nothing stands in an answer', () => {
    const found = [...made].flatMap(([what, text]) =>
      answered.filter((answer) => answer.text.includes(text)).map(({ from }) => `${what}: ${from}`),
    )
    expect(found).toEqual([])
  })

  test('nothing stands in the database', async () => {
    const { rows: tables } = await t.owner.query<{ name: string }>(
      `select format('%I', table_name) as name from information_schema.tables where table_schema = 'public'`,
    )
    const found: string[] = []
    for (const { name } of tables) {
      const { rows } = await t.owner.query<{ row: string }>(`select t::text as row from ${name} t`)
      const all = rows.map(({ row }) => row).join('\n')
      for (const [what, text] of made)
        if (all.includes(text) || all.includes(Buffer.from(text).toString('hex'))) found.push(`${what}: ${name}`)
    }
    expect(tables.length).toBeGreaterThan(10)
    expect(found).toEqual([])
  })
})
