import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildMockEma, type MockEma } from './server.ts'
import { createWorld } from './worlds.ts'

let mock: MockEma
let token: string
beforeAll(() => {
  mock = buildMockEma({ world: createWorld('demo') })
})
afterAll(() => mock.close())

const post = async (path: string, body: object = {}) => {
  const response = await mock.inject({
    method: 'POST',
    url: path,
    payload: body,
    ...(path.includes('Token') ? {} : { headers: { authorization: `Bearer ${token}` } }),
  })
  return { status: response.statusCode, body: response.json<Record<string, never>>() }
}
const signIn = async () => {
  token = String(
    (await post('/api/Token/Get', { username: 'distributor@demo.example', password: 'demo-Password-1' })).body[
      'accessToken'
    ],
  )
}
const total = async () =>
  Number((await post('/api/Search/Companies', { skip: 0, take: 1 })).body['Paging']?.['TotalCount'])
const rehearse = async (name: string) =>
  (await post(`/control/rehearsals/${name}`)).body as unknown as { started: { companies: number; subject: string } }

beforeEach(async () => {
  await post('/control/rehearsals/restore')
  await signIn()
})

describe('rehearsals', () => {
  test('lose a subtree: it is in no list, and asked for it is as if it had never been', async () => {
    const before = await total()
    const { started } = await rehearse('loseSubtree')
    expect(started.companies).toBeGreaterThanOrEqual(12)
    expect(await total()).toBe(before - started.companies)
    const id = await idOf(started.subject)
    expect((await post('/api/Company/Detail', { companyId: id })).status).toBe(404)
    await rehearse('restore')
    expect(await total()).toBe(before)
    expect((await post('/api/Company/Detail', { companyId: id })).status).toBe(200)
  })

  test('drop rights: it is in no list either, but asked for it is forbidden', async () => {
    const before = await total()
    const { started } = await rehearse('dropRights')
    expect(await total()).toBe(before - started.companies)
    expect((await post('/api/Company/Detail', { companyId: await idOf(started.subject) })).status).toBe(403)
    await rehearse('restore')
    expect(await total()).toBe(before)
  })

  test('rename, maintenance and tokens', async () => {
    expect((await rehearse('rename300')).started.companies).toBeGreaterThan(200)
    const { body } = await post('/api/Search/Companies', { search: { 'nový název': [0] }, skip: 0, take: 1 })
    expect(Number(body['Paging']?.['TotalCount'])).toBeGreaterThan(200)
    await rehearse('maintenance')
    expect(await post('/api/Search/Companies', { skip: 0, take: 1 })).toMatchObject({
      status: 503,
      body: { code: 99, subCode: 2 },
    })
    await rehearse('restore')
    expect((await post('/api/Search/Companies', { skip: 0, take: 1 })).status).toBe(200)
    await rehearse('expireTokens')
    expect((await post('/api/Search/Companies', { skip: 0, take: 1 })).status).toBe(401)
  })

  test('what is no rehearsal is refused by name', async () => {
    expect((await post('/control/rehearsals/burn')).status).toBe(404)
  })
})

async function idOf(name: string): Promise<string> {
  const world = createWorld('demo')
  return world.idOf(world.name.indexOf(name))
}
