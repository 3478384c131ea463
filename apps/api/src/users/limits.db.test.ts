// Nobody hands out more than they have, and sets give no way around it.
import {
  createSet,
  createUser,
  deleteSet,
  getSession,
  getUser,
  listSets,
  NO_RIGHTS,
  type Rights,
  updateSet,
  updateUser,
} from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toHiddenId } from '../http/hidden.ts'
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

const FULL: Rights = {
  groups: 'write',
  setup: 'write',
  sync: 'write',
  accounts: 'write',
  users: 'write',
  audit: 'read',
}

describe('nobody hands out more than they have', () => {
  test.each<[string, () => object]>([
    ['administrator in the own view', () => ({ grants: [{ rootId: place.below, setId: set('administrator') }] })],
    ['a set on everything', () => ({ grants: [{ rootId: '1', setId: set('customerViewer') }] })],
    ['a set on the group above', () => ({ grants: [{ rootId: '2', setId: set('partner') }] })],
    ['a set on a part beside', () => ({ grants: [{ rootId: place.beside, setId: set('customerViewer') }] })],
    ['a set on a group that is not there', () => ({ grants: [{ rootId: '999999', setId: set('customerViewer') }] })],
    [
      'a set that is not there',
      () => ({ grants: [{ rootId: place.below, setId: '00000000-0000-4000-8000-000000000000' }] }),
    ],
    [
      'a permitted grant beside a forbidden one',
      () => ({
        grants: [
          { rootId: place.below, setId: set('partner') },
          { rootId: place.beside, setId: set('partner') },
        ],
      }),
    ],
    ['a home above', () => ({ homeGroupId: '1' })],
    ['a home beside', () => ({ homeGroupId: place.beside })],
    ['a home that is not there', () => ({ homeGroupId: '2147483648' })],
  ])('%s is refused for new and for existing users alike', async (_, changes) => {
    const rest = newBody(changes())
    expect((await boss.problem(createUser, { body: rest })).code).toBe('rights-exceeded')
    expect(await idOf(rest.email)).toBe('')
    const { user } = await invite()
    const refused = await boss.problem(updateUser, { params: { id: user.id }, body: body(changes()) })
    expect(refused.code).toBe('rights-exceeded')
    expect(await boss.call(getUser, { params: { id: user.id } })).toEqual(user)
  })

  test('outside and not there read the same', async () => {
    const ask = async (rootId: string) => {
      const rest = newBody({ grants: [{ rootId, setId: set('partner') }] })
      return { ...(await boss.problem(createUser, { body: rest })), instance: '' }
    }
    expect(await ask(place.beside)).toEqual(await ask('999999'))
  })

  test('a set beyond the own rights cannot be made, nor an own one raised to it', async () => {
    expect((await boss.problem(createSet, { body: { name: 'Full', rights: FULL } })).code).toBe('rights-exceeded')
    const made = await boss.call(createSet, { body: { name: 'Small', rights: { ...NO_RIGHTS, groups: 'read' } } })
    const raised = await boss.problem(updateSet, { params: { id: made.id }, body: { name: 'Small', rights: FULL } })
    expect(raised.code).toBe('rights-exceeded')
  })

  test('a stronger set in the own view can be neither given, lowered, nor removed', async () => {
    const { rows } = await t.owner.query<{ id: number }>(
      `insert into permission_set (group_id, name, accounts) values ($1, 'Strong', 'write') returning id`,
      [place.below],
    )
    const id = toHiddenId('set', rows[0]?.id ?? 0)
    const { user } = await invite()
    const given = body({ grants: [{ rootId: place.below, setId: id }] })
    expect((await boss.problem(updateUser, { params: { id: user.id }, body: given })).code).toBe('rights-exceeded')
    const low = { params: { id }, body: { name: 'Strong', rights: NO_RIGHTS } }
    expect((await boss.problem(updateSet, low)).code).toBe('rights-exceeded')
    expect((await boss.problem(deleteSet, { params: { id } })).code).toBe('rights-exceeded')
  })

  test('a set of a group outside is none: it is not given, listed, changed or removed', async () => {
    const { rows } = await t.owner.query<{ id: number }>(
      `insert into permission_set (group_id, name, groups) values ($1, 'Canary set', 'read') returning id`,
      [place.beside],
    )
    const id = toHiddenId('set', rows[0]?.id ?? 0)
    expect(JSON.stringify(await boss.call(listSets))).not.toContain('Canary')
    const rest = newBody({ grants: [{ rootId: place.below, setId: id }] })
    expect((await boss.problem(createUser, { body: rest })).code).toBe('rights-exceeded')
    const change = { params: { id }, body: { name: 'Mine', rights: NO_RIGHTS } }
    expect((await boss.problem(updateSet, change)).code).toBe('not-found')
    expect((await boss.problem(deleteSet, { params: { id } })).code).toBe('not-found')
  })

  test('a set that is granted above as well cannot be changed from below', async () => {
    const made = await boss.call(createSet, { body: { name: 'Reaches', rights: { ...NO_RIGHTS, groups: 'read' } } })
    const other = await t.actAs('partner', 1)
    await grantTo(other.email, made.id, '1')
    const change = {
      params: { id: made.id },
      body: { name: 'Reaches', rights: { ...NO_RIGHTS, groups: 'write' as const } },
    }
    expect((await boss.problem(updateSet, change)).code).toBe('forbidden')
    expect((await boss.problem(deleteSet, { params: { id: made.id } })).code).toBe('forbidden')
  })
})

