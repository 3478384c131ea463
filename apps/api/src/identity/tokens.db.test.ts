// API tokens: what they look like, what they may do at the time of use, how they end.
import { crc32 } from 'node:zlib'
import {
  changePassword,
  createToken,
  endSession,
  getGroup,
  getSession,
  listCustomers,
  listSessions,
  listTokens,
  NO_RIGHTS,
  PREVIEW_HEADER,
  putSetup,
  revokeToken,
  type Rights,
  ROOT_HEADER,
  searchGroups,
} from '@msp-console/contract'
import { fromHiddenId, toHiddenId } from '../http/hidden.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Actor, ADMIN, openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'

let t: TestApp
let mock: TestMock
let msp: string
let foreign: string
let customer: string
beforeAll(async () => {
  t = await openTestApp()
  mock = await openMock()
  await t.connect(mock)
  msp = await idOf('Chytrá síť s.r.o.')
  foreign = await idOf('Pivovar Ježek a spol.')
  customer = await idOf('Dub nábytek')
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

async function idOf(name: string): Promise<string> {
  const { items } = await t.call(searchGroups, { query: { q: name } })
  return items.find((item) => item.name === name)?.id ?? ''
}

const READ: Rights = { ...NO_RIGHTS, groups: 'read', setup: 'read' }
const WRITE: Rights = { ...READ, setup: 'write' }
const make = (actor: Pick<Actor, 'call'>, rights: Rights = READ, rootId = msp, days = 30) =>
  actor.call(createToken, { body: { name: 'Monitoring', rootId, rights, days } })
const withToken = (secret: string, more: Record<string, string> = {}) =>
  t.act({ authorization: `Bearer ${secret}`, ...more })
const mspAdmin = () => t.actAs('mspAdmin', Number(msp))

describe('a token', () => {
  test('has the promised form, is shown once and kept as a hash', async () => {
    const actor = await mspAdmin()
    const { secret, token } = await make(actor)
    expect(secret).toMatch(/^mspc_[A-Za-z0-9_-]{43}_[0-9a-f]{8}$/)
    const [body, checksum] = [secret.slice(0, -9), secret.slice(-8)]
    expect(crc32(body).toString(16).padStart(8, '0')).toBe(checksum)
    expect(token).toMatchObject({ name: 'Monitoring', root: { id: msp }, rights: READ, lastUsedAt: null })
    expect(JSON.stringify(await actor.call(listTokens))).not.toContain(secret.slice(10, 40))
    const { rows } = await t.owner.query<{ secret_hash: Buffer; dump: string }>(
      'select secret_hash, t::text as dump from api_token t order by id desc limit 1',
    )
    expect(rows[0]?.secret_hash).toHaveLength(32)
    expect(rows[0]?.dump).not.toContain(secret.slice(10, 40))
  })

  test('works in its root with its rights', async () => {
    const { secret } = await make(await mspAdmin())
    const program = withToken(secret)
    const { view, user, confirmedUntil } = await program.call(getSession)
    expect(view).toMatchObject({ root: { id: msp }, rights: READ, roots: [{ id: msp }] })
    expect([user?.name, confirmedUntil]).toEqual(['A mspAdmin', null])
    expect((await program.call(listCustomers)).total).toBeGreaterThan(0)
    expect((await program.problem(putSetup, { params: { id: customer }, body: { state: 'done' } })).code).toBe(
      'forbidden',
    )
    expect((await program.problem(getGroup, { params: { id: foreign } })).code).toBe('not-found')
  })

  test('of a part of the own tree reaches that part only', async () => {
    const actor = await mspAdmin()
    const { secret } = await make(actor, WRITE, customer)
    const program = withToken(secret)
    expect((await program.call(getGroup, { params: { id: 'root' } })).id).toBe(customer)
    expect((await program.problem(getGroup, { params: { id: msp } })).code).toBe('not-found')
    await program.call(putSetup, { params: { id: customer }, body: { state: 'done' } })
    await program.call(putSetup, { params: { id: customer }, body: { state: 'none' } })
  })

  test('is never for more than its maker has, there and now', async () => {
    const actor = await mspAdmin()
    const beyond = { name: 'x', rootId: msp, rights: { ...READ, users: 'write' as const }, days: 1 }
    expect((await actor.problem(createToken, { body: beyond })).code).toBe('rights-exceeded')
    for (const rootId of [foreign, '1', '2', '999999999'])
      expect((await actor.problem(createToken, { body: { ...beyond, rights: READ, rootId } })).code).toBe('not-found')
    expect((await actor.problem(createToken, { body: { ...beyond, rights: NO_RIGHTS } })).code).toBe(
      'validation-failed',
    )
    for (const days of [0, 366, 1.5])
      expect((await actor.problem(createToken, { body: { ...beyond, rights: READ, days } })).code).toBe(
        'validation-failed',
      )
  })

  test('loses what its owner loses, at once', async () => {
    const actor = await mspAdmin()
    const { secret } = await make(actor, WRITE)
    const program = withToken(secret)
    const setup = { params: { id: customer }, body: { state: 'none' as const } }
    await program.call(putSetup, setup)
    const set = (key: string) =>
      t.owner.query(
        `update user_grant set set_id = (select id from permission_set where key = $1)
         where user_id = (select id from app_user where email = $2)`,
        [key, actor.email],
      )
    await set('customerViewer')
    expect((await program.problem(putSetup, setup)).code).toBe('forbidden')
    expect((await program.call(getSession)).view?.rights.setup).toBe('read')
    // And never has more than was chosen, whatever the owner is given.
    await set('administrator')
    expect((await program.call(getSession)).view?.rights).toEqual(WRITE)
  })

  test('whose root is outside the grants is worth nothing, and is listed without naming it', async () => {
    const actor = await mspAdmin()
    const { secret } = await make(actor)
    await t.owner.query(
      'update user_grant set root_group_id = $1 where user_id = (select id from app_user where email = $2)',
      [foreign, actor.email],
    )
    expect((await withToken(secret).problem(listCustomers)).code).toBe('unauthenticated')
    expect((await withToken(secret).call(getSession)).user).toBeNull()
    const { items } = await actor.call(listTokens)
    expect(items).toMatchObject([{ root: null }])
    expect(JSON.stringify(items)).not.toContain('Chytrá')
  })

  test('whose root is moved out of the grants is worth nothing', async () => {
    const actor = await mspAdmin()
    const { secret } = await make(actor, READ, customer)
    await withToken(secret).call(listCustomers)
    const { rows } = await t.owner.query<{ path: string }>('select path from static_group where id = $1', [customer])
    await t.owner.query(`update static_group set path = '/1/2/' || id || '/' where id = $1`, [customer])
    expect((await withToken(secret).problem(listCustomers)).code).toBe('unauthenticated')
    await t.owner.query('update static_group set path = $2 where id = $1', [customer, rows[0]?.path])
    await withToken(secret).call(listCustomers)
  })

  test('ends when it is revoked, when it expires, and with its owner', async () => {
    const actor = await mspAdmin()
    const [revoked, expired, disabled] = [await make(actor), await make(actor), await make(actor)]
    const works = async (secret: string) => (await withToken(secret).call(getSession)).user !== null
    expect(await works(revoked.secret)).toBe(true)
    await actor.call(revokeToken, { params: { id: revoked.token.id } })
    expect(await works(revoked.secret)).toBe(false)
    expect((await actor.problem(revokeToken, { params: { id: revoked.token.id } })).code).toBe('not-found')
    await t.owner.query('update api_token set expires_at = now() where id = $1', [
      fromHiddenId('token', expired.token.id),
    ])
    expect(await works(expired.secret)).toBe(false)
    expect(await works(disabled.secret)).toBe(true)
    await t.owner.query('update app_user set disabled_at = now() where email = $1', [actor.email])
    expect(await works(disabled.secret)).toBe(false)
    const longer = t.owner.query(`update api_token set expires_at = created_at + interval '366 days'`)
    await expect(longer).rejects.toThrow('check constraint')
  })

  test('of somebody else cannot be seen or revoked', async () => {
    const [one, two] = [await mspAdmin(), await mspAdmin()]
    const { token, secret } = await make(one)
    expect((await two.call(listTokens)).items).toEqual([])
    expect((await two.problem(revokeToken, { params: { id: token.id } })).code).toBe('not-found')
    expect((await withToken(secret).call(getSession)).user).not.toBeNull()
  })

  test('is made only with a password given within ten minutes', async () => {
    const actor = await mspAdmin()
    await t.owner.query(
      `update user_session set confirmed_at = now() - interval '11 minutes'
       where user_id = (select id from app_user where email = $1)`,
      [actor.email],
    )
    const body = { name: 'x', rootId: msp, rights: READ, days: 1 }
    expect((await actor.problem(createToken, { body })).code).toBe('confirmation-required')
  })

  test('does not do what a person must do', async () => {
    const actor = await mspAdmin()
    const program = withToken((await make(actor)).secret)
    const { items } = await actor.call(listSessions)
    const codes = [
      await program.problem(listSessions),
      await program.problem(endSession, { params: { id: items[0]?.id ?? '' } }),
      await program.problem(changePassword, { body: { current: ADMIN.password, next: 'another-Password-6' } }),
      await program.problem(createToken, { body: { name: 'x', rootId: msp, rights: READ, days: 1 } }),
      await program.problem(listTokens),
      await program.problem(revokeToken, { params: { id: toHiddenId('token', 1) } }),
    ].map(({ code }) => code)
    expect(new Set(codes)).toEqual(new Set(['forbidden']))
  })

  test('remembers when it was used, written at most once a minute', async () => {
    const actor = await mspAdmin()
    const { secret, token } = await make(actor)
    const read = async () => {
      const { rows } = await t.owner.query<{ xmin: string; used: boolean }>(
        `select xmin::text, last_used_at > now() - interval '10 seconds' as used from api_token where id = $1`,
        [fromHiddenId('token', token.id)],
      )
      return rows[0]
    }
    await withToken(secret).call(getSession)
    const first = await read()
    expect(first?.used).toBe(true)
    await withToken(secret).call(getSession)
    expect(await read()).toEqual(first)
    expect((await actor.call(listTokens)).items[0]?.lastUsedAt).not.toBeNull()
  })
})

describe('where a token is read', () => {
  test('a forged, cut, changed or foreign one is none', async () => {
    const { secret } = await make(await mspAdmin())
    const other = (await make(await mspAdmin())).secret
    const mixed = `${other.slice(0, 25)}${secret.slice(25, -9)}`
    const forged = [
      secret.slice(0, -1),
      `${secret}0`,
      secret.replace(/.{8}$/, '00000000'),
      secret.toUpperCase(),
      `${mixed}_${crc32(mixed).toString(16).padStart(8, '0')}`,
      'mspc_99999999999_x',
      'x'.repeat(150),
      '',
    ]
    for (const each of forged) {
      expect([each, (await withToken(each).problem(listCustomers)).code]).toEqual([each, 'unauthenticated'])
    }
  })

  test('only the header counts: not the URL, not a cookie, not another scheme', async () => {
    const { secret } = await make(await mspAdmin())
    for (const name of ['token', 'access_token', 'authorization', 'api_key']) {
      const response = await t.app.inject({ url: `/api/v1/session?${name}=${secret}` })
      expect(response.body).not.toContain('"view":{')
    }
    for (const headers of [
      { cookie: `msp_console=${secret}` },
      { authorization: `Basic ${secret}` },
      { authorization: secret },
    ])
      expect((await t.act(headers).call(getSession)).user).toBeNull()
  })

  test('beside it a cookie counts for nothing, also when the token is worthless', async () => {
    const { secret } = await make(await mspAdmin())
    const both = withToken(secret, { cookie: t.cookie })
    expect((await both.call(getSession)).view?.root.id).toBe(msp)
    for (const worthless of ['x', 'x'.repeat(100), secret.slice(0, -1)])
      expect((await withToken(worthless, { cookie: t.cookie }).call(getSession)).user).toBeNull()
    const bare = t.act({ authorization: 'Bearer', cookie: t.cookie })
    expect((await bare.call(getSession)).user).toBeNull()
  })

  test('another root or a preview is not to be had with it', async () => {
    const { secret } = await make({ call: t.call })
    expect((await withToken(secret, { [ROOT_HEADER]: msp }).call(getSession)).view?.root.id).toBe(msp)
    for (const headers of [{ [ROOT_HEADER]: '1' }, { [ROOT_HEADER]: customer }, { [PREVIEW_HEADER]: 'somebody' }])
      expect((await withToken(secret, headers).problem(listCustomers)).code).toBe('not-found')
  })

  test('a page of another site gets nothing done with it', async () => {
    const { secret } = await make(await mspAdmin(), WRITE)
    const program = withToken(secret, { 'sec-fetch-site': 'cross-site' })
    const marked = await program.problem(putSetup, { params: { id: customer }, body: { state: 'done' } })
    expect(marked).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('console itself') })
  })
})
