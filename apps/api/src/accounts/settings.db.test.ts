import {
  changeAccountPassword,
  disconnectAccount,
  listAccountEvents,
  listAccounts,
  listAudit,
  searchGroups,
  setAccountSchedule,
  startRun,
} from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'

let t: TestApp
let mock: TestMock
let id: string
const CHANGED = 'the-new-Password-1'
let attempts = 0

beforeAll(async () => {
  t = await openTestApp()
  mock = await openMock({
    onRequest: ({ path }) => {
      if (path === '/Token/Get') attempts += 1
    },
  })
  id = await t.connect(mock)
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

const user = (name = 'distributor') => mock.world.users.find(({ email }) => email === `${name}@demo.example`)! // the demo has them
const params = () => ({ id })
const get = async () => (await t.call(listAccounts)).items.find((account) => account.id === id)
const storedPassword = async () =>
  (await t.owner.query<{ secret: string }>(`select encode(secret, 'hex') as secret from account`)).rows[0]?.secret
const newest = async (action: string) => (await t.call(listAudit, { query: { action } })).items[0]
const seconds = (from: string | null | undefined, to: string | null | undefined) =>
  (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000

async function sync() {
  const { run } = await t.call(startRun, { params: params() })
  await expect.poll(async () => (await get())?.health).not.toBe('running')
  return run
}

describe('the schedule', () => {
  test('is every 15 minutes from the start, and data is stale after two of them', async () => {
    const account = await get()
    expect(account).toMatchObject({
      health: 'idle',
      degraded: false,
      intervalSeconds: 900,
      canRetry: true,
      cause: null,
    })
    expect(seconds(account?.lastRun?.startedAt, account?.nextRunAt)).toBeCloseTo(900, 1)
    expect(seconds(account?.dataAsOf, account?.staleAt)).toBeCloseTo(1800, 1)
  })

  test('can be changed and switched off, which is told in the audit log', async () => {
    const body = { intervalSeconds: 3600 }
    const changed = await t.call(setAccountSchedule, { params: params(), body })
    expect(seconds(changed.lastRun?.startedAt, changed.nextRunAt)).toBeCloseTo(3600, 1)
    expect(seconds(changed.dataAsOf, changed.staleAt)).toBeCloseTo(7200, 1)
    const off = await t.call(setAccountSchedule, { params: params(), body: { intervalSeconds: null } })
    expect(off).toMatchObject({ intervalSeconds: null, nextRunAt: null, staleAt: null, health: 'idle' })
    expect(await newest('setAccountSchedule')).toMatchObject({
      target: 'Demo Distribution s.r.o.',
      before: { intervalSeconds: 3600 },
      after: { intervalSeconds: null },
    })
    await t.call(setAccountSchedule, { params: params(), body: { intervalSeconds: 900 } })
  })

  test.each([299, 86_401, 0, 1.5, '900', undefined])('of %s seconds is refused', async (intervalSeconds) => {
    const { code } = await t.problem(setAccountSchedule, { params: params(), body: { intervalSeconds } })
    expect(code).toBe('validation-failed')
  })
})

describe('another password', () => {
  test('that the source refuses is not stored', async () => {
    const before = await storedPassword()
    const { code } = await t.problem(changeAccountPassword, { params: params(), body: { password: 'not-that-one' } })
    expect(code).toBe('source-rejected-credentials')
    expect(await storedPassword()).toBe(before)
  })

  test('that was changed at the source: quarantine, two attempts, and no third', async () => {
    user().password = CHANGED
    attempts = 0
    await sync()
    expect(await get()).toMatchObject({
      health: 'quarantined',
      cause: 'unauthorized',
      failures: 1,
      canRetry: true,
      nextRunAt: null,
    })
    await sync()
    expect(await get()).toMatchObject({ health: 'quarantined', failures: 2, canRetry: false })
    for (let i = 0; i < 3; i++) expect((await t.problem(startRun, { params: params() })).code).toBe('password-refused')
    expect(attempts).toBe(2)
  })

  test('ends the quarantine, runs at once, and is in no log', async () => {
    const before = await storedPassword()
    const account = await t.call(changeAccountPassword, { params: params(), body: { password: CHANGED } })
    expect(account).toMatchObject({ canRetry: true, cause: null })
    await expect.poll(async () => (await get())?.health).toBe('idle')
    expect((await get())?.nextRunAt).not.toBeNull()
    expect(await storedPassword()).not.toBe(before)
    expect(await newest('changeAccountPassword')).toMatchObject({ before: null, after: null, outcome: 'done' })
    const { items } = await t.call(listAccountEvents, { params: params() })
    expect(items.map(({ kind, cause }) => [kind, cause])).toEqual([
      ['recovered', null],
      ['quarantined', 'unauthorized'],
    ])
  })

  test('of a login that stands elsewhere now belongs to another account', async () => {
    const { company } = user()
    user().company = user('msp').company
    const { code } = await t.problem(changeAccountPassword, { params: params(), body: { password: CHANGED } })
    user().company = company
    expect(code).toBe('conflict')
  })

  test('asks for the own password first when that was given long ago', async () => {
    await t.owner.query(`update user_session set confirmed_at = now() - interval '11 minutes'`)
    const { code } = await t.problem(changeAccountPassword, { params: params(), body: { password: CHANGED } })
    await t.owner.query('update user_session set confirmed_at = now()')
    expect(code).toBe('confirmation-required')
  })
})

describe('who sees a part', () => {
  test('is told how fresh it is and when it is asked again, and nothing of the account', async () => {
    await t.owner.query(`update account_schedule set cause = 'timeout', failures = 3, failing_since = now()`)
    const [part] = (await t.call(searchGroups, { query: { q: 'Chytrá síť' } })).items
    const actor = await t.actAs('mspManager', Number(part?.id))
    const [seen] = (await actor.call(listAccounts)).items
    expect(seen).toMatchObject({
      partial: true,
      health: 'quarantined',
      cause: null,
      failures: 0,
      failingSince: null,
      intervalSeconds: null,
    })
    expect(seen?.nextRunAt).not.toBeNull()
    expect(seen?.staleAt).not.toBeNull()
    expect((await actor.problem(listAccountEvents, { params: params() })).code).toBe('not-found')
    await t.owner.query('update account_schedule set cause = null, failures = 0, failing_since = null')
  })

  test('changes nothing of it', async () => {
    const partner = await t.actAs('partner', 1)
    const body = { intervalSeconds: 900 }
    expect((await partner.problem(setAccountSchedule, { params: params(), body })).code).toBe('forbidden')
    expect((await partner.call(listAccountEvents, { params: params() })).items).toHaveLength(2)
  })
})

test('a disconnected account has no schedule and takes no password', async () => {
  await t.call(disconnectAccount, { params: params() })
  expect(await get()).toMatchObject({ health: 'disconnected', nextRunAt: null, staleAt: null })
  const body = { intervalSeconds: 900 }
  expect((await t.problem(setAccountSchedule, { params: params(), body })).code).toBe('account-disconnected')
  const { code } = await t.problem(changeAccountPassword, { params: params(), body: { password: CHANGED } })
  expect(code).toBe('account-disconnected')
  expect((await t.problem(listAccountEvents, { params: { id: '77' } })).code).toBe('not-found')
})
