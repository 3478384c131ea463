import { buildMockEma, createPlainWorld, createWorld, DEMO_PASSWORD, type MockEmaOptions } from '@msp-console/mock-ema'
import { afterEach, describe, expect, test } from 'vitest'
import { createEmaClient } from './client.ts'
import type { ListingOptions } from './listing-item.ts'
import { listCompanies } from './listing.ts'
import { collectListing } from './test-listing.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

type Mock = MockEmaOptions & { login?: string }

/** The plain world has 306 companies: four search pages. */
async function list({ login = 'distributor@demo.example', ...mock }: Mock, options: ListingOptions = {}) {
  const app = buildMockEma(mock)
  closers.push(() => app.close())
  return collectListing(await app.listen({ port: 0, host: '127.0.0.1' }), login, DEMO_PASSWORD, options)
}

describe.each(['flat', 'levels'] as const)('%s', (strategy) => {
  const searchParentId = strategy === 'flat'

  test('the demo world is listed completely, the hole included', async () => {
    const world = createWorld('demo')
    const result = await list({ world, searchParentId })
    expect(result.summary).toMatchObject({ complete: true, reason: null, duplicates: 0, rejectedCount: 0 })
    expect([result.strategy, result.ancestor]).toEqual([strategy, 'ESET HQ'])
    const named = (name: string) => [...result.companies.values()].find((company) => company.name === name)
    expect(result.companies.size).toBe(result.summary.listed)
    expect(result.companies.size).toBe(result.summary.totalCount)
    expect(named('Tajný přístav IT')).toBeUndefined()
    const orphan = named('Maják nad mlhou')
    expect(orphan?.parentGuid !== null && result.companies.has(orphan?.parentGuid ?? '')).toBe(false)
    expect(named('Partner nového typu')?.typeCode).toBe(1042)
    expect(named('Chata Pod Lesem')?.parentGuid).toBe(named('Chytrá síť s.r.o.')?.guid)
    expect(named('Demo Distribution s.r.o.')?.parentGuid).toBeNull()
    const identifier = strategy === 'flat' ? named('Nemocnice Na Kopci')?.customIdentifier : undefined
    const extra = result.extras.find(({ guid }) => guid === named('Nemocnice Na Kopci')?.guid)
    expect(identifier ?? extra?.customIdentifier).toBe('PSA:1042')
  })

  test('both ways find the same tree with the same kinds and states', { timeout: 30_000 }, async () => {
    const world = createWorld('10k')
    const { companies, summary } = await list({ world, searchParentId })
    expect(summary.complete).toBe(true)
    for (const { guid, parentGuid, typeCode, statusCode, name } of companies.values()) {
      const index = world.find(guid) ?? -1
      expect([typeCode, statusCode, name]).toEqual([world.type[index], world.status[index], world.name[index]])
      expect(parentGuid).toBe(typeCode === 1002 ? null : world.idOf(world.parent[index] ?? -1))
    }
  })

  test('tokens of one second and sessions of two end in mid-listing, and nobody notices', async () => {
    let now = Date.now()
    const { client, summary } = await list(
      {
        world: createPlainWorld(20, 100),
        searchParentId,
        tokenSeconds: 1,
        sessionSeconds: 2,
        now: () => now,
        onRequest: () => {
          now += 300
        },
      },
      // More calls at once would age each token, by this clock, before it is used.
      { concurrency: 1 },
    )
    expect(summary.complete).toBe(true)
    expect(client.stats().renewals).toBeGreaterThan(3)
    expect(client.stats().logins).toBeGreaterThan(3)
  })

  test('names too long: a customer is refused alone, the own company is listed by what fits', async () => {
    const world = createPlainWorld()
    const own = world.users[0]?.company ?? 0
    const customer = world.children[world.children[own]?.[0] ?? 0]?.[0] ?? 0
    for (const company of [own, customer]) world.name[company] = 'ž'.repeat(2000)
    const { companies, summary } = await list({ world, searchParentId })
    expect(summary.complete).toBe(true)
    expect(summary.rejected).toContainEqual(
      expect.objectContaining({ reason: 'name-too-long', guid: world.idOf(customer) }),
    )
    expect(companies.get(world.idOf(own))?.name).toBe('ž'.repeat(900))
    expect(companies.has(world.idOf(customer))).toBe(false)
  })

  test('over the rate: 429 with Retry-After, then the rest', async () => {
    let refused = 0
    const { summary } = await list({
      world: createPlainWorld(),
      searchParentId,
      onRequest: ({ nth }) => {
        if (nth % 3 !== 2) return undefined
        refused += 1
        return { status: 429, headers: { 'retry-after': '1' } }
      },
    })
    expect(summary.complete).toBe(true)
    expect(refused).toBeGreaterThan(0)
  })

  test('a page that fails for good ends the listing, its error is the reason, the pages before it stay', async () => {
    const { companies, summary } = await list({
      world: createPlainWorld(),
      searchParentId,
      onRequest: ({ path, body }) =>
        path === '/Search/Companies' && (body as { skip: number }).skip === 200 ? { status: 500 } : undefined,
    })
    expect(summary).toMatchObject({
      complete: false,
      reason: { code: 'error', error: { kind: 'bad-status', status: 500 } },
    })
    expect(companies.size).toBeGreaterThanOrEqual(200)
  })

  test('one company more or less between two pages: all is listed again, and that proves it', async () => {
    for (const change of ['add', 'remove'] as const) {
      const world = createPlainWorld()
      const { summary } = await list({
        world,
        searchParentId,
        onRequest: ({ path, body }) => {
          if (path !== '/Search/Companies' || (body as { skip: number }).skip !== 300) return
          if (change === 'add') world.add({ parent: 1, type: 1007, name: 'late' })
          else world.remove(2)
        },
      })
      expect(summary).toMatchObject({ complete: true, reason: null, passes: 2, listed: change === 'add' ? 307 : 306 })
    }
  })

  test('a set that never stands still is listed three times and no more', async () => {
    const world = createPlainWorld()
    const { companies, summary } = await list({
      world,
      searchParentId,
      onRequest: ({ path }) => {
        if (path === '/Search/Companies') world.add({ parent: 1, type: 1007, name: 'late' })
      },
    })
    expect(summary).toMatchObject({ complete: false, passes: 3, reason: { code: 'drift' } })
    // Counted once, in whichever pass it came first.
    expect(companies.size).toBe(summary.listed)
    expect(companies.size).toBeGreaterThan(308)
  })

  test('leaving the loop ends the calls', async () => {
    const app = buildMockEma({ world: createPlainWorld(), searchParentId })
    closers.push(() => app.close())
    const baseUrl = await app.listen({ port: 0, host: '127.0.0.1' })
    const login = { login: 'distributor@demo.example', password: DEMO_PASSWORD }
    const client = createEmaClient({ baseUrl, ...login, callsPerSecond: null })
    for await (const item of listCompanies(client)) if (item.kind === 'companies') break
    const { calls } = client.stats()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(client.stats().calls).toBe(calls)
  })
})

