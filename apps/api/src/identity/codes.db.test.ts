// The second factor: switching on and off, the second step of signing in, and codes that count once.
import {
  changePassword,
  confirmSession,
  confirmTwoFactor,
  endTwoFactor,
  getSession,
  inspectLink,
  listTokens,
  type Problem,
  startTwoFactor,
  useLink,
} from '@msp-console/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLink } from '../access/links.ts'
import { EVERYTHING } from '../access/scope.ts'
import { findTwoFactor } from '../access/second-factor.ts'
import { findStep, toBase32, toCode, toStep } from '../access/totp.ts'
import { createInScope } from '../db/scoped.ts'
import { type Actor, ADMIN, fromBase32, openTestApp, signIn, type TestApp, toAddress } from '../testing.ts'

let t: TestApp
beforeAll(async () => {
  t = await openTestApp()
})
afterAll(() => t.close())
beforeEach(() => t.owner.query('delete from sign_in_attempt'))

const { password } = ADMIN
/** What an app makes of the secret that was scanned. */
const codeOf = (secret: string, stepsAgo = 0) => toCode(fromBase32(secret), toStep(Date.now()) - stepsAgo)
/** As if half a minute had passed since the last code. */
const nextStep = () => t.owner.query('update user_totp set last_step = 0')

async function someoneWithCodes() {
  const actor = await t.actAs('mspAdmin', 1)
  const { secret } = await actor.call(startTwoFactor, { body: { password } })
  const { recoveryCodes } = await actor.call(confirmTwoFactor, { body: { code: codeOf(secret) } })
  await nextStep()
  return { ...actor, secret, recoveryCodes }
}

async function firstStep(email: string, given = password) {
  const payload = { email, password: given }
  const request = { method: 'POST', url: '/api/auth/sign-in/email', payload, remoteAddress: toAddress() } as const
  const response = await t.app.inject(request)
  return { response, cookie: response.cookies.map(({ name, value }) => `${name}=${value}`).join('; ') }
}

async function secondStep(cookie: string, code: unknown) {
  const headers = { cookie }
  const request = { method: 'POST', url: '/api/auth/two-factor/verify', payload: { code }, headers } as const
  const response = await t.app.inject({ ...request, remoteAddress: toAddress() })
  const session = response.cookies.find(({ name }) => name === 'msp_console')
  const actor: Actor | null = session ? t.act({ cookie: `msp_console=${encodeURIComponent(session.value)}` }) : null
  return { response, actor, code: response.statusCode === 200 ? 'signed in' : response.json<Problem>().code }
}

const isIn = async (actor: Actor | null) => actor !== null && (await actor.call(getSession)).user !== null

