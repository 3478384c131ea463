// What an administrator may end of somebody's sign-in: API tokens and the second factor; and what goes with a reset and with disabling.
import {
  confirmTwoFactor,
  createToken,
  createUserLink,
  endUserSessions,
  endUserTwoFactor,
  getSession,
  getUser,
  listAudit,
  listCustomers,
  listTokens,
  listUserTokens,
  NO_RIGHTS,
  revokeUserToken,
  revokeUserTokens,
  startTwoFactor,
  updateUser,
  useLink,
} from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EVERYTHING } from '../access/scope.ts'
import { toCode, toStep } from '../access/totp.ts'
import { createInScope } from '../db/scoped.ts'
import { ADMIN, fromBase32 } from '../testing.ts'
import { openParts, type Parts } from './testing.ts'

let parts: Parts
beforeAll(async () => {
  parts = await openParts()
})
afterAll(() => parts.close())

const { password } = ADMIN
const READ = { ...NO_RIGHTS, groups: 'read' as const }

/** An MSP admin below the manager, with a token there. */
async function someone() {
  const { t, place, idOf } = parts
  const actor = await t.actAs('mspAdmin', Number(place.below))
  const make = (rootId: string, name = 'Monitoring') =>
    actor.call(createToken, { body: { name, rootId, rights: READ, days: 9 } })
  const made = await make(place.below)
  return { ...actor, id: await idOf(actor.email), make, ...made }
}
const works = async (secret: string) => {
  const response = await parts.t.app.inject({
    url: '/api/v1/customers',
    headers: { authorization: `Bearer ${secret}` },
  })
  return response.statusCode === 200
}

describe('API tokens of somebody else', () => {
  test('are seen by who manages there, without the secret, and revoked one by one or all', async () => {
    const { boss, t, place } = parts
    const user = await someone()
    const second = await user.make(place.customer, 'Second')
    const { items } = await boss.call(listUserTokens, { params: { id: user.id } })
    expect(items).toEqual((await user.call(listTokens)).items)
    expect(items.map(({ name }) => name)).toEqual(['Second', 'Monitoring'])
    expect(JSON.stringify(items)).not.toContain(user.secret.slice(5, 48))

    await boss.call(revokeUserToken, { params: { id: user.id, token: user.token.id } })
    expect([await works(user.secret), await works(second.secret)]).toEqual([false, true])
    const again = await boss.problem(revokeUserToken, { params: { id: user.id, token: user.token.id } })
    expect(again.code).toBe('not-found')
    await user.make(place.below)
    expect(await boss.call(revokeUserTokens, { params: { id: user.id } })).toEqual({ revoked: 2 })
    expect(await works(second.secret)).toBe(false)
    expect((await user.call(listTokens)).items).toEqual([])

    const { items: told } = await t.call(listAudit, { query: { q: user.email } })
    const find = (action: string) => told.find((entry) => entry.action === action)
    expect(find('revokeUserToken')).toMatchObject({ actor: boss.email, before: { name: 'Monitoring' } })
    expect(find('revokeUserTokens')).toMatchObject({ actor: boss.email, after: { count: 2 } })
  })

  test('of another user are not reached through this one', async () => {
    const [user, other] = [await someone(), await someone()]
    const crossed = await parts.boss.problem(revokeUserToken, { params: { id: user.id, token: other.token.id } })
    expect(crossed.code).toBe('not-found')
    expect(await works(other.secret)).toBe(true)
  })

  test('with a root outside the view are neither told nor counted, and end with the rest', async () => {
    const { boss, place, grantTo, t } = parts
    const user = await someone()
    await grantTo(user.email, 'partner', place.beside)
    const outside = await user.make(place.beside, 'Outside')
    const list = await boss.call(listUserTokens, { params: { id: user.id } })
    expect(list.items.map(({ name }) => name)).toEqual(['Monitoring'])
    // With a grant elsewhere nobody here manages this user; without it the token is worth nothing and is left.
    const params = { id: user.id, token: outside.token.id }
    expect((await boss.problem(revokeUserToken, { params })).code).toBe('forbidden')
    await t.owner.query('delete from user_grant where user_id = $1 and root_group_id = $2', [user.id, place.beside])
    expect((await boss.problem(revokeUserToken, { params })).code).toBe('not-found')
    expect(await boss.call(revokeUserTokens, { params: { id: user.id } })).toEqual({ revoked: 1 })
    expect((await t.owner.query('select from api_token where user_id = $1', [user.id])).rows).toEqual([])
  })
})

