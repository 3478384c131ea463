// Users through the server: what an administrator of a part may do, and whom they cannot touch.
import {
  createSet,
  createUser,
  createUserLink,
  deleteUser,
  endUserSessions,
  endUserTwoFactor,
  getSession,
  getUser,
  listUsers,
  NO_RIGHTS,
  type Problem,
  revokeUserTokens,
  type Rights,
  updateUser,
} from '@msp-console/contract'
import { fromHiddenId } from '../http/hidden.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Actor, ADMIN, signIn } from '../testing.ts'
import { openParts, type Parts } from './testing.ts'

let t: Parts['t']
let place: Parts['place']
let boss: Parts['boss']
let body: Parts['body']
let newBody: Parts['newBody']
let set: Parts['set']
let idOf: Parts['idOf']
let grantTo: Parts['grantTo']
let invite: Parts['invite']
let close: Parts['close']
beforeAll(async () => {
  ;({ t, place, boss, body, newBody, set, idOf, grantTo, invite, close } = await openParts())
})
afterAll(() => close())

describe('a manager', () => {
  test('invites, sees, changes and removes a user', async () => {
    const { user, link } = await invite({ grants: [{ rootId: place.below, setId: set('mspAdmin') }] })
    expect(link.url).toMatch(/^http:\/\/localhost:3000\/.{40,}$/)
    expect(user).toMatchObject({ invited: true, disabled: false, manageable: true, homeGroup: { id: place.below } })
    expect(user.grants).toMatchObject([
      { root: { id: place.below }, set: { key: 'mspAdmin' }, path: [{ id: place.manager }] },
    ])
    expect(await boss.call(getUser, { params: { id: user.id } })).toEqual(user)
    const changed = await boss.call(updateUser, {
      params: { id: user.id },
      body: body({ name: 'Newer', grants: [{ rootId: place.customer, setId: set('customerViewer') }] }),
    })
    expect(changed.name).toBe('Newer')
    expect(changed.grants.map(({ root }) => root.id)).toEqual([place.customer])
    await boss.call(deleteUser, { params: { id: user.id } })
    expect((await boss.problem(getUser, { params: { id: user.id } })).code).toBe('not-found')
    const { rows } = await t.owner.query('select from user_link where user_id = $1', [user.id])
    expect(rows).toEqual([])
  })

  test('lists users at home in view, by name in pages, and finds them without diacritics', async () => {
    for (const name of ['Žofie Page', 'Čeněk Page', 'Adam Page']) await invite({ name })
    await t.actAs('mspAdmin', Number(place.beside))
    const one = await boss.call(listUsers, { query: { q: 'PAGE', limit: 2 } })
    const two = await boss.call(listUsers, { query: { q: 'PAGE', limit: 2, cursor: one.nextCursor ?? '' } })
    expect([...one.items, ...two.items].map(({ name }) => name)).toEqual(['Adam Page', 'Čeněk Page', 'Žofie Page'])
    expect([one.total, two.nextCursor]).toEqual([3, null])
    expect((await boss.call(listUsers, { query: { q: 'cenek' } })).items).toHaveLength(1)
    const all = await boss.call(listUsers, { query: { limit: 200 } })
    expect(all.items.map(({ email }) => email)).not.toContain(ADMIN.email)
    expect(all.items.every(({ homeGroup }) => homeGroup?.id !== place.beside)).toBe(true)
    const wrong = await boss.problem(listUsers, { query: { q: 'other', cursor: one.nextCursor ?? '' } })
    expect(wrong.code).toBe('stale-cursor')
  })

  test('disabling, ending sessions and changing grants act on the next request', async () => {
    const actor = await t.actAs('mspAdmin', Number(place.below))
    const id = await idOf(actor.email)
    expect(await boss.call(endUserSessions, { params: { id } })).toEqual({ ended: 1 })
    expect((await actor.problem(listUsers)).code).toBe('unauthenticated')
    const user = { email: actor.email, password: ADMIN.password }
    const again = t.act({ cookie: await signIn(t.app, user) })
    await boss.call(updateUser, {
      params: { id },
      body: body({ grants: [{ rootId: place.customer, setId: set('partner') }] }),
    })
    expect((await again.call(getSession)).view).toMatchObject({
      root: { id: place.customer },
      rights: { setup: 'read' },
    })
    await boss.call(updateUser, { params: { id }, body: body({ disabled: true }) })
    expect((await again.call(getSession)).user).toBeNull()
    const { rows } = await t.owner.query('select from user_session where user_id = $1', [id])
    expect(rows).toEqual([])
    await boss.call(updateUser, { params: { id }, body: body() })
    expect((await again.call(getSession)).user).toBeNull()
  })
})

