// What changes the world, as the documentation says, driven with plain HTTP.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildMockEma, type MockEma } from './server.ts'
import { rows, speakPlainHttp, type Json } from './test-http.ts'
import type { World } from './world.ts'
import { createWorld } from './worlds.ts'

type Http = ReturnType<typeof speakPlainHttp>

let world: World
let app: MockEma
let signIn: Http['signIn']
let now: number

beforeEach(async () => {
  now = Date.now()
  world = createWorld('demo')
  app = buildMockEma({ world, now: () => now })
  ;({ signIn } = speakPlainHttp(await app.listen({ port: 0, host: '127.0.0.1' })))
})
afterEach(() => app.close())

const idOf = (name: string): string => world.idOf(world.name.indexOf(name))

describe('writing', () => {
  const address = { state: '', city: 'Brno', streetAddress: 'X 1', zipCode: '60200' }

  test('a customer is created, changed by a patch, suspended, and only then deleted', async () => {
    const { post, get } = await signIn('msp')
    const created = await post('/Company/Create/customer', {
      name: 'Nová firma',
      address,
      email: 'a@b.example',
      vatId: 'CZ1',
      tags: [{ tag: 'a' }],
    })
    const companyId = String(created.body['publicId'])
    const detail = async () => (await post('/Company/Detail', { companyId })).body
    expect(await detail()).toMatchObject({
      name: 'Nová firma',
      type: 1007,
      status: 1,
      ancestor: { name: 'Chytrá síť s.r.o.' },
    })

    const patch = {
      companyId,
      vatId: '',
      description: 'x',
      address: { city: 'Zlín' },
      tagsToAdd: [{ tag: 'b' }],
      tagsToRemove: ['a'],
    }
    expect((await post('/Company/Update/customer', patch)).status).toBe(200)
    expect(await detail()).toMatchObject({
      name: 'Nová firma',
      vatId: '',
      description: 'x',
      email: 'a@b.example',
      tags: [{ tag: 'b' }],
      address: { ...address, city: 'Zlín' },
    })

    expect((await post('/Company/Delete', { companyId })).status).toBe(400)
    const { body } = await post('/Company/Suspend', { companyId })
    expect((await get(`/Operation/${String(body['operationId'])}`)).body).toEqual({ state: 2 })
    expect((await detail())['status']).toBe(3)
    expect((await post('/Company/Suspend', { companyId })).status).toBe(400)
    expect(await post('/Company/Delete', { companyId })).toMatchObject({ status: 200, text: '' })
    expect((await post('/Company/Detail', { companyId })).status).toBe(404)
    const search = await post('/Search/Companies', { search: { [companyId]: [1] }, skip: 0, take: 1 })
    expect(search.body['Paging']).toEqual({ TotalCount: 0 })
  })

  test('a deleted MSP is gone with everything below it', async () => {
    const { post } = await signIn()
    const companyId = idOf('Tatranské siete s.r.o.')
    const [below] = rows(await post('/Company/Children', { companyId, skip: 0, take: 1 }))
    expect((await post('/Company/Delete', { companyId })).status).toBe(200)
    expect((await post('/Company/Detail', { companyId: below?.['publicId'] })).status).toBe(404)
    expect((await post('/Search/Companies', { search: {}, skip: 0, take: 1 })).body['Paging']).toEqual({
      TotalCount: 291,
    })
  })

  test('names are unique among siblings only, e-mails among providers', async () => {
    const { post } = await signIn()
    const named = (parent: string, name: string) =>
      post('/Company/Create/customer', { name, address, parentCompanyId: idOf(parent) })
    const twin = await named('Kraków IT Sp. z o.o.', 'lékárna u anděla')
    expect(twin.status).toBe(200)
    const clash = await named('Kraków IT Sp. z o.o.', 'Lékárna U Anděla')
    expect([clash.status, Object.keys(clash.body['message'] as Json)]).toEqual([400, ['name']])
    const msp = { name: 'Jiný', address, email: 'CHYTRA-SIT@providers.example' }
    expect((await post('/Company/Create/msp', msp)).body['message']).toHaveProperty('email')
  })

  test('an MSP waits for activation, moves into a Division and out of it', async () => {
    const { post } = await signIn()
    const created = await post('/Company/Create/msp', {
      name: 'Nomád IT',
      address,
      email: 'n@p.example',
      manager: true,
    })
    const companyId = String(created.body['publicId'])
    const detail = async () => (await post('/Company/Detail', { companyId })).body
    expect(await detail()).toMatchObject({ type: 1004, status: 2, ancestor: { type: 1002 } })
    await post('/Company/Update/msp', { companyId, divisionId: idOf('Divize Morava') })
    expect(await detail()).toMatchObject({ name: 'Nomád IT', ancestor: { name: 'Divize Morava' } })
    await post('/Company/Update/msp', { companyId, divisionId: '' })
    expect(await detail()).toMatchObject({ ancestor: { type: 1002 } })
    expect((await post('/Company/Update/msp', { companyId, divisionId: idOf('Kraków IT Sp. z o.o.') })).status).toBe(
      400,
    )
    expect((await post('/Company/Update/customer', { companyId, name: 'x' })).status).toBe(400)
  })

  test('who may create what, and where', async () => {
    const manager = await signIn('manager')
    const managed = await manager.post('/Company/Create/managedmsp', { name: 'Nový', address, email: 'x@y.example' })
    const detail = await manager.post('/Company/Detail', { companyId: managed.body['publicId'] })
    expect(detail.body).toMatchObject({ type: 1006, trusted: true })
    expect((await manager.post('/Company/Create/msp', { name: 'N', address, email: 'q@y.example' })).status).toBe(403)
    expect((await manager.post('/Company/Create/managedmsp', { name: 'N', address })).status).toBe(400)
    const distributor = await signIn()
    expect((await distributor.post('/Company/Create/customer', { name: 'N', address })).status).toBe(400)
    expect((await distributor.post('/Company/Create/customer', { address })).status).toBe(400)
  })

  test('only a direct child can be suspended, and it takes its time', async () => {
    const slow = buildMockEma({ world, now: () => now, operationMs: 5000 })
    await app.close()
    app = slow
    ;({ signIn } = speakPlainHttp(await slow.listen({ port: 0, host: '127.0.0.1' })))
    const { post, get } = await signIn()
    expect((await post('/Company/Suspend', { companyId: idOf('Chata Pod Lesem') })).status).toBe(403)
    const companyId = idOf('Kraków IT Sp. z o.o.')
    const operation = `/Operation/${String((await post('/Company/Suspend', { companyId })).body['operationId'])}`
    const state = async () => [
      (await get(operation)).body['state'],
      (await post('/Company/Detail', { companyId })).body['status'],
    ]
    expect(await state()).toEqual([1, 1])
    now += 5000
    expect(await state()).toEqual([2, 3])
    await post('/Company/Unsuspend', { companyId })
    now += 5000
    expect((await state())[1]).toBe(1)
    expect((await post('/Company/Unsuspend', { companyId })).status).toBe(400)
  })
})