describe('the functions behind it', () => {
  test.each([
    ['tokens_of_user($1)', 'select from api_token where user_id = $1'],
    ['end_tokens_of($1, null)', 'select from api_token where user_id = $1'],
    ['end_sessions_of($1)', 'select from user_session where user_id = $1'],
    ['end_two_factor_of($1)', 'select from app_user where id = $1 and two_factor_since is not null'],
  ])('%s reaches nobody at home outside the scope', async (call, left) => {
    const { t, place } = parts
    const user = await someone()
    await t.owner.query('update app_user set two_factor_since = now() where id = $1', [user.id])
    const { rows } = await t.owner.query<{ path: string }>('select path from static_group where id = $1', [
      place.beside,
    ])
    const ask = (path: string) =>
      createInScope(t.pools.app)({ path }, (db) => db.query(`select * from ${call}`, [user.id]))
    const told = await ask(rows[0]?.path ?? '')
    expect(JSON.stringify(told.rows)).not.toMatch(/Monitoring|true|[1-9]/)
    expect((await t.owner.query(left, [user.id])).rowCount).toBe(1)
    await expect(
      t.pools.app.query(`select * from ${call}`, [user.id]).then(({ rows: all }) => JSON.stringify(all)),
    ).resolves.not.toMatch(/Monitoring|true|[1-9]/)
    expect((await t.owner.query(left, [user.id])).rowCount).toBe(1)
    const own = await ask(EVERYTHING.path)
    expect(JSON.stringify(own.rows)).toMatch(/Monitoring|true|1/)
  })
})

describe('two-step sign-in of somebody else', () => {
  test('is ended for a lost phone, by who manages there and gave the password lately', async () => {
    const { boss, t } = parts
    const user = await someone()
    const { secret } = await user.call(startTwoFactor, { body: { password } })
    await user.call(confirmTwoFactor, { body: { code: toCode(fromBase32(secret), toStep(Date.now())) } })
    const params = { id: user.id }
    expect((await boss.call(getUser, { params })).twoFactor).toBe(true)

    const ago = (minutes: number) =>
      t.owner.query(
        `update user_session set confirmed_at = now() - make_interval(mins => $2)
         where user_id = (select id from app_user where email = $1)`,
        [boss.email, minutes],
      )
    await ago(11)
    expect((await boss.problem(endUserTwoFactor, { params })).code).toBe('confirmation-required')
    expect((await boss.problem(revokeUserTokens, { params })).code).toBe('confirmation-required')
    await ago(0)
    expect(await boss.call(endUserTwoFactor, { params })).toEqual({ ended: true })
    expect((await boss.call(getUser, { params })).twoFactor).toBe(false)
    const left =
      'select user_id from user_totp where user_id = $1 union all select user_id from recovery_code where user_id = $1'
    expect((await t.owner.query(left, [user.id])).rows).toEqual([])
    expect((await user.call(getSession)).user).toMatchObject({ twoFactor: false })

    expect(await boss.call(endUserTwoFactor, { params })).toEqual({ ended: false })
    const { items } = await t.call(listAudit, { query: { action: 'endUserTwoFactor' } })
    expect(items).toMatchObject([{ actor: boss.email, target: user.email, outcome: 'done' }])
  })
})

describe('API tokens', () => {
  test('live on after signing out everywhere', async () => {
    const user = await someone()
    await parts.boss.call(endUserSessions, { params: { id: user.id } })
    expect(await works(user.secret)).toBe(true)
  })

  test('end when a link of an administrator is used, not before', async () => {
    const user = await someone()
    const { url } = await parts.boss.call(createUserLink, { params: { id: user.id } })
    expect(await works(user.secret)).toBe(true)
    const token = /token=([\w-]+)/.exec(url)?.[1] ?? ''
    await parts.t.act({}).call(useLink, { body: { token, password: 'the-new-Password-3' } })
    expect(await works(user.secret)).toBe(false)
    expect((await parts.t.owner.query('select from api_token where user_id = $1', [user.id])).rows).toEqual([])
  })

  test('end with disabling, and do not come back with enabling', async () => {
    const { boss, place, set } = parts
    const user = await someone()
    const grants = [{ rootId: place.below, setId: set('mspAdmin') }]
    const change = (disabled: boolean) =>
      boss.call(updateUser, {
        params: { id: user.id },
        body: { name: 'Same', homeGroupId: place.below, disabled, grants },
      })
    await change(true)
    await change(false)
    expect(await works(user.secret)).toBe(false)
    const other = await someone()
    expect((await other.call(listCustomers)).total).toBeGreaterThan(0)
  })
})
