import { buildMockEma, createWorld, DEMO_PASSWORD, type MockEmaOptions } from '@msp-console/mock-ema'
import { afterEach, describe, expect, test } from 'vitest'
import { createEmaClient, type EmaClientOptions } from './client.ts'
import { systemClock } from './clock.ts'
import { EmaError, type EmaErrorKind } from './errors.ts'
import { lifeOf } from './session.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A mock on a free port, and a client whose waits are recorded and cut short. */
async function start(mock: Partial<MockEmaOptions> = {}, options: Partial<EmaClientOptions> = {}) {
  const world = mock.world ?? createWorld('demo')
  const seen: string[] = []
  const { onRequest } = mock
  const app = buildMockEma({
    ...mock,
    world,
    onRequest: (call) => {
      seen.push(call.path)
      return onRequest?.(call)
    },
  })
  closers.push(() => app.close())
  const baseUrl = await app.listen({ port: 0, host: '127.0.0.1' })
  const waits: number[] = []
  let skipped = 0
  const clock = {
    ...systemClock,
    ticks: () => performance.now() + skipped,
    sleep: async (ms: number, signal?: AbortSignal) => {
      waits.push(ms)
      await systemClock.sleep(Math.min(ms, 2), signal)
      skipped += Math.max(0, ms - 2)
    },
  }
  const login = { login: 'msp@demo.example', password: DEMO_PASSWORD }
  const client = createEmaClient({ baseUrl, ...login, callsPerSecond: null, clock, ...options })
  const own = world.idOf(world.users.find(({ email }) => email === 'msp@demo.example')?.company ?? 0)
  return { app, baseUrl, client, own, seen, waits, world }
}

async function failure(promise: Promise<unknown>): Promise<EmaError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof EmaError)) throw new Error(`no EmaError but ${String(error)}`)
  return error
}

describe('sign-in', () => {
  test('one login serves concurrent calls', async () => {
    const { client, own } = await start()
    await Promise.all(Array.from({ length: 10 }, () => client.children(own, 0, 100)))
    expect(client.stats()).toEqual({ calls: 11, retries: 0, logins: 1, renewals: 0 })
  })

  test('a refused password is sent once', async () => {
    const { client, seen } = await start({}, { password: 'wrong' })
    const errors = [await failure(client.currentUser()), await failure(client.currentUser())]
    expect(errors.map(({ kind, status }) => [kind, status])).toEqual([
      ['unauthorized', 401],
      ['unauthorized', 401],
    ])
    expect(seen).toEqual(['/Token/Get'])
    expect(JSON.stringify([errors, errors.map(String)])).not.toContain('wrong')
  })

  test('an expired token is renewed once for all calls, by a 401 that nobody notices', async () => {
    const { app, client, own, seen } = await start()
    await client.currentUser()
    app.tokens.expireAll()
    await Promise.all(Array.from({ length: 5 }, () => client.children(own, 0, 10)))
    expect(client.stats()).toMatchObject({ logins: 1, renewals: 1, retries: 0 })
    expect(seen.filter((path) => path === '/Token/Renew')).toHaveLength(1)
  })

  test('when the session is over, the client logs in again', async () => {
    const { app, client } = await start()
    await client.currentUser()
    app.tokens.expireAll(true)
    await client.currentUser()
    expect(client.stats()).toMatchObject({ logins: 2, renewals: 1 })
  })

  test('a token is renewed before it ends', async () => {
    let ticks = 0
    const { client } = await start({}, { clock: { ...systemClock, ticks: () => ticks } })
    await client.currentUser()
    ticks = 39_000
    await client.currentUser()
    expect(client.stats().renewals).toBe(0)
    ticks = 41_000
    await client.currentUser()
    expect(client.stats()).toMatchObject({ logins: 1, renewals: 1 })
  })

  test('a right that EMA denies for ever ends as unauthorized', async () => {
    const { client, seen } = await start({
      onRequest: ({ path }) => (path === '/User/Current' ? { status: 401 } : undefined),
    })
    expect((await failure(client.currentUser())).kind).toBe('unauthorized')
    expect(seen.filter((path) => path === '/User/Current')).toHaveLength(3)
  })

  test('the life of a token: claims, then expiresIn, then a minute', () => {
    const token = (claims: object) => `x.${btoa(JSON.stringify(claims))}.y`
    expect(lifeOf({ accessToken: token({ nbf: 100, exp: 3700 }), expiresIn: 9 }, 0)).toBe(3_600_000)
    expect(lifeOf({ accessToken: token({ exp: 130 }) }, 100_000)).toBe(30_000)
    expect(lifeOf({ accessToken: 'opaque', expiresIn: 300 }, 0)).toBe(300_000)
    expect(lifeOf({ accessToken: 'a.b.c' }, 0)).toBe(60_000)
  })
})