describe('codes', () => {
  test('are those of RFC 6238', () => {
    const secret = Buffer.from('12345678901234567890')
    const codes = [59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000, 20_000_000_000]
    const made = codes.map((seconds) => toCode(secret, toStep(seconds * 1000)))
    expect(made).toEqual(['287082', '081804', '050471', '005924', '279037', '353130'])
    expect(toBase32(secret)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
  })

  test('count in their step and the next, no earlier and no later', () => {
    const secret = Buffer.alloc(20, 5)
    const at = 1_800_000_000_000
    const found = [-2, -1, 0, 1].map((steps) => findStep(secret, toCode(secret, toStep(at) + steps), at))
    expect(found).toEqual([null, toStep(at) - 1, toStep(at), null])
    for (const wrong of ['', '12345', '1234567', 'abcdef']) expect(findStep(secret, wrong, at)).toBeNull()
  })
})

describe('switching on', () => {
  test('wants the password, and a first code before anything is on', async () => {
    const actor = await t.actAs('mspAdmin', 1)
    expect((await actor.problem(startTwoFactor, { body: { password: 'wrong' } })).code).toBe('invalid-credentials')
    const { secret, uri } = await actor.call(startTwoFactor, { body: { password } })
    expect(new URL(uri).searchParams.get('secret')).toBe(secret)
    expect(uri).toContain(encodeURIComponent(actor.email))
    expect((await actor.call(getSession)).user?.twoFactor).toBe(false)
    await expect(signIn(t.app, { email: actor.email, password })).resolves.toContain('msp_console=')
    expect((await actor.problem(confirmTwoFactor, { body: { code: '000000' } })).code).toBe('code-wrong')
    const { recoveryCodes } = await actor.call(confirmTwoFactor, { body: { code: codeOf(secret) } })
    expect(new Set(recoveryCodes).size).toBe(10)
    for (const code of recoveryCodes) expect(code).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/)
    expect((await actor.call(getSession)).user?.twoFactor).toBe(true)
  })

  test('keeps neither secret nor recovery codes as they are', async () => {
    const { secret, recoveryCodes, email } = await someoneWithCodes()
    const { rows } = await t.owner.query<{ dump: string }>(
      `select coalesce(string_agg(x::text, ' '), '') as dump from (
         select sealed as x from user_totp union all select hash from recovery_code) all_of_it`,
    )
    const { dump } = rows[0] ?? { dump: '' }
    for (const text of [secret, fromBase32(secret).toString('hex'), ...recoveryCodes]) {
      expect(dump).not.toContain(text)
      expect(dump).not.toContain(Buffer.from(text).toString('hex'))
    }
    // A secret opens only in the row it was sealed for.
    const other = await someoneWithCodes()
    await t.owner.query(
      `update user_totp set sealed = (select x.sealed from user_totp x join app_user u on u.id = x.user_id where u.email = $1)
       where user_id = (select id from app_user where email = $2)`,
      [email, other.email],
    )
    const { cookie } = await firstStep(other.email)
    expect((await secondStep(cookie, codeOf(secret))).code).toBe('internal')
  })

  test('is known to who may see that user', async () => {
    const [on, off] = [await someoneWithCodes(), await t.actAs('mspAdmin', 1)]
    const { rows } = await t.owner.query<{ id: string }>(
      'select id from app_user where email = any($1) order by email = $2',
      [[on.email, off.email], off.email],
    )
    const ids = rows.map(({ id }) => id)
    const find = (path: string) => createInScope(t.pools.app)({ path }, (db) => findTwoFactor(db, ids))
    expect([...(await find('/1/'))]).toEqual([ids[0]])
    expect([...(await find('/1/2/'))]).toEqual([])
  })

  test('a second time is refused until they are off', async () => {
    const actor = await someoneWithCodes()
    expect((await actor.problem(startTwoFactor, { body: { password } })).code).toBe('conflict')
    await actor.call(endTwoFactor, { body: { password } })
    expect((await actor.call(getSession)).user?.twoFactor).toBe(false)
    await expect(signIn(t.app, { email: actor.email, password })).resolves.toContain('msp_console=')
    await actor.call(startTwoFactor, { body: { password } })
  })

  test('off again only with the password and a fresh confirmation, which took a code', async () => {
    const actor = await someoneWithCodes()
    expect((await actor.problem(endTwoFactor, { body: { password: 'wrong' } })).code).toBe('invalid-credentials')
    await t.owner.query(`update user_session set confirmed_at = now() - interval '11 minutes'`)
    expect((await actor.problem(endTwoFactor, { body: { password } })).code).toBe('confirmation-required')
    expect((await actor.problem(confirmSession, { body: { password } })).code).toBe('code-wrong')
    await actor.call(confirmSession, { body: { password, code: codeOf(actor.secret) } })
    await actor.call(endTwoFactor, { body: { password } })
  })
})