describe('sets', () => {
  test('built-in ones do not change', async () => {
    const { items } = await t.call(listSets)
    expect(items.filter(({ key }) => key !== null)).toHaveLength(5)
    for (const { id } of items.filter(({ key }) => key !== null)) {
      const change = { params: { id }, body: { name: 'x', rights: NO_RIGHTS } }
      expect((await t.problem(updateSet, change)).code).toBe('forbidden')
      expect((await t.problem(deleteSet, { params: { id } })).code).toBe('forbidden')
    }
  })

  test('are made, given, changed for all who have them, and removed once nobody has', async () => {
    const made = await boss.call(createSet, { body: { name: 'Technician', rights: { ...NO_RIGHTS, groups: 'read' } } })
    expect(made).toMatchObject({ key: null, group: { id: place.manager }, grants: 0 })
    const twice = await boss.problem(createSet, { body: { name: 'Technician', rights: NO_RIGHTS } })
    expect(twice.code).toBe('conflict')
    const actor = await t.actAs('mspAdmin', Number(place.below))
    const id = await idOf(actor.email)
    await boss.call(updateUser, { params: { id }, body: body({ grants: [{ rootId: place.below, setId: made.id }] }) })
    await boss.call(updateSet, {
      params: { id: made.id },
      body: { name: 'Tech', rights: { ...NO_RIGHTS, groups: 'read', setup: 'use' } },
    })
    expect((await actor.call(getSession)).view?.rights).toMatchObject({ groups: 'read', setup: 'use', sync: 'none' })
    const used = await boss.problem(deleteSet, { params: { id: made.id } })
    expect(used).toMatchObject({ code: 'set-in-use', detail: expect.stringMatching(/: 1\.$/) as string })
    await boss.call(updateUser, { params: { id }, body: body() })
    await boss.call(deleteSet, { params: { id: made.id } })
  })

  test('stay while somebody at home elsewhere has them', async () => {
    const made = await boss.call(createSet, { body: { name: 'Lent', rights: { ...NO_RIGHTS, groups: 'read' } } })
    const guest = await t.actAs('partner', Number(place.beside))
    await grantTo(guest.email, made.id, place.below)
    const used = await boss.problem(deleteSet, { params: { id: made.id } })
    expect(used.code).toBe('set-in-use')
    expect(JSON.stringify(used)).not.toContain(guest.email)
    const { items } = await boss.call(listSets)
    expect(items.find(({ id }) => id === made.id)?.grants).toBe(0)
  })
})
