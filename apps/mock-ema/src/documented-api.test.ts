// The mock as EMA 2 is documented, driven with plain HTTP: nothing of the client that the mock is used to test.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DEMO_PASSWORD } from './logins.ts'
import { buildMockEma, type MockEma } from './server.ts'
import { rows, speakPlainHttp, type Answer, type Json } from './test-http.ts'
import type { World } from './world.ts'
import { createWorld } from './worlds.ts'

type Http = ReturnType<typeof speakPlainHttp>

let world: World
let app: MockEma
let send: Http['send']
let signIn: Http['signIn']
let now: number

beforeEach(async () => {
  now = Date.now()
  world = createWorld('demo')
  app = buildMockEma({ world, now: () => now })
  ;({ send, signIn } = speakPlainHttp(await app.listen({ port: 0, host: '127.0.0.1' })))
})
afterEach(() => app.close())

const idOf = (name: string): string => world.idOf(world.name.indexOf(name))
const names = (answer: Answer) => rows(answer).map(({ name }) => name)

describe('tokens', () => {
  test('Get answers with a JWT of the documented claims and a refresh token; property case is ignored', async () => {
    const { status, body } = await send('/Token/Get', { Username: 'MSP@demo.example', PASSWORD: DEMO_PASSWORD })
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual(['accessToken', 'refreshToken'])
    const claims = JSON.parse(atob(String(body['accessToken']).split('.')[1] ?? '')) as Json
    expect(claims).toMatchObject({ idp: 'local', scope: ['ema2_api', 'offline_access'], amr: ['pwd'] })
    expect(Number(claims['exp']) - Number(claims['nbf'])).toBe(60)
    expect(claims['aud']).toContain('ema2_api')
  })

  test('bad credentials are 401, missing ones 400 by field', async () => {
    expect((await send('/Token/Get', { username: 'msp@demo.example', password: 'x' })).status).toBe(401)
    const { status, body } = await send('/Token/Get', { username: 'msp@demo.example' })
    expect([status, Object.keys(body['message'] as Json)]).toEqual([400, ['password']])
  })

  test('no token, a foreign one, a changed one and an old one are 401', async () => {
    const { token, get } = await signIn()
    const [head, payload, tail] = token.split('.')
    const claims = JSON.parse(atob(payload ?? '')) as Json
    const longer = btoa(JSON.stringify({ ...claims, exp: 9_999_999_999, endMs: 9_999_999_999_999 }))
    for (const bad of [undefined, 'x', 'a.b.c', `${head}.${longer}.${tail}`]) {
      expect((await send('/User/Current', undefined, bad)).status).toBe(401)
    }
    expect((await get('/User/Current')).status).toBe(200)
    now += 60_000
    expect((await get('/User/Current')).status).toBe(401)
  })

  test('Renew works once per refresh token and up to 30 minutes after Get', async () => {
    let { refreshToken } = await signIn()
    const used = refreshToken
    for (let minute = 1; minute < 30; minute += 1) {
      now += 60_000
      const { status, body } = await send('/Token/Renew', { refreshToken })
      expect(status).toBe(200)
      expect((await send('/User/Current', undefined, String(body['accessToken']))).status).toBe(200)
      refreshToken = String(body['refreshToken'])
    }
    expect((await send('/Token/Renew', { refreshToken: used })).status).toBe(401)
    now += 60_000
    expect((await send('/Token/Renew', { refreshToken })).status).toBe(401)
  })
})

