// Sessions: where they begin and end, how long they live, what they are kept as; the password given again; plain http.
import {
  changePassword,
  confirmSession,
  endSession,
  getSession,
  listCustomers,
  listSessions,
  type Problem,
} from '@msp-console/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { toTokenHash } from '../access/hashed-tokens.ts'
import { ADMIN, openTestApp, signIn, type TestApp } from '../testing.ts'

let t: TestApp
beforeAll(async () => {
  t = await openTestApp()
})
afterAll(() => t.close())
beforeEach(() => t.owner.query('delete from sign_in_attempt'))

const someone = () => t.actAs('mspAdmin', 1)
const tokenOf = (cookie = '') => decodeURIComponent(cookie).split('=')[1]?.split('.')[0] ?? ''
const again = async (email: string) => t.act({ cookie: await signIn(t.app, { email, password: ADMIN.password }) })
const isIn = async (actor: { call: TestApp['call'] }) => (await actor.call(getSession)).user !== null
const age = (cookie: string | undefined, column: 'seen_at' | 'expires_at' | 'confirmed_at', ago: string) =>
  t.owner.query(`update user_session set ${column} = now() - $1::interval where token = $2`, [
    ago,
    toTokenHash(tokenOf(cookie)),
  ])

describe('a session', () => {
  test('is kept as the hash of its token, with address and browser', async () => {
    const actor = await someone()
    const { rows } = await t.owner.query<{ token: string; ip_address: string }>('select * from user_session')
    expect(JSON.stringify(rows)).not.toContain(tokenOf(actor.headers['cookie']))
    expect(rows.at(-1)).toMatchObject({
      token: toTokenHash(tokenOf(actor.headers['cookie'])),
      ip_address: expect.stringMatching(/^127\.1\./),
    })
    // The hash is no token.
    expect(await isIn(t.act({ cookie: `msp_console=${rows[0]?.token}` }))).toBe(false)
  })

  test('has another token each time, of 32 characters', async () => {
    const { email } = await someone()
    const tokens = [(await again(email)).headers, (await again(email)).headers].map(({ cookie }) => tokenOf(cookie))
    expect(new Set(tokens).size).toBe(2)
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9]{32}$/)
  })

  test('does not take over a token that the browser brings along', async () => {
    const cookie = `msp_console=${'a'.repeat(32)}.xyz`
    const { email, password } = ADMIN
    const url = '/api/auth/sign-in/email'
    const response = await t.app.inject({ method: 'POST', url, headers: { cookie }, payload: { email, password } })
    expect(response.cookies[0]?.value).not.toContain('a'.repeat(32))
  })

  test('idles out after half an hour, and a request in between keeps it', async () => {
    const actor = await someone()
    await age(actor.headers['cookie'], 'seen_at', '29 minutes')
    expect(await isIn(actor)).toBe(true)
    const { rows } = await t.owner.query<{ fresh: boolean }>(
      `select seen_at > now() - interval '10 seconds' as fresh from user_session where token = $1`,
      [toTokenHash(tokenOf(actor.headers['cookie']))],
    )
    expect(rows[0]?.fresh).toBe(true)
    await age(actor.headers['cookie'], 'seen_at', '31 minutes')
    expect(await isIn(actor)).toBe(false)
    expect((await actor.problem(listCustomers)).code).toBe('unauthenticated')
  })

  test('is written at most once a minute', async () => {
    const actor = await someone()
    const version = async () =>
      (
        await t.owner.query<{ xmin: string }>('select xmin::text from user_session where token = $1', [
          toTokenHash(tokenOf(actor.headers['cookie'])),
        ])
      ).rows[0]?.xmin
    const before = await version()
    for (let n = 0; n < 5; n += 1) await isIn(actor)
    expect(await version()).toBe(before)
  })

  test('ends twelve hours after it began, however busy', async () => {
    const actor = await someone()
    const { items } = await actor.call(listSessions)
    const hours = (Date.parse(items[0]?.expiresAt ?? '') - Date.parse(items[0]?.createdAt ?? '')) / 3_600_000
    expect(hours).toBeCloseTo(12, 2)
    await age(actor.headers['cookie'], 'expires_at', '1 second')
    expect(await isIn(actor)).toBe(false)
  })

  test('of a disabled user is none, and no new one begins', async () => {
    const actor = await someone()
    await t.owner.query('update app_user set disabled_at = now() where email = $1', [actor.email])
    expect(await isIn(actor)).toBe(false)
    const payload = { email: actor.email, password: ADMIN.password }
    const refused = await t.app.inject({ method: 'POST', url: '/api/auth/sign-in/email', payload })
    const wrong = { email: actor.email, password: 'wrong-Password-1' }
    const other = await t.app.inject({ method: 'POST', url: '/api/auth/sign-in/email', payload: wrong })
    expect(refused.cookies).toEqual([])
    expect({ ...refused.json<Problem>(), instance: '' }).toEqual({ ...other.json<Problem>(), instance: '' })
    expect(refused.json<Problem>().code).toBe('invalid-credentials')
  })

  test('signed out is over for who copied its cookie, and the browser forgets what it cached', async () => {
    const actor = await someone()
    const out = await t.app.inject({ method: 'POST', url: '/api/auth/sign-out', headers: actor.headers })
    expect(out.headers).toMatchObject({ 'clear-site-data': '"cache"', 'cache-control': 'no-store' })
    expect(out.cookies[0]).toMatchObject({ name: 'msp_console', value: '', maxAge: 0 })
    expect(await isIn(actor)).toBe(false)
    const { rowCount } = await t.owner.query('select from user_session where token = $1', [
      toTokenHash(tokenOf(actor.headers['cookie'])),
    ])
    expect(rowCount).toBe(0)
  })
})

