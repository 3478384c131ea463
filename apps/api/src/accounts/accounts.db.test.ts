import {
  connectAccount,
  disconnectAccount,
  getGroup,
  listAccounts,
  listCustomers,
  previewDisconnect,
  searchGroups,
  startRun,
  testAccount,
} from '@msp-console/contract'
import { DEMO_PASSWORD } from '@msp-console/mock-ema'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OFFICIAL_HOSTS } from './address.ts'
import { findWrongCounters, openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'

let t: TestApp
let mock: TestMock
beforeAll(async () => {
  t = await openTestApp()
  mock = await openMock()
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

const credentials = (changes: object = {}) => ({
  baseUrl: mock.url,
  login: 'distributor@demo.example',
  password: DEMO_PASSWORD,
  ...changes,
})

describe('trying credentials', () => {
  test('tells whose they are and saves nothing', async () => {
    expect(await t.call(testAccount, { body: credentials() })).toMatchObject({
      companyName: 'Demo Distribution s.r.o.',
      kind: 'distributor',
      strategy: 'flat',
      visible: 298,
      existing: null,
    })
    expect((await t.call(listAccounts)).items).toEqual([])
  })

  test.each([
    ['source-rejected-credentials', { password: 'wrong' }],
    ['source-rejected-credentials', { login: 'nobody@demo.example' }],
    ['source-unreachable', { baseUrl: 'http://127.0.0.1:9' }],
    ['address-not-allowed', { baseUrl: 'http://127.0.0.1:9/api' }],
    ['validation-failed', { baseUrl: 'ftp://127.0.0.1' }],
    ['validation-failed', { password: '' }],
    ['validation-failed', { token: 'x' }],
  ])('%s for %o', async (code, changes) => {
    expect((await t.problem(testAccount, { body: credentials(changes) })).code).toBe(code)
    expect((await t.problem(connectAccount, { body: credentials(changes) })).code).toBe(code)
    expect((await t.call(listAccounts)).items).toEqual([])
  })

  test('a source that is no EMA', async () => {
    const odd = await openMock({ onRequest: () => ({ status: 200, body: '<html>' }) })
    const broken = await openMock({ onRequest: ({ path }) => (path === '/User/Current' ? { status: 500 } : undefined) })
    for (const { url } of [odd, broken])
      expect((await t.problem(testAccount, { body: credentials({ baseUrl: url }) })).code).toBe('source-error')
    await Promise.all([odd.close(), broken.close()])
  })

  test('in production only public https addresses are asked', async () => {
    const strict = await openTestApp({ allowedSources: { hosts: OFFICIAL_HOSTS, loopback: false } })
    for (const baseUrl of [mock.url, 'https://127.0.0.1', 'https://localhost'])
      expect((await strict.problem(testAccount, { body: credentials({ baseUrl }) })).code).toBe('address-not-allowed')
    await strict.close()
  })
})

describe('an account', () => {
  let id: string
  test('is connected, synced, and tells its health', async () => {
    id = await t.connect(mock)
    const { items } = await t.call(listAccounts)
    expect(items).toMatchObject([
      {
        id,
        name: 'Demo Distribution s.r.o.',
        state: 'connected',
        health: 'idle',
        rootKind: 'distributor',
        companies: 298,
        customers: 279,
        disconnectedAt: null,
        lastRun: { trigger: 'connect', startedBy: 'ada@console.example', status: 'succeeded' },
      },
    ])
    expect(items[0]?.dataAsOf).not.toBeNull()
  })

  test('never shows its password, and keeps it sealed', async () => {
    const listed = await t.app.inject({ url: '/api/v1/accounts', headers: { cookie: t.cookie } })
    expect(listed.body).not.toMatch(/password|secret/i)
    const { rows } = await t.owner.query<{ secret: Buffer }>('select secret from account')
    expect(rows[0]?.secret.toString('latin1')).not.toContain(DEMO_PASSWORD)
  })

  test('is not connected twice', async () => {
    expect((await t.problem(connectAccount, { body: credentials() })).code).toBe('account-exists')
    const { existing } = await t.call(testAccount, { body: credentials() })
    expect(existing).toEqual({ id, state: 'connected' })
  })

  test('says what disconnecting would do, and does that', async () => {
    const [hit] = (await t.call(searchGroups, { query: { q: 'Dub nábytek' } })).items
    const marked = hit?.id ?? ''
    await t.app.inject({
      method: 'PUT',
      url: `/api/v1/customers/${marked}/setup`,
      headers: { cookie: t.cookie },
      payload: { state: 'done' },
    })
    const preview = await t.call(previewDisconnect, { params: { id } })
    expect(preview).toEqual({ companies: 298, customers: 279, computers: 0 })
    expect(await t.call(disconnectAccount, { params: { id } })).toEqual({ unlinked: preview.companies })
    expect(await findWrongCounters(t.owner)).toEqual([])
    expect(await t.call(getGroup, { params: { id: 'root' } })).toMatchObject({
      rollUp: { notSetUp: 0, normal: 0, unlinked: 279 },
    })
    expect(await t.call(getGroup, { params: { id: marked } })).toMatchObject({
      state: 'unlinked',
      setup: 'done',
      account: { state: 'disconnected' },
    })
    const { items } = await t.call(listCustomers, { query: { limit: 1 } })
    expect(items[0]?.lastSeenAt).not.toBeNull()
    const { rows } = await t.owner.query(
      `select (select secret from account) as secret,
         (select count(*)::int from group_event where kind = 'disconnected' and actor = 'ada@console.example') as events,
         (select presence from static_group where kind = 'unresolved') as unresolved`,
    )
    expect(rows[0]).toEqual({ secret: null, events: 298, unresolved: 'present' })
    expect((await t.call(listAccounts)).items[0]).toMatchObject({ health: 'disconnected', state: 'disconnected' })
  })

  test('that is disconnected can do nothing more', async () => {
    expect((await t.problem(disconnectAccount, { params: { id } })).code).toBe('account-disconnected')
    expect((await t.problem(startRun, { params: { id } })).code).toBe('account-disconnected')
    expect((await t.call(previewDisconnect, { params: { id } })).companies).toBe(0)
  })

  test('connected again finds its groups, marks and history', async () => {
    expect((await t.call(testAccount, { body: credentials() })).existing).toEqual({ id, state: 'disconnected' })
    expect(await t.connect(mock)).toBe(id)
    const [hit] = (await t.call(searchGroups, { query: { q: 'Dub nábytek' } })).items
    expect(hit).toMatchObject({ presence: 'present', state: 'normal', setup: 'done' })
    expect(await findWrongCounters(t.owner)).toEqual([])
    expect((await t.call(listAccounts)).items).toMatchObject([{ health: 'idle', disconnectedAt: null }])
  })

  test('that does not exist', async () => {
    for (const endpoint of [previewDisconnect, disconnectAccount, startRun])
      expect((await t.problem(endpoint, { params: { id: '77' } })).code).toBe('not-found')
  })
})
