// Why somebody sees a group or does not, as far as the one who asks may know.
import { explainAccess, explainOwnAccess } from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN } from '../testing.ts'
import { openParts, type Parts } from './testing.ts'

let t: Parts['t']
let place: Parts['place']
let boss: Parts['boss']
let set: Parts['set']
let idOf: Parts['idOf']
let grantTo: Parts['grantTo']
let invite: Parts['invite']
let close: Parts['close']
beforeAll(async () => {
  ;({ t, place, boss, set, idOf, grantTo, invite, close } = await openParts())
})
afterAll(() => close())

describe('why somebody sees a group', () => {
  test('is explained by the grants in view', async () => {
    const { user } = await invite({ grants: [{ rootId: place.below, setId: set('mspAdmin') }] })
    const ask = (group: string) => boss.call(explainAccess, { params: { id: user.id }, query: { group } })
    expect(await ask(place.customer)).toMatchObject({ sees: true, reason: 'granted', rights: { setup: 'write' } })
    expect(await ask(place.manager)).toMatchObject({
      sees: false,
      reason: 'noGrantCovers',
      grants: [{ covers: false }],
    })
    expect(await ask(place.beside)).toEqual(await ask('999999'))
    expect(await ask(place.beside)).toMatchObject({ reason: 'noGroup', grants: [] })
    await grantTo(user.email, 'partner', place.beside)
    expect((await ask(place.manager)).grants).toHaveLength(1)
    await grantTo(user.email, 'partner', '1')
    expect(await ask(place.manager)).toMatchObject({
      sees: true,
      grants: [{ root: null, covers: true }, { covers: false }],
    })
    await boss.problem(explainAccess, { params: { id: await idOf(ADMIN.email) }, query: { group: place.below } })
    await t.owner.query('update app_user set disabled_at = now() where id = $1', [user.id])
    expect(await ask(place.customer)).toMatchObject({ sees: false, reason: 'disabled' })
  })

  test('without grants, and with those elsewhere only, reads the same', async () => {
    const { user } = await invite()
    const ask = () => boss.call(explainAccess, { params: { id: user.id }, query: { group: place.below } })
    const before = await ask()
    expect(before).toMatchObject({ sees: false, reason: 'noGrants' })
    await grantTo(user.email, 'partner', place.beside)
    expect(await ask()).toEqual(before)
  })

  test('is asked for oneself under all own roots', async () => {
    const actor = await t.actAs('mspAdmin', Number(place.below))
    await grantTo(actor.email, 'customerViewer', place.beside)
    const ask = (group: string) => actor.call(explainOwnAccess, { query: { group } })
    expect(await ask(place.customer)).toMatchObject({ sees: true, rights: { setup: 'write' } })
    expect(await ask(place.beside)).toMatchObject({ sees: true, rights: { setup: 'read' } })
    expect((await ask(place.beside)).grants).toHaveLength(2)
    expect(await ask(place.manager)).toEqual(await ask('999999'))
  })
})
