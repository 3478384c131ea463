import { createFirstUser, getSession, type Problem } from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN, forgeCookie, openTestApp, SECRET_KEY, signIn, type TestApp } from '../testing.ts'
import { toTokenHash } from './hashed-tokens.ts'
import { toSetupLink, toSetupToken } from './setup-link.ts'

let t: TestApp
beforeAll(async () => {
  t = await openTestApp()
})
afterAll(() => t.close())

const sessionOf = async (cookie: string) =>
  (await t.app.inject({ url: '/api/v1/session', headers: { cookie } })).json<{ user: { email: string } | null }>().user

describe('sessions', () => {
  test('begin with the right password and end with signing out, everywhere at once', async () => {
    const cookie = await signIn(t.app, ADMIN)
    expect(await sessionOf(cookie)).toMatchObject({ email: ADMIN.email, name: ADMIN.name })
    const out = await t.app.inject({ method: 'POST', url: '/api/auth/sign-out', headers: { cookie } })
    expect(out.statusCode).toBe(200)
    expect(await sessionOf(cookie)).toBeNull()
    const again = await t.app.inject({ url: '/api/v1/runs', headers: { cookie } })
    expect(again.statusCode).toBe(401)
  })

  test('the cookie cannot be read by scripts, and no answer repeats its token', async () => {
    const { email, password } = ADMIN
    const response = await t.app.inject({
      method: 'POST',
      url: '/api/auth/sign-in/email',
      payload: { email, password },
    })
    const [cookie, ...more] = response.cookies
    expect(more).toEqual([])
    expect(cookie).toMatchObject({ name: 'msp_console', httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 43_200 })
    expect(cookie?.secure).toBeUndefined()
    expect(response.body).not.toContain(cookie?.value.split('.')[0])
  })

  test('over https the cookie is bound to the host', async () => {
    const secure = await openTestApp({ publicUrl: 'https://console.example' })
    try {
      expect(secure.cookie).toMatch(/^__Host-msp_console=/)
      const { email, password } = ADMIN
      const headers = { origin: 'https://console.example', host: 'console.example' }
      const request = { method: 'POST', url: '/api/auth/sign-in/email', headers, payload: { email, password } } as const
      const response = await secure.app.inject(request)
      expect(response.cookies[0]).toMatchObject({ secure: true, httpOnly: true, path: '/' })
      expect(response.cookies[0]?.domain).toBeUndefined()
      expect(response.headers['strict-transport-security']).toBeDefined()
      expect((await secure.call(getSession)).user?.email).toBe(ADMIN.email)
    } finally {
      await secure.close()
    }
  })

  test.each([
    ['a wrong password', { email: ADMIN.email, password: 'wrong-Password-1' }, 'invalid-credentials'],
    ['nobody', { email: 'nobody@console.example', password: 'wrong-Password-1' }, 'invalid-credentials'],
    ['no password', { email: ADMIN.email }, 'validation-failed'],
    ['no e-mail address', { email: 'x', password: 'y' }, 'validation-failed'],
    ['an object as password', { email: ADMIN.email, password: { $ne: '' } }, 'validation-failed'],
  ])('%s signs nobody in', async (_, payload, code) => {
    const response = await t.app.inject({ method: 'POST', url: '/api/auth/sign-in/email', payload })
    expect(response.json<Problem>().code).toBe(code)
    expect(response.cookies).toEqual([])
  })

  test('another site cannot sign anybody in or out', async () => {
    for (const url of ['/api/auth/sign-in/email', '/api/auth/sign-out']) {
      const headers = { cookie: t.cookie, 'sec-fetch-site': 'cross-site' }
      const response = await t.app.inject({ method: 'POST', url, headers, payload: {} })
      expect(response.json<Problem>().code).toBe('forbidden')
    }
    expect(await sessionOf(t.cookie)).not.toBeNull()
  })

  test('forged, cut, foreign and expired ones are none', async () => {
    const token = decodeURIComponent(t.cookie).split('=')[1]?.split('.')[0] ?? ''
    for (const cookie of [
      forgeCookie('msp_console', token),
      `msp_console=${token}`,
      `msp_console=${token}.`,
      `msp_console=.${token}`,
      'msp_console=%E0%A4%A',
      t.cookie.slice(0, -4),
      t.cookie.replace('msp_console=', 'other='),
    ])
      expect([cookie, await sessionOf(cookie)]).toEqual([cookie, null])
    const cookie = await signIn(t.app, ADMIN)
    await t.owner.query(`update user_session set expires_at = now() - interval '1 second' where token = $1`, [
      toTokenHash(decodeURIComponent(cookie).split('=')[1]?.split('.')[0] ?? ''),
    ])
    expect(await sessionOf(cookie)).toBeNull()
    expect(await sessionOf(t.cookie)).not.toBeNull()
  })

  test('passwords are stored as argon2id with the promised cost', async () => {
    const { rows } = await t.owner.query<{ password: string }>('select password from user_credential')
    expect(rows[0]?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })
})

describe('the set-up link', () => {
  const body = {
    token: toSetupToken(SECRET_KEY),
    name: 'First',
    email: 'First@console.example',
    password: ADMIN.password,
  }

  test('is worthless once a user exists', async () => {
    expect((await t.problem(createFirstUser, { body })).code).toBe('setup-link-invalid')
    expect((await t.call(getSession)).instance.setupNeeded).toBe(false)
  })

  test('makes one user, however many use it at once, and that one can sign in', async () => {
    await t.owner.query('delete from app_user')
    const anonymous = await t.app.inject({ url: '/api/v1/session' })
    expect(anonymous.json()).toMatchObject({ user: null, instance: { setupNeeded: true } })
    expect((await t.problem(createFirstUser, { body: { ...body, token: 'wrong' } })).code).toBe('setup-link-invalid')
    expect((await t.problem(createFirstUser, { body: { ...body, password: 'short' } })).code).toBe('validation-failed')
    const uses = await Promise.allSettled(
      ['a', 'b', 'c'].map((name) => t.call(createFirstUser, { body: { ...body, email: `${name}@console.example` } })),
    )
    const made = uses.flatMap((use) => (use.status === 'fulfilled' ? [use.value.email] : []))
    expect(made).toHaveLength(1)
    await expect(signIn(t.app, { email: made[0] ?? '', password: ADMIN.password })).resolves.toMatch(/msp_console=/)
  })

  test('stays the same over restarts and differs between instances', () => {
    expect(toSetupLink('http://localhost:3000', SECRET_KEY)).toBe(toSetupLink('http://localhost:3000', SECRET_KEY))
    expect(toSetupToken(Buffer.alloc(32, 8))).not.toBe(toSetupToken(SECRET_KEY))
  })
})
