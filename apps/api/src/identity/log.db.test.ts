// What the log says of refused people: who (by id or hash), what and which request, and never a secret.
import { createToken, disconnectAccount, NO_RIGHTS } from '@msp-console/contract'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADMIN, openTestApp, signIn, type TestApp } from '../testing.ts'

let t: TestApp
const lines: string[] = []
beforeAll(async () => {
  t = await openTestApp({ log: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }) })
})
afterAll(() => t.close())

const entries = (msg: string) =>
  lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((entry) => entry['msg'] === msg)

test('a refused sign-in is logged by the hash of its address', async () => {
  await expect(signIn(t.app, { email: ADMIN.email, password: 'canary-Password-1' })).rejects.toThrow('no session')
  await expect(signIn(t.app, { email: ADMIN.email, password: 'canary-Password-2' })).rejects.toThrow('no session')
  const refused = entries('sign-in refused')
  expect(refused).toMatchObject([{ code: 'invalid-credentials' }, { code: 'invalid-credentials' }])
  expect(refused[0]?.['account']).toMatch(/^[0-9a-f]{12}$/)
  expect(refused[0]?.['account']).toBe(refused[1]?.['account'])
  expect(refused[0]?.['reqId']).toMatch(/^[0-9a-f-]{36}$/)
})

test('a refused request is logged with user, route and code', async () => {
  const actor = await t.actAs('customerViewer', 1)
  const { code, instance } = await actor.problem(disconnectAccount, { params: { id: '1' } })
  const denied = entries('access denied').find((entry) => entry['reqId'] === instance)
  expect(denied).toMatchObject({ code, method: 'DELETE', route: '/api/v1/accounts/:id' })
  expect(typeof denied?.['user']).toBe('string')
  await t.act({}).problem(disconnectAccount, { params: { id: '1' } })
  expect(entries('access denied').at(-1)).toMatchObject({ user: null, code: 'unauthenticated' })
})

test('no line holds a password, a token, a cookie or an address', async () => {
  const rights = { ...NO_RIGHTS, groups: 'read' as const }
  const { secret } = await t.call(createToken, { body: { name: 'x', rootId: '1', rights, days: 1 } })
  await t.app.inject({ url: '/api/v1/customers', headers: { authorization: `Bearer ${secret}` } })
  await t.app.inject({ url: `/api/v1/customers?token=${secret}`, headers: { authorization: `Bearer ${secret}0` } })
  expect(lines.length).toBeGreaterThan(8)
  const all = lines.join('\n')
  const token = decodeURIComponent(t.cookie).split('=')[1]?.split('.')[0] ?? ''
  for (const canary of ['canary-Password', ADMIN.password, ADMIN.email, secret.slice(8, 30), token])
    expect(all).not.toContain(canary)
})
