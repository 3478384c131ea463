// What people try and may not do, and wrong passwords and codes, are in the log; what was typed is not.
import {
  changePassword,
  confirmSession,
  confirmTwoFactor,
  createSet,
  deleteUser,
  disconnectAccount,
  listAudit,
  listUsers,
  NO_RIGHTS,
  startTwoFactor,
} from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN, openTestApp, type TestApp, toAddress } from '../testing.ts'

let t: TestApp
beforeAll(async () => {
  t = await openTestApp()
})
afterAll(() => t.close())

const newest = async (action: string) => (await t.call(listAudit, { query: { action, limit: 1 } })).items[0]
const WRONG = 'never-typed-Before-7'

describe('a step that is refused', () => {
  test('is told with who tried it', async () => {
    const partner = await t.actAs('partner', 1)
    expect((await partner.problem(disconnectAccount, { params: { id: '1' } })).code).toBe('forbidden')
    expect(await newest('disconnectAccount')).toMatchObject({ outcome: 'refused', actor: partner.email })
    const rights = { ...NO_RIGHTS, audit: 'read' as const }
    const manager = await t.actAs('mspManager', 1)
    expect(
      (await manager.problem(createSet, { body: { name: 'x', rights: { ...rights, accounts: 'write' } } })).code,
    ).toBe('rights-exceeded')
    expect(await newest('createSet')).toMatchObject({ outcome: 'refused', actor: manager.email })
  })

  test('that only asks for the password again, or only reads, is not told', async () => {
    const before = (await t.call(listAudit, { query: { outcome: 'refused' } })).total
    const { items } = await t.call(listUsers)
    await t.owner.query(`update user_session set confirmed_at = now() - interval '1 hour'`)
    const problem = await t.problem(deleteUser, { params: { id: items[0]?.id ?? '' } })
    expect(problem.code).toBe('confirmation-required')
    await t.owner.query('update user_session set confirmed_at = now()')
    const partner = await t.actAs('partner', 1)
    expect((await partner.problem(listUsers)).code).toBe('forbidden')
    expect((await t.call(listAudit, { query: { outcome: 'refused' } })).total).toBe(before)
  })
})

describe('a wrong password or code', () => {
  test.each([
    ['confirmSession', () => t.problem(confirmSession, { body: { password: WRONG } })],
    ['changePassword', () => t.problem(changePassword, { body: { current: WRONG, next: 'another-Password-9' } })],
    ['startTwoFactor', () => t.problem(startTwoFactor, { body: { password: WRONG } })],
  ])('%s is told as failed, and what was typed is nowhere', async (action, attempt) => {
    expect((await attempt()).code).toBe('invalid-credentials')
    await expect.poll(() => newest(action)).toMatchObject({ outcome: 'failed', target: ADMIN.email })
    expect(JSON.stringify(await t.call(listAudit, { query: { limit: 200 } }))).not.toContain(WRONG)
  })

  test('a code while two-step sign-in is being set up', async () => {
    await t.call(startTwoFactor, { body: { password: ADMIN.password } })
    expect((await t.problem(confirmTwoFactor, { body: { code: '123456' } })).code).toBe('code-wrong')
    await expect.poll(() => newest('confirmTwoFactor')).toMatchObject({ outcome: 'failed', target: ADMIN.email })
    expect(JSON.stringify(await t.call(listAudit, { query: { limit: 200 } }))).not.toContain('123456')
  })

  test('a code at the second step of signing in, by whose it would be', async () => {
    const { email } = await t.actAs('mspAdmin', 1)
    await t.owner.query('update app_user set two_factor_since = now() where email = $1', [email])
    const post = (url: string, payload: object, headers = {}) =>
      t.app.inject({ method: 'POST', url, payload, headers, remoteAddress: toAddress() })
    const first = await post('/api/auth/sign-in/email', { email, password: ADMIN.password })
    const cookie = first.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    const second = await post('/api/auth/two-factor/verify', { code: '918273' }, { cookie })
    expect(second.json()).toMatchObject({ code: 'code-wrong' })
    await expect.poll(() => newest('verifyCode')).toMatchObject({ outcome: 'failed', actor: null, target: email })
    const { rows } = await t.owner.query<{ text: string }>('select e::text as text from audit_event e')
    for (const secret of ['918273', ADMIN.password, first.cookies[0]?.value ?? 'no cookie'])
      expect(rows.filter(({ text }) => text.includes(secret))).toEqual([])
  })
})