describe('signing in', () => {
  test('has no session before the code, and one after it', async () => {
    const { email, secret } = await someoneWithCodes()
    const sessions = async () => (await t.owner.query('select from user_session')).rowCount
    const before = await sessions()
    const { response, cookie } = await firstStep(email)
    expect(response.json()).toEqual({ twoFactor: true })
    expect(response.cookies).toMatchObject([{ name: 'msp_console_step', httpOnly: true, sameSite: 'Lax', maxAge: 300 }])
    expect(await sessions()).toBe(before)
    expect((await t.act({ cookie }).call(getSession)).user).toBeNull()
    expect((await t.act({ cookie }).problem(listTokens)).code).toBe('unauthenticated')
    const done = await secondStep(cookie, codeOf(secret))
    expect(await isIn(done.actor)).toBe(true)
    expect(done.response.cookies).toMatchObject([
      { name: 'msp_console', httpOnly: true, maxAge: 43_200 },
      { name: 'msp_console_step', value: '', maxAge: 0 },
    ])
  })

  test('takes a code of the step before as well, but no older one', async () => {
    const { email, secret } = await someoneWithCodes()
    expect((await secondStep((await firstStep(email)).cookie, codeOf(secret, 3))).code).toBe('code-wrong')
    expect((await secondStep((await firstStep(email)).cookie, codeOf(secret, 1))).code).toBe('signed in')
  })

  test('takes no code twice, and none that is older than one that was used', async () => {
    const { email, secret } = await someoneWithCodes()
    const code = codeOf(secret)
    expect((await secondStep((await firstStep(email)).cookie, code)).code).toBe('signed in')
    expect((await secondStep((await firstStep(email)).cookie, code)).code).toBe('code-wrong')
    expect((await secondStep((await firstStep(email)).cookie, codeOf(secret, 1))).code).toBe('code-wrong')
  })

  test('takes one code from one of several requests at once', async () => {
    const { email, secret } = await someoneWithCodes()
    const cookies = [await firstStep(email), await firstStep(email), await firstStep(email), await firstStep(email)]
    const code = codeOf(secret)
    const results = await Promise.all(cookies.map(({ cookie }) => secondStep(cookie, code)))
    expect(results.filter(({ actor }) => actor !== null)).toHaveLength(1)
  })

  test('takes each recovery code once, however it is typed, also at once', async () => {
    const { email, recoveryCodes } = await someoneWithCodes()
    const [one = '', two = '', three = ''] = recoveryCodes
    expect((await secondStep((await firstStep(email)).cookie, one)).code).toBe('signed in')
    expect((await secondStep((await firstStep(email)).cookie, one)).code).toBe('code-wrong')
    const typed = two.toUpperCase().replaceAll('-', ' ')
    expect((await secondStep((await firstStep(email)).cookie, typed)).code).toBe('signed in')
    const cookies = [await firstStep(email), await firstStep(email), await firstStep(email)]
    const results = await Promise.all(cookies.map(({ cookie }) => secondStep(cookie, three)))
    expect(results.filter(({ actor }) => actor !== null)).toHaveLength(1)
    const other = await someoneWithCodes()
    expect((await secondStep((await firstStep(other.email)).cookie, recoveryCodes[4])).code).toBe('code-wrong')
  })

  test('lets nobody guess: five wrong codes, then even the right one waits', async () => {
    const { email, secret } = await someoneWithCodes()
    const { cookie } = await firstStep(email)
    const guesses = await Promise.all(Array.from({ length: 30 }, () => secondStep(cookie, '000000')))
    expect(guesses.filter(({ code }) => code === 'code-wrong').length).toBeLessThanOrEqual(7)
    await t.owner.query(`update sign_in_attempt set blocked_until = now() + interval '60 seconds'`)
    const right = await secondStep(cookie, codeOf(secret))
    expect(right.code).toBe('too-many-requests')
    expect(Number(right.response.headers['retry-after'])).toBeGreaterThan(30)
    // The password again frees no guesses at codes.
    expect((await secondStep((await firstStep(email)).cookie, codeOf(secret))).code).toBe('too-many-requests')
  })

  test('asks for the password again when the time between is over, or without its cookie', async () => {
    const { email, secret } = await someoneWithCodes()
    const { cookie } = await firstStep(email)
    for (const wrong of ['', 'msp_console_step=', `msp_console_step=${'a'.repeat(43)}`])
      expect((await secondStep(wrong, codeOf(secret))).code).toBe('unauthenticated')
    for (const bad of [undefined, 123456, '12', { $ne: '' }])
      expect((await secondStep(cookie, bad)).code).toBe('validation-failed')
    await t.owner.query('update user_verification set expires_at = now()')
    expect((await secondStep(cookie, codeOf(secret))).code).toBe('unauthenticated')
  })

  test('half done ends with a new password and with disabling', async () => {
    const actor = await someoneWithCodes()
    const half = await firstStep(actor.email)
    await actor.call(changePassword, { body: { current: password, next: 'another-Password-4' } })
    expect((await secondStep(half.cookie, codeOf(actor.secret))).code).toBe('unauthenticated')
    const again = await firstStep(actor.email, 'another-Password-4')
    await t.owner.query('update app_user set disabled_at = now() where email = $1', [actor.email])
    expect((await secondStep(again.cookie, codeOf(actor.secret))).code).toBe('unauthenticated')
  })

  test('a reset of the password leaves the second factor on', async () => {
    const { email, secret } = await someoneWithCodes()
    const found = await t.owner.query<{ id: string }>('select id from app_user where email = $1', [email])
    const { url } = await createInScope(t.pools.app)(EVERYTHING, (db) =>
      createLink(db, { userId: found.rows[0]?.id ?? '', kind: 'reset', createdBy: ADMIN.email, baseUrl: 'http://x' }),
    )
    const token = new URL(url).searchParams.get('token') ?? ''
    expect((await t.act({}).call(inspectLink, { body: { token } })).email).toBe(email)
    await t.act({}).call(useLink, { body: { token, password: 'another-Password-5' } })
    const { response, cookie } = await firstStep(email, 'another-Password-5')
    expect(response.json()).toEqual({ twoFactor: true })
    expect((await secondStep(cookie, codeOf(secret))).code).toBe('signed in')
  })
})
