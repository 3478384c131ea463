import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MUTATIONS } from './fault-drift.ts'
import { OPEN_ANSWERS } from './fault-open.ts'
import { buildMockEma, type MockEma } from './server.ts'
import { speakPlainHttp } from './test-http.ts'
import { createPlainWorld } from './world-plain.ts'
import type { World } from './world.ts'

let world: World
let mock: MockEma
let base: string
let token: string
let now: number

beforeEach(async () => {
  now = Date.UTC(2026, 0, 1)
  world = createPlainWorld(2, 10)
  mock = buildMockEma({ world, now: () => now })
  base = await mock.listen({ port: 0, host: '127.0.0.1' })
  token = (await speakPlainHttp(base).signIn()).token
})
afterEach(() => mock.close())

const control = async (method: 'GET' | 'PUT' | 'DELETE', body?: unknown) => {
  const response = await fetch(`${base}/control/faults`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> } // looked at below
}

/** One search page, raw. */
async function search(skip = 0, take = 5) {
  const response = await fetch(`${base}/api/Search/Companies`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ search: {}, skip, take }),
    signal: AbortSignal.timeout(400),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text }
}
const page = async (skip = 0, take = 5) => {
  const { text } = await search(skip, take)
  const { Search, Paging } = JSON.parse(text) as { Search: Record<string, unknown>[]; Paging?: { TotalCount: unknown } }
  return { ids: Search.map((row) => String(row['CompanyId']).toLowerCase()), total: Paging?.TotalCount }
}
const statuses = async (times: number) => {
  const all: number[] = []
  for (let at = 0; at < times; at += 1) all.push((await search()).status)
  return all
}
const SEARCH = '/Search/Companies'

describe('at /control/faults', () => {
  test('rules are put, listed with their hits, and deleted', async () => {
    const rules = [{ path: SEARCH, what: { kind: 'status', status: 502 } }]
    expect(await control('PUT', { rules })).toEqual({
      status: 200,
      body: { seed: 1, rules: [{ ...rules[0], hits: 0 }] },
    })
    expect(await statuses(2)).toEqual([502, 502])
    expect((await control('GET')).body).toEqual({ seed: 1, rules: [{ ...rules[0], hits: 2 }] })
    expect((await control('DELETE')).body).toEqual({ seed: 1, rules: [] })
    expect(await statuses(1)).toEqual([200])
  })

  test.each<[unknown, string]>([
    [{ rules: [{ path: SEARCH, what: { kind: 'reset' }, wen: {} }] }, 'rules.0: Unrecognized key: "wen"'],
    [{ rules: [{ path: SEARCH, what: { kind: 'slow', ms: '5' } }] }, 'rules.0.what.ms: '],
    [{ rules: [{ path: SEARCH, what: { kind: 'burn' } }] }, 'rules.0.what.kind: '],
    [{ rules: [{ path: 'Search', what: { kind: 'reset' } }] }, 'rules.0.path: a path below /api'],
    [{ rules: [], sed: 1 }, 'the plan: Unrecognized key: "sed"'],
    [[], 'the plan: '],
  ])('%j is refused, and what was there stays', async (plan, message) => {
    await control('PUT', { rules: [{ path: SEARCH, what: { kind: 'maintenance' } }] })
    const { status, body } = await control('PUT', plan)
    expect(status).toBe(400)
    expect(body['message']).toContain(`The rules were not taken: ${message}`)
    expect(await statuses(1)).toEqual([503])
  })
})

describe('when', () => {
  const failing = (when: object, seed = 1) =>
    control('PUT', { seed, rules: [{ path: SEARCH, when, what: { kind: 'status', status: 500 } }] })

  test('calls by number, from and to, at most so often', async () => {
    await failing({ calls: [2] })
    expect(await statuses(3)).toEqual([200, 500, 200])
    await failing({ calls: { from: 2, to: 3 } })
    expect(await statuses(4)).toEqual([200, 500, 500, 200])
    await failing({ calls: { from: 2 }, times: 1 })
    expect(await statuses(3)).toEqual([200, 500, 200])
  })

  test('pages: first, middle, last, and by skip', async () => {
    const met = async (when: object) => {
      await failing(when)
      const all: number[] = []
      // 23 companies: five pages of five.
      for (const skip of [0, 5, 10, 15, 20]) if ((await search(skip)).status === 500) all.push(skip)
      return all
    }
    expect(await met({ page: 'first' })).toEqual([0])
    expect(await met({ page: 'middle' })).toEqual([10])
    expect(await met({ page: 'last' })).toEqual([20])
    expect(await met({ page: { skip: 15 } })).toEqual([15])
  })

  test('chance is drawn by the seed', async () => {
    const draw = async (seed: number) => {
      await failing({ chance: 0.5 }, seed)
      return statuses(30)
    }
    const first = await draw(1)
    expect(first.filter((status) => status === 500).length).toBeGreaterThan(5)
    expect(first.filter((status) => status === 200).length).toBeGreaterThan(5)
    expect(await draw(1)).toEqual(first)
    expect(await draw(2)).not.toEqual(first)
  })

  test('other paths are not concerned', async () => {
    await control('PUT', { rules: [{ path: '/User/Current', what: { kind: 'status', status: 500 } }] })
    expect(await statuses(1)).toEqual([200])
  })
})

