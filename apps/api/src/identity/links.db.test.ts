// Links that set a password: whose, for how long, how often, and what they end.
import { getSession, inspectLink, useLink } from '@msp-console/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLink } from '../access/links.ts'
import { createInScope, type Scope } from '../db/scoped.ts'
import { EVERYTHING } from '../access/scope.ts'
import { ADMIN, openMock, openTestApp, signIn, type TestApp, type TestMock } from '../testing.ts'

let t: TestApp
let mock: TestMock
beforeAll(async () => {
  t = await openTestApp()
  mock = await openMock()
  await t.connect(mock)
})
afterAll(async () => {
  await t.close()
  await mock.close()
})
beforeEach(() => t.owner.query('delete from sign_in_attempt'))

const password = 'the-new-Password-3'
const idOf = async (email: string) =>
  (await t.owner.query<{ id: string }>('select id from app_user where email = $1', [email])).rows[0]?.id ?? ''

/** As the users room does it: in the scope of the administrator who asks. */
async function linkFor(email: string, kind: 'invite' | 'reset' = 'reset', scope: Pick<Scope, 'path'> = EVERYTHING) {
  const userId = await idOf(email)
  const link = await createInScope(t.pools.app)(scope, (db) =>
    createLink(db, { userId, kind, createdBy: ADMIN.email, baseUrl: 'https://console.example' }),
  )
  return { ...link, token: new URL(link.url).searchParams.get('token') ?? '' }
}
const someone = () => t.actAs('mspAdmin', 1)
const anybody = () => t.act({})