describe('reading', () => {
  test('Current says who and for which company', async () => {
    const { body } = await (await signIn('manager')).get('/User/Current')
    expect(body).toMatchObject({ email: 'manager@demo.example', status: 1, country: { countryCode: 'CZE' } })
    expect(body['company']).toEqual({ companyId: idOf('Vysočina IT Group'), name: 'Vysočina IT Group', type: 1004 })
  })

  test('Children are the first level only, in camelCase, by pages of 1…100', async () => {
    const { post } = await signIn('manager')
    const companyId = idOf('Vysočina IT Group')
    const all = await post('/Company/Children', { companyId, skip: 0, take: 100 })
    expect(Object.keys(rows(all)[0] ?? {})).toEqual(['publicId', 'name', 'type', 'email', 'status'])
    expect(all.body['paging']).toEqual({ totalCount: 17 })
    const pages = await Promise.all(
      [0, 5, 10, 15, 20].map((skip) => post('/Company/Children', { companyId, skip, take: 5 })),
    )
    expect(pages.flatMap(names)).toEqual(names(all))
    expect(pages.map((page) => rows(page).length)).toEqual([5, 5, 5, 2, 0])
    const bad = [
      { skip: 0, take: 0 },
      { skip: 0, take: 101 },
      { skip: -1, take: 1 },
      { skip: 0 },
      { take: 1 },
      { skip: 0.5, take: 1 },
    ]
    for (const page of bad) expect((await post('/Company/Children', { companyId, ...page })).status).toBe(400)
    const shouted = await post('/company/children', { COMPANYID: companyId.toUpperCase(), Skip: 0, Take: 100 })
    expect(names(shouted)).toEqual(names(all))
  })

  test('Descendants go down all levels, by code, numeric string, name or Any', async () => {
    const { post } = await signIn('manager')
    const companyId = idOf('Vysočina IT Group')
    const ask = (entityType: unknown) => post('/Company/Descendants', { companyId, entityType, skip: 0, take: 100 })
    const managed = names(await ask(1006))
    expect(managed).toEqual(['Jihlavský servis počítačů', 'Třebíč Cloud', 'Nový začátek IT'])
    for (const same of ['1006', 'ManagedMsp', 'Managed MSP']) expect(names(await ask(same))).toEqual(managed)
    expect((await ask('Any')).body['paging']).toEqual({ totalCount: 61 })
    expect((await ask('Sausage')).status).toBe(400)
  })

  test('Detail knows the company above, also one that is out of view', async () => {
    const { post } = await signIn('msp')
    const { body } = await post('/Company/Detail', { companyId: idOf('Chytrá síť s.r.o.') })
    expect(body).toMatchObject({ ancestor: { name: 'Demo Distribution s.r.o.', type: 1002 }, type: 1005, status: 1 })
    expect(Object.keys(body['address'] as Json)).toEqual(['countryCode', 'state', 'city', 'streetAddress', 'zipCode'])
  })

  test('Search is PascalCase, finds by column, and counts types from 0', async () => {
    const { post } = await signIn()
    const search = (wanted: unknown) => post('/Search/Companies', { search: wanted, skip: 0, take: 100 })
    const all = await search({})
    expect(Object.keys(all.body)).toEqual(['Search', 'Paging'])
    expect(all.body['Paging']).toEqual({ TotalCount: 298 })
    const [found, ...others] = rows(await search({ 'na kopci': [0] }), 'Search')
    expect(others).toEqual([])
    expect(found).toMatchObject({
      Name: 'Nemocnice Na Kopci',
      CompanyTypeId: 5,
      Type: 'MSP Customer',
      State: 'Normal',
      StatusId: 1,
    })
    expect(String(found?.['ParentId']).toLowerCase()).toBe(idOf('Vysočina IT Group'))
    expect(rows(await search({ 'DEMO:LEAVING': [5] }), 'Search')).toHaveLength(3)
    expect(rows(await search({ 'DEMO:LEAVING': [0] }), 'Search')).toEqual([])
    expect(rows(await search({ kavárna: [0, 5], leaving: [5] }), 'Search')).toHaveLength(1)
    for (const bad of [[], 'x', { a: 0 }, { a: ['0'] }]) expect((await search(bad)).status).toBe(400)
  })

  test('enumerations', async () => {
    const { get } = await signIn('managed')
    const types = (await get('/Enum/EntityTypes')).body['entityTypes'] as Json[]
    expect(types.map(({ id }) => id)).toEqual([1001, 1002, 1003, 1004, 1005, 1006, 1007])
    expect((await get('/Enum/LicenseStates')).body['licenseStates']).toHaveLength(5)
    expect((await get('/Enum/AvailableProducts')).body['products']).toContainEqual({
      code: '107',
      name: expect.any(String),
    })
  })
})

describe('refusals', () => {
  test('an unknown page is 403 with 99/1; other methods than GET and POST are refused', async () => {
    const { get, post, token } = await signIn()
    for (const answer of [
      await get('/Company/Nothing'),
      await post('/User/Current', {}),
      await get('/Company/Children'),
    ]) {
      expect([answer.status, answer.body['code'], answer.body['subCode']]).toEqual([403, 99, 1])
    }
    for (const method of ['PUT', 'DELETE', 'PATCH'])
      expect((await send('/User/Current', {}, token, method)).status).toBe(405)
  })

  test('broken JSON and another type are 400', async () => {
    const { post } = await signIn()
    for (const body of ['{', '[]', '""']) expect((await post('/Company/Children', body)).status).toBe(400)
  })

  test('above, beside and nowhere: 403, 403, 404, 400', async () => {
    const { post } = await signIn('managed')
    const status = async (companyId: string) => (await post('/Company/Detail', { companyId })).status
    expect(await status(idOf('Vysočina IT Group'))).toBe(403)
    expect(await status(idOf('Třebíč Cloud'))).toBe(403)
    expect(await status('00000000-0000-4000-a000-000000000000')).toBe(404)
    expect(await status('nonsense')).toBe(400)
  })

  test('NoAccess hides a company, but not what is opened below it', async () => {
    const { post } = await signIn()
    const hidden = idOf('Tajný přístav IT')
    const open = idOf('Maják nad mlhou')
    const children = await post('/Company/Children', {
      companyId: idOf('Demo Distribution s.r.o.'),
      skip: 0,
      take: 100,
    })
    expect(names(children)).not.toContain('Tajný přístav IT')
    expect((await post('/Company/Detail', { companyId: hidden })).status).toBe(403)
    expect((await post('/Company/Children', { companyId: hidden, skip: 0, take: 9 })).status).toBe(403)
    expect((await post('/Company/Detail', { companyId: open })).status).toBe(200)
    expect((await post('/Company/Update/customer', { companyId: open, name: 'x' })).status).toBe(403)
  })

  test('a rate limit answers 429 with Retry-After', async () => {
    const limited = buildMockEma({ world, callsPerSecond: 2, now: () => now })
    const ask = () => limited.inject({ url: '/api/User/Current' })
    const answers = [await ask(), await ask(), await ask()]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 401, 429])
    expect(answers[2]?.headers['retry-after']).toBe('1')
    now += 1001
    expect((await ask()).statusCode).toBe(401)
    await limited.close()
  })
})