describe('what', () => {
  const does = (what: object, when: object = {}) => control('PUT', { rules: [{ path: SEARCH, when, what }] })

  test('status with headers and body', async () => {
    await does({ kind: 'status', status: 429, headers: { 'retry-after': 'soon' }, body: { a: 1 } })
    const { status, headers, text } = await search()
    expect([status, headers.get('retry-after'), text]).toEqual([429, 'soon', '{"a":1}'])
  })

  test('rate, per second', async () => {
    await does({ kind: 'rate', perSecond: 2, retryAfter: '3' })
    expect(await statuses(3)).toEqual([200, 200, 429])
    expect((await search()).headers.get('retry-after')).toBe('3')
    now += 1001
    expect(await statuses(1)).toEqual([200])
  })

  test('maintenance as documented, and a page for people', async () => {
    await does({ kind: 'maintenance' })
    expect(await search()).toMatchObject({ status: 503, text: expect.stringContaining('"code":99,"subCode":2') })
    await does({ kind: 'html' })
    expect(await search()).toMatchObject({ status: 200, text: expect.stringContaining('<html>') })
  })

  test('reset, hang, slow', async () => {
    await does({ kind: 'reset' })
    await expect(search()).rejects.toThrow('fetch failed')
    await does({ kind: 'hang' })
    await expect(search()).rejects.toThrow('timeout')
    await does({ kind: 'slow', ms: 30 })
    const start = performance.now()
    await search()
    expect(performance.now() - start).toBeGreaterThanOrEqual(29)
  })

  test('truncated: cut off, or ended as if that were all', async () => {
    await does({ kind: 'truncate', bytes: 20, end: 'cut' })
    await expect(search()).rejects.toThrow('terminated')
    await does({ kind: 'truncate', bytes: 20, end: 'clean' })
    expect((await search()).text).toHaveLength(20)
  })

  test('content type', async () => {
    await does({ kind: 'content-type', value: 'text/plain' })
    expect((await search()).headers.get('content-type')).toBe('text/plain')
  })

  test('a repeated page, and totals that lie', async () => {
    const { ids } = await page(0)
    await does({ kind: 'repeat-page', skip: 0 })
    expect((await page(10)).ids).toEqual(ids)
    await does({ kind: 'total', value: '12' })
    expect((await page()).total).toBe('12')
    await does({ kind: 'total-plus', by: -3 })
    expect((await page()).total).toBe(20)
  })

  test('expired tokens', async () => {
    await does({ kind: 'expire-tokens', sessions: false }, { calls: [2] })
    expect(await statuses(3)).toEqual([200, 401, 401])
  })

  test('rights are taken, and given back when the rules go', async () => {
    const company = world.idOf(world.children[0]?.[0] ?? 0)
    await control('PUT', { rules: [{ path: SEARCH, what: { kind: 'rights', company, level: 'none' } }] })
    await search()
    expect((await page()).total).toBe(12)
    await control('PUT', { rules: [] })
    expect((await page()).total).toBe(23)
  })

  const all = async () => (await page(0, 100)).ids

  test.each(MUTATIONS)('drift: %s', async (mutation) => {
    const before = await all()
    await does({ kind: 'drift', mutation }, { times: 1 })
    await search(12)
    const after = await all()
    const came = after.filter((id) => !before.includes(id))
    const went = before.filter((id) => !after.includes(id))
    const stayed = before.filter((id) => after.includes(id))
    const same = stayed.every((id, at) => id === after.filter((other) => before.includes(other))[at])
    const moved = before.findIndex((id, at) => after[at] !== id)
    const expected: Record<string, [number, number, boolean, boolean]> = {
      'insert-before': [1, 0, true, true],
      'insert-after': [1, 0, true, false],
      'delete-before': [0, 1, true, true],
      'delete-after': [0, 1, true, false],
      'rename-forward': [0, 0, false, true],
      'rename-back': [0, 0, false, true],
      reorder: [0, 0, false, true],
    }
    expect([came.length, went.length, same, moved < 12]).toEqual(expected[mutation])
  })
})

test.each(OPEN_ANSWERS)('what is open is answered otherwise: %s', async (as) => {
  const ask = async () => {
    const { send, signIn } = speakPlainHttp(base)
    const { post, refreshToken } = await signIn()
    const hidden = world.children[0]?.[1] ?? 0
    world.users[0]?.overrides.set(hidden, 3)
    world.version += 1
    const shown = [
      await post(SEARCH, { skip: 0, take: 2 }),
      await post('/Company/Children', { companyId: world.idOf(hidden), skip: 0, take: 2 }),
      await post('/Company/Detail', { companyId: '00000000-0000-4000-8000-000000000000' }),
      await send('/Token/Get', { username: 'x', password: 'y' }),
    ]
    const keys = [await send('/Token/Get', { username: 'distributor@demo.example', password: 'demo-Password-1' })]
    keys.push(await send('/Token/Renew', { refreshToken }))
    return JSON.stringify([shown, keys.map(({ status, body }) => [status, Object.keys(body)])])
  }
  const usual = await ask()
  mock.faults.put({ rules: [{ path: '*', what: { kind: 'open', as } }] })
  expect(await ask().catch(String)).not.toBe(usual)
  mock.faults.clear()
  expect(await ask()).toBe(usual)
})