describe('the list of sessions', () => {
  test('shows the own ones, which of them this is, and no token', async () => {
    const actor = await someone()
    await again(actor.email)
    const { items } = await actor.call(listSessions)
    expect(items.map(({ current }) => current)).toEqual([false, true])
    expect(items[0]).toMatchObject({ ipAddress: expect.stringMatching(/^127\.1\./), userAgent: 'lightMyRequest' })
    expect(JSON.stringify(items)).not.toContain(tokenOf(actor.headers['cookie']))
    expect(JSON.stringify(items)).not.toContain(toTokenHash(tokenOf(actor.headers['cookie'])))
  })

  test('leaves out what idled out', async () => {
    const actor = await someone()
    const other = await again(actor.email)
    await age(other.headers['cookie'], 'seen_at', '31 minutes')
    expect((await actor.call(listSessions)).items).toHaveLength(1)
  })

  test('ends one of the own at once', async () => {
    const actor = await someone()
    const other = await again(actor.email)
    const [newest] = (await actor.call(listSessions)).items
    await actor.call(endSession, { params: { id: newest?.id ?? '' } })
    expect([await isIn(other), await isIn(actor)]).toEqual([false, true])
  })

  test('knows nothing of those of others', async () => {
    const [one, two] = [await someone(), await someone()]
    const foreign = (await two.call(listSessions)).items[0]?.id ?? ''
    const refused = await one.problem(endSession, { params: { id: foreign } })
    const unknown = await one.problem(endSession, { params: { id: 'unknown' } })
    expect({ ...refused, instance: '' }).toEqual({ ...unknown, instance: '' })
    expect(refused.code).toBe('not-found')
    expect(await isIn(two)).toBe(true)
    expect((await t.act({}).problem(listSessions)).code).toBe('unauthenticated')
  })
})

describe('a new password', () => {
  const next = 'quite-another-Password-2'

  test('wants the old one, ends every other session and signs in', async () => {
    const actor = await someone()
    const others = [await again(actor.email), await again(actor.email)]
    const wrong = await actor.problem(changePassword, { body: { current: 'wrong-Password-1', next } })
    expect(wrong.code).toBe('invalid-credentials')
    expect(await isIn(others[0] ?? actor)).toBe(true)
    const { endedSessions } = await actor.call(changePassword, { body: { current: ADMIN.password, next } })
    expect(endedSessions).toBe(2)
    for (const other of others) expect(await isIn(other)).toBe(false)
    expect(await isIn(actor)).toBe(true)
    await expect(signIn(t.app, { email: actor.email, password: ADMIN.password })).rejects.toThrow('invalid-credentials')
    await expect(signIn(t.app, { email: actor.email, password: next })).resolves.toContain('msp_console=')
  })

  test('may not be short, and is told so before the old one is tried', async () => {
    const actor = await someone()
    const short = await actor.problem(changePassword, { body: { current: 'wrong', next: 'short' } })
    expect(short).toMatchObject({ code: 'validation-failed', errors: [{ pointer: '/body/next' }] })
    expect((await t.owner.query('select from sign_in_attempt')).rowCount).toBe(0)
  })
})

describe('the password given again', () => {
  test('is asked for ten minutes after it was given, and good for ten more', async () => {
    const actor = await someone()
    expect((await actor.call(getSession)).confirmedUntil).not.toBeNull()
    await age(actor.headers['cookie'], 'confirmed_at', '11 minutes')
    expect((await actor.call(getSession)).confirmedUntil).toBeNull()
    const { confirmedUntil } = await actor.call(confirmSession, { body: { password: ADMIN.password } })
    expect((Date.parse(confirmedUntil) - Date.now()) / 60_000).toBeCloseTo(10, 0)
    expect((await actor.call(getSession)).confirmedUntil).not.toBeNull()
  })

  test('counts for this session alone, and a wrong one for none', async () => {
    const actor = await someone()
    const other = await again(actor.email)
    for (const { headers } of [actor, other]) await age(headers['cookie'], 'confirmed_at', '11 minutes')
    expect((await actor.problem(confirmSession, { body: { password: 'wrong' } })).code).toBe('invalid-credentials')
    expect((await actor.call(getSession)).confirmedUntil).toBeNull()
    await actor.call(confirmSession, { body: { password: ADMIN.password } })
    expect((await other.call(getSession)).confirmedUntil).toBeNull()
  })
})

describe('plain http', () => {
  test.each(['console.example', '192.168.1.5:3000'])('as %s is refused with a sentence', async (host) => {
    for (const url of ['/', '/api/v1/session', '/openapi.json']) {
      const response = await t.app.inject({ url, headers: { host } })
      expect(response.json<Problem>()).toMatchObject({ code: 'forbidden', status: 403 })
      expect(response.json<Problem>().detail).toContain('PUBLIC_URL=https://')
    }
    expect((await t.app.inject({ url: '/healthz', headers: { host } })).statusCode).toBe(200)
  })

  test('signs in as localhost, with a cookie that plain http may carry', async () => {
    const cookie = await signIn(t.app, ADMIN)
    expect(cookie).toMatch(/^msp_console=/)
  })
})