describe('refusals become kinds', () => {
  test.each<[number, unknown, EmaErrorKind]>([
    [400, { code: 1, subCode: 1, message: { name: ['no'] } }, 'bad-status'],
    [403, { code: 0, subCode: 3 }, 'forbidden'],
    [403, { code: 99, subCode: 1 }, 'forbidden'],
    [404, '<html>', 'not-found'],
    [410, {}, 'not-found'],
    [429, {}, 'rate-limited'],
    [500, {}, 'bad-status'],
    [503, { code: 99, subCode: 2 }, 'maintenance'],
    [503, {}, 'bad-status'],
    [202, {}, 'bad-status'],
    [204, undefined, 'bad-status'],
    [302, undefined, 'bad-status'],
    [200, '<html>sign in</html>', 'bad-shape'],
    [200, { companies: {} }, 'bad-shape'],
    [200, null, 'bad-shape'],
    [200, { companies: [], padding: 'x'.repeat(4 * 1024 * 1024) }, 'bad-shape'],
  ])('%i, case %#', async (status, body, kind) => {
    const headers = status === 302 ? { location: '/api/User/Current' } : {}
    const { client, own } = await start({
      onRequest: ({ path }) => (path === '/Company/Children' ? { status, body, headers } : undefined),
    })
    const error = await failure(client.children(own, 0, 100))
    expect([error.kind, error.status, error.path]).toEqual([kind, status, '/Company/Children'])
  })

  test('EMA codes and words are kept', async () => {
    const { client, own, world } = await start()
    const stranger = world.idOf(1)
    expect(await failure(client.detail(stranger))).toMatchObject({ kind: 'forbidden', status: 403 })
    const error = await failure(client.children(own, 0, 101))
    expect(error).toMatchObject({ kind: 'bad-status', status: 400, code: 1, subCode: 1 })
    expect(error.upstream).toContain('take')
  })
})

describe('retries', () => {
  test('429 waits as long as it is told, and so do calls that had not been refused', async () => {
    const { client, own, waits } = await start(
      {
        onRequest: ({ path, nth }) =>
          path === '/User/Current' && nth === 1 ? { status: 429, headers: { 'retry-after': '7' } } : undefined,
      },
      {
        onCall: ({ status }) => {
          if (status !== 429) return
          setImmediate(() => {
            other = client.children(own, 0, 1)
          })
        },
      },
    )
    let other: Promise<unknown> = Promise.reject(new Error('nothing was refused'))
    other.catch(() => {})
    await client.currentUser()
    await other
    expect(client.stats().retries).toBe(1)
    expect(waits.filter((ms) => ms >= 6900 && ms <= 7700)).toHaveLength(2)
  })

  test.each(['reset' as const, { status: 502 }, { status: 202 }])('%j twice, then the answer', async (override) => {
    const { client } = await start({
      onRequest: ({ path, nth }) => (path === '/User/Current' && nth <= 2 ? override : undefined),
    })
    expect((await client.currentUser()).company.name).toBe('Chytrá síť s.r.o.')
    expect(client.stats().retries).toBe(2)
  })

  test('six tries and no more, one for a change', async () => {
    const { client, own, seen } = await start({
      onRequest: ({ path }) => (path.startsWith('/Company') ? { status: 500 } : undefined),
    })
    await failure(client.children(own, 0, 1))
    await failure(client.suspend(own))
    expect(seen.filter((path) => path === '/Company/Children')).toHaveLength(6)
    expect(seen.filter((path) => path === '/Company/Suspend')).toHaveLength(1)
  })

  test('a sign-in that finds nobody is tried six times, not six times six', async () => {
    const { client, seen } = await start({ onRequest: () => 'reset' })
    expect((await failure(client.currentUser())).kind).toBe('unreachable')
    expect(seen).toHaveLength(6)
  })
})

describe('limits', () => {
  test('silence is a timeout', async () => {
    const { client } = await start(
      { onRequest: ({ path }) => (path === '/User/Current' ? 'hang' : undefined) },
      { timeouts: { headersMs: 50 }, maxTries: 2 },
    )
    expect((await failure(client.currentUser())).kind).toBe('timeout')
  })

  test('nobody at the address, and no address', async () => {
    const options = { login: 'a', password: 'b', callsPerSecond: null, maxTries: 1 }
    const gone = createEmaClient({ ...options, baseUrl: 'http://127.0.0.1:9' })
    expect((await failure(gone.currentUser())).kind).toBe('unreachable')
    for (const baseUrl of ['', 'ftp://x', 'http://user:secret@host']) {
      expect(() => createEmaClient({ ...options, baseUrl })).toThrow(EmaError)
    }
  })

  test('the signal ends a wait', async () => {
    const stop = new AbortController()
    const { client } = await start(
      { onRequest: () => ({ status: 429, headers: { 'retry-after': '60' } }) },
      { signal: stop.signal, clock: systemClock },
    )
    setTimeout(() => stop.abort(), 30)
    expect((await failure(client.currentUser())).kind).toBe('aborted')
  })

  test('concurrent calls share one pace', async () => {
    const { client, own } = await start({}, { callsPerSecond: 100, clock: systemClock })
    const start0 = performance.now()
    await Promise.all(Array.from({ length: 20 }, () => client.children(own, 0, 1)))
    expect(performance.now() - start0).toBeGreaterThanOrEqual(195)
  })
})

test('the writes: create, update, suspend, operation, delete', async () => {
  const { client, own } = await start()
  const address = { state: '', city: 'Brno', streetAddress: 'X 1', zipCode: '60200' }
  const guid = await client.createCustomer({ name: 'Nový zákazník', address, customIdentifier: 'PSA:1' })
  await client.updateCustomer({
    companyId: guid,
    name: 'Přejmenovaný',
    customIdentifier: '',
    tagsToAdd: [{ tag: 'x' }],
  })
  expect(await client.detail(guid)).toMatchObject({
    guid,
    parentGuid: own,
    name: 'Přejmenovaný',
    customIdentifier: null,
    tags: ['x'],
    typeCode: 1007,
  })
  const operation = await client.suspend(guid)
  expect((await client.operation(operation)).state).toBe(2)
  await client.unsuspend(guid)
  expect((await failure(client.deleteCompany(guid))).status).toBe(400)
  await client.suspend(guid)
  await client.deleteCompany(guid)
  expect((await failure(client.detail(guid))).kind).toBe('not-found')
  expect(await client.entityTypes()).toHaveLength(7)
  expect((await client.descendants(own, 1007, 0, 5)).rows).toHaveLength(5)
})