describe('a link', () => {
  test('says whose it is and sets the password', async () => {
    const { email } = await someone()
    const { token } = await linkFor(email)
    expect(await anybody().call(inspectLink, { body: { token } })).toEqual({ kind: 'reset', name: 'A mspAdmin', email })
    expect(await anybody().call(useLink, { body: { token, password } })).toEqual({ email })
    await expect(signIn(t.app, { email, password })).resolves.toContain('msp_console=')
    await expect(signIn(t.app, { email, password: ADMIN.password })).rejects.toThrow('invalid-credentials')
    const { rows } = await t.owner.query<{ password: string }>(
      'select password from user_credential where user_id = $1',
      [await idOf(email)],
    )
    expect(rows[0]?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  test('gives an invited user the first password', async () => {
    await t.owner.query(
      `insert into app_user (id, name, email, home_group_id) values ('invited', 'New', 'new@console.example', 1)`,
    )
    await expect(signIn(t.app, { email: 'new@console.example', password })).rejects.toThrow('invalid-credentials')
    const { token } = await linkFor('new@console.example', 'invite')
    expect((await anybody().call(inspectLink, { body: { token } })).kind).toBe('invite')
    await anybody().call(useLink, { body: { token, password } })
    await expect(signIn(t.app, { email: 'new@console.example', password })).resolves.toContain('msp_console=')
  })

  test('holds 256 bits at the address of the configuration, and only their hash is kept', async () => {
    const { email } = await someone()
    const { url, token } = await linkFor(email)
    expect(url).toMatch(/^https:\/\/console\.example\/join\?token=[A-Za-z0-9_-]{43}$/)
    const { rows } = await t.owner.query<{ token_hash: Buffer }>('select * from user_link where user_id = $1', [
      await idOf(email),
    ])
    expect(rows[0]?.token_hash).toHaveLength(32)
    for (const text of [JSON.stringify(rows), rows[0]?.token_hash.toString('base64url')])
      expect(text).not.toContain(token)
  })

  test.each([
    ['invite', 24 * 60],
    ['reset', 30],
  ] as const)('to %s lives %i minutes, and the table takes no longer one', async (kind, minutes) => {
    const { email } = await someone()
    const { token, expiresAt } = await linkFor(email, kind)
    expect((Date.parse(expiresAt) - Date.now()) / 60_000).toBeCloseTo(minutes, 0)
    const later = t.owner.query(`update user_link set expires_at = expires_at + interval '1 minute'`)
    await expect(later).rejects.toThrow('check constraint')
    await t.owner.query(`update user_link set expires_at = now() where user_id = $1`, [await idOf(email)])
    expect((await anybody().problem(inspectLink, { body: { token } })).code).toBe('link-invalid')
    expect((await anybody().problem(useLink, { body: { token, password } })).code).toBe('link-invalid')
  })

  test('works once, also when used ten times at once', async () => {
    const { email } = await someone()
    const { token } = await linkFor(email)
    const passwords = Array.from({ length: 10 }, (_, n) => `at-the-same-time-${n}`)
    const uses = await Promise.allSettled(
      passwords.map((each) => anybody().call(useLink, { body: { token, password: each } })),
    )
    const won = passwords.filter((_, n) => uses[n]?.status === 'fulfilled')
    expect(won).toHaveLength(1)
    const lost = uses.flatMap((use) => (use.status === 'rejected' ? [String(use.reason)] : []))
    expect(lost.map((reason) => reason.includes('link-invalid'))).toEqual(Array.from({ length: 9 }, () => true))
    await expect(signIn(t.app, { email, password: won[0] ?? '' })).resolves.toContain('msp_console=')
    expect((await anybody().problem(useLink, { body: { token, password } })).code).toBe('link-invalid')
  })

  test('ends every session of its user and of nobody else', async () => {
    const [actor, other] = [await someone(), await someone()]
    const { token } = await linkFor(actor.email)
    await actor.call(inspectLink, { body: { token } })
    expect((await actor.call(getSession)).user).not.toBeNull()
    await anybody().call(useLink, { body: { token, password } })
    expect((await actor.call(getSession)).user).toBeNull()
    expect((await other.call(getSession)).user).not.toBeNull()
  })

  test('signs nobody in', async () => {
    const { email } = await someone()
    const { token } = await linkFor(email)
    const response = await t.app.inject({ method: 'POST', url: '/api/v1/links/use', payload: { token, password } })
    expect([response.statusCode, response.cookies]).toEqual([200, []])
  })

  test('is replaced by a newer one', async () => {
    const { email } = await someone()
    const [older, newer] = [await linkFor(email), await linkFor(email)]
    expect((await anybody().problem(inspectLink, { body: { token: older.token } })).code).toBe('link-invalid')
    await anybody().call(useLink, { body: { token: newer.token, password } })
  })

  test('of a disabled user is worth nothing', async () => {
    const { email } = await someone()
    const { token } = await linkFor(email)
    await t.owner.query('update app_user set disabled_at = now() where email = $1', [email])
    expect((await anybody().problem(inspectLink, { body: { token } })).code).toBe('link-invalid')
    expect((await anybody().problem(useLink, { body: { token, password } })).code).toBe('link-invalid')
  })

  test('that nobody made is worth nothing, and a short password uses none up', async () => {
    const { email } = await someone()
    const { token } = await linkFor(email)
    for (const wrong of ['x'.repeat(43), `${token.slice(0, -1)}!`, token.toUpperCase()])
      expect((await anybody().problem(useLink, { body: { token: wrong, password } })).code).toBe('link-invalid')
    const weak = await anybody().problem(useLink, { body: { token, password: 'Password-1234!' } })
    expect(weak).toMatchObject({ code: 'validation-failed', errors: [{ pointer: '/body/password' }] })
    const short = await anybody().problem(useLink, { body: { token, password: 'short' } })
    expect(short.code).toBe('validation-failed')
    await anybody().call(useLink, { body: { token, password } })
  })

  test('lets in again who was locked out by the guesses of somebody else', async () => {
    const { email } = await someone()
    for (let n = 0; n < 6; n += 1) await signIn(t.app, { email, password: 'wrong-Password-1' }).catch(() => {})
    const { token } = await linkFor(email)
    await anybody().call(useLink, { body: { token, password } })
    await expect(signIn(t.app, { email, password })).resolves.toContain('msp_console=')
  })
})

describe('under row-level security', () => {
  test('a link is made only for a user in scope', async () => {
    const { email } = await someone() // at home in All
    const { rows } = await t.owner.query<{ path: string }>(`select path from static_group where kind = 'msp' limit 1`)
    await expect(linkFor(email, 'reset', { path: rows[0]?.path ?? '' })).rejects.toThrow('row-level security')
    await expect(linkFor(email, 'reset', { path: '' })).rejects.toThrow('no such scope')
  })

  test('links, codes, attempts and tokens are closed to the requests of others', async () => {
    await linkFor((await someone()).email)
    const { rows } = await t.owner.query<{ path: string }>(`select path from static_group where kind = 'msp' limit 1`)
    const seen = await createInScope(t.pools.app)({ path: rows[0]?.path ?? '' }, async (db) => {
      const counts = []
      for (const sql of ['user_link', 'user_totp', 'recovery_code', 'api_token', 'sign_in_attempt'])
        counts.push((await db.query(`select from ${sql}`)).rowCount)
      return counts
    })
    expect(seen).toEqual([0, 0, 0, 0, 0])
  })

  test('every new table is forced under it, with a policy', async () => {
    const { rows } = await t.owner.query<{ name: string }>(
      `select relname as name from pg_class c
       where relname = any($1) and relrowsecurity and relforcerowsecurity
         and exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'identity') order by relname`,
      [['api_token', 'recovery_code', 'sign_in_attempt', 'user_link', 'user_totp']],
    )
    expect(rows).toHaveLength(5)
  })
})