const OPERATIONS: [string, (actor: Actor, id: string) => Promise<Problem>][] = [
  ['changed', (actor, id) => actor.problem(updateUser, { params: { id }, body: body({ homeGroupId: place.below }) })],
  ['disabled', (actor, id) => actor.problem(updateUser, { params: { id }, body: body({ disabled: true }) })],
  ['removed', (actor, id) => actor.problem(deleteUser, { params: { id } })],
  ['taken over by a link', (actor, id) => actor.problem(createUserLink, { params: { id } })],
  ['signed out', (actor, id) => actor.problem(endUserSessions, { params: { id } })],
  ['robbed of tokens', (actor, id) => actor.problem(revokeUserTokens, { params: { id } })],
  ['robbed of the second factor', (actor, id) => actor.problem(endUserTwoFactor, { params: { id } })],
]
const STRONGER: [string, () => Promise<string>][] = [
  [
    'with a grant on everything',
    async () => {
      const { user } = await invite()
      await grantTo(user.email, 'customerViewer', '1')
      return user.id
    },
  ],
  [
    'with a grant beside',
    async () => {
      const { user } = await invite({ grants: [{ rootId: place.below, setId: set('mspAdmin') }] })
      await grantTo(user.email, 'customerViewer', place.beside)
      return user.id
    },
  ],
  [
    'with a stronger set in view',
    async () => {
      const { user } = await invite()
      await grantTo(user.email, 'administrator', place.customer)
      return user.id
    },
  ],
  [
    'with a set that belongs above',
    async () => {
      const { user } = await invite()
      const made = await t.call(createSet, {
        body: { name: `From above ${user.id}`, rights: { ...NO_RIGHTS, groups: 'read' } },
      })
      await grantTo(user.email, made.id, place.below)
      return user.id
    },
  ],
  ['that is the caller', () => idOf(boss.email)],
]

describe.each(STRONGER)('a user %s', (_, make) => {
  let id: string
  beforeEach(async () => {
    id = await make()
  })
  test.each(OPERATIONS)('cannot be %s', async (__, attempt) => {
    const links = async () => (await t.owner.query('select token_hash from user_link where user_id = $1', [id])).rows
    const before = await links()
    expect((await attempt(boss, id)).code).toBe('forbidden')
    expect(await links()).toEqual(before)
    const seen = await boss.call(getUser, { params: { id } })
    expect(seen).toMatchObject({ manageable: false, disabled: false })
    expect(JSON.stringify(seen)).not.toMatch(/Chytrá síť|From above/)
  })
})

const NOBODY: [string, () => string | null][] = [
  ['at home beside', () => place.beside],
  ['at home above', () => '1'],
  ['that is not there', () => null],
]

describe.each(NOBODY)('a user %s is none', (_, home) => {
  test.each(OPERATIONS)('and cannot be %s', async (__, attempt) => {
    const group = home()
    const id = group === null ? 'nobody' : await idOf((await t.actAs('customerViewer', Number(group))).email)
    expect((await attempt(boss, id)).code).toBe('not-found')
  })
})

test('an address that is taken elsewhere is told, and nothing else about it', async () => {
  const rest = newBody({ email: ADMIN.email.toUpperCase() })
  const problem = await boss.problem(createUser, { body: rest })
  expect(problem.code).toBe('email-taken')
  expect(JSON.stringify(problem)).not.toContain(ADMIN.name)
})

test.each(['mspAdmin', 'partner', 'customerViewer'] as const)('a %s administers nobody', async (key) => {
  const actor = await t.actAs(key, Number(place.below))
  expect((await actor.problem(listUsers)).code).toBe('forbidden')
  expect((await actor.problem(createUser, { body: {} })).code).toBe('forbidden')
  expect((await actor.problem(createSet, { body: {} })).code).toBe('forbidden')
})

test('without a fresh password nothing is changed', async () => {
  const actor = await t.actAs('mspManager', Number(place.manager))
  await t.owner.query(
    `update user_session set confirmed_at = now() - interval '11 minutes' where user_id = (select id from app_user where email = $1)`,
    [actor.email],
  )
  await actor.call(listUsers)
  expect((await actor.problem(createUser, { body: {} })).code).toBe('confirmation-required')
})

const LIKE_IT: Rights = {
  groups: 'write',
  setup: 'write',
  sync: 'write',
  accounts: 'write',
  users: 'write',
  audit: 'read',
}

describe('the last administrator of everything', () => {
  test('cannot be removed, disabled or stripped by somebody with a set like it', async () => {
    const other = await t.actAs('administrator', 1)
    const made = await t.call(createSet, { body: { name: 'Like it', rights: LIKE_IT } })
    const otherId = await idOf(other.email)
    await t.owner.query('update user_grant set set_id = $2 where user_id = $1', [otherId, fromHiddenId('set', made.id)])
    const id = await idOf(ADMIN.email)
    const own = [{ rootId: '1', setId: set('administrator') }]
    const attempts = [
      other.problem(deleteUser, { params: { id } }),
      other.problem(updateUser, { params: { id }, body: body({ homeGroupId: '1', disabled: true, grants: own }) }),
      other.problem(updateUser, { params: { id }, body: body({ homeGroupId: '1' }) }),
    ]
    for (const attempt of attempts) expect((await attempt).detail).toMatch(/last administrator/)
    expect((await t.call(getSession)).view?.rights.users).toBe('write')
  })

  test('is left when two remove each other at once', async () => {
    const [a, b] = [await t.actAs('administrator', 1), await t.actAs('administrator', 1)]
    await t.owner.query('update app_user set disabled_at = now() where email = $1', [ADMIN.email])
    const remove = (actor: Actor, id: string) =>
      t.app.inject({ method: 'DELETE', url: `/api/v1/users/${id}`, headers: actor.headers })
    const [idA, idB] = [await idOf(a.email), await idOf(b.email)]
    const answers = await Promise.all([remove(a, idB), remove(b, idA)])
    const { rows } = await t.owner.query('select from app_user where id = any($1)', [[idA, idB]])
    await t.owner.query('update app_user set disabled_at = null where email = $1', [ADMIN.email])
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1)
    expect(rows).toHaveLength(1)
  })
})