describe('accounts and moments', () => {
  test('a wrong password is the reason, and nothing was listed', async () => {
    const { summary } = await list({ world: createPlainWorld(), login: 'nobody@demo.example' })
    expect(summary).toMatchObject({
      complete: false,
      listed: 0,
      reason: { code: 'error', error: { kind: 'unauthorized' } },
    })
  })

  test('no right to the own company: what may be seen is still listed completely', async () => {
    for (const searchParentId of [true, false]) {
      const world = createPlainWorld()
      const user = world.users[0]
      if (user !== undefined) user.permission = 3
      user?.overrides.set(2, 2).set(1, 3).set(62, 2)
      world.version += 1
      const { companies, summary } = await list({ world, searchParentId })
      expect(summary.complete).toBe(true)
      expect(companies.size).toBe(63)
    }
  })

  test('customers are never asked for children', async () => {
    const world = createPlainWorld()
    const asked = new Set<number>()
    await list({
      world,
      searchParentId: false,
      onRequest: ({ path, body }) => {
        if (path === '/Company/Children') asked.add(world.find((body as { companyId: string }).companyId) ?? -1)
      },
    })
    expect(new Set([...asked].map((index) => world.type[index]))).toEqual(new Set([1002, 1005]))
  })

  test('a company made after its parent was walked still gets its parent', async () => {
    const world = createPlainWorld()
    let late = -1
    const { companies } = await list({
      world,
      searchParentId: false,
      onRequest: ({ path, nth }) => {
        if (path === '/Search/Companies' && nth === 2) late = world.add({ parent: 1, type: 1007, name: 'late' })
      },
    })
    expect(companies.get(world.idOf(late))?.parentGuid).toBe(world.idOf(1))
  })

  test('overlapping pages agree, or it is drift', async () => {
    const still = await list({ world: createPlainWorld() }, { overlap: 10 })
    expect(still.summary).toMatchObject({ complete: true, passes: 1, duplicates: 0, listed: 306 })
    const world = createPlainWorld()
    const moving = await list(
      {
        world,
        onRequest: ({ path, nth }) => {
          if (path !== '/Search/Companies' || nth % 4 !== 2) return
          world.remove(3 + nth)
          world.add({ parent: 1, type: 1007, name: 'in its place' })
        },
      },
      { overlap: 10, concurrency: 1 },
    )
    expect(moving.summary).toMatchObject({ complete: false, passes: 3, reason: { code: 'drift' } })
  })

  test('the signal ends it', async () => {
    const stop = new AbortController()
    const { summary } = await list(
      {
        world: createPlainWorld(),
        onRequest: ({ path, nth }) => (path === '/Search/Companies' && nth === 2 ? stop.abort() : undefined),
      },
      { signal: stop.signal, concurrency: 1 },
    )
    expect(summary).toMatchObject({ complete: false, reason: { code: 'aborted' } })
  })
})
