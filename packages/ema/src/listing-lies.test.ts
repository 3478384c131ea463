import { createHash } from 'node:crypto'
import { buildMockEma, createPlainWorld, DEMO_PASSWORD, type OnRequest } from '@msp-console/mock-ema'
import { afterEach, describe, expect, test } from 'vitest'
import { createEmaClient } from './client.ts'
import { listCompany } from './listing-one.ts'
import { collectListing } from './test-listing.ts'
import { countFamily } from './testing.ts'

const count = countFamily('S-03 lying or endless listings')

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function list(onRequest: OnRequest) {
  const app = buildMockEma({ world: createPlainWorld(), onRequest })
  closers.push(() => app.close())
  return collectListing(await app.listen({ port: 0, host: '127.0.0.1' }), 'distributor@demo.example', DEMO_PASSWORD)
}

const guidOf = (text: string): string =>
  createHash('md5')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

describe('a search that lies proves nothing', () => {
  type Row = Record<string, unknown>
  const rows: Row[] = Array.from({ length: 250 }, (_, at) => ({
    CompanyId: guidOf(String(at)),
    Name: `C ${at}`,
    CompanyTypeId: 5,
    ParentId: guidOf('parent'),
  }))
  const page = (skip: number) => rows.slice(skip, skip + 100)
  const lie = (answer: (skip: number) => { Search: unknown; Paging?: unknown }) =>
    list(({ path, body }) =>
      path === '/Search/Companies' ? { status: 200, body: answer((body as { skip: number }).skip) } : undefined,
    )
  const total = (count: unknown) => ({ TotalCount: count })

  test.each<[string, (skip: number) => { Search: unknown; Paging?: unknown }, string | null]>([
    ['no lie', (skip) => ({ Search: page(skip), Paging: total(250) }), null],
    ['a numeric string', (skip) => ({ Search: page(skip), Paging: total('250') }), null],
    ['too low', (skip) => ({ Search: page(skip), Paging: total(100) }), 'count-mismatch'],
    ['too high', (skip) => ({ Search: page(skip), Paging: total(260) }), 'count-mismatch'],
    ['zero', (skip) => ({ Search: page(skip), Paging: total(0) }), 'count-mismatch'],
    // Reserving a job per promised page would take the memory of the process.
    ['absurd', (skip) => ({ Search: page(skip), Paging: total(900_000_000_000) }), 'total-missing'],
    ['negative', (skip) => ({ Search: page(skip), Paging: total(-1) }), 'total-missing'],
    ['no paging', (skip) => ({ Search: page(skip) }), 'total-missing'],
    ['growing', (skip) => ({ Search: page(skip), Paging: total(250 + skip) }), 'drift'],
    ['the same page for ever', () => ({ Search: page(0), Paging: total(250) }), 'repeated-page'],
    ['an empty page', (skip) => ({ Search: skip === 0 ? page(skip) : [], Paging: total(250) }), 'drift'],
    ['all in one page', () => ({ Search: rows, Paging: total(250) }), 'page-too-long'],
    ['null for a list', (skip) => ({ Search: skip === 100 ? null : page(skip), Paging: total(250) }), 'error'],
    [
      'a row without an id',
      (skip) => ({
        Search: page(skip).map((row, at) => (at + skip === 120 ? { Name: 'x' } : row)),
        Paging: total(250),
      }),
      'rejected',
    ],
    [
      'a tenth without a name',
      (skip) => ({ Search: page(skip).map((row, at) => (at % 10 ? row : { ...row, Name: 0 })), Paging: total(250) }),
      'rejected',
    ],
    [
      'one row without a parent field',
      (skip) => ({
        Search: page(skip).map(({ ParentId, ...row }, at) => (at + skip === 120 ? row : { ...row, ParentId })),
        Paging: total(250),
      }),
      null,
    ],
    [
      'endless new rows',
      (skip) => ({
        Search: Array.from({ length: 100 }, (_, at) => ({ ...rows[0], CompanyId: guidOf(`x${skip + at}`) })),
        Paging: total(250),
      }),
      'page-cap',
    ],
  ])('%s', async (_name, answer, code) => {
    count()
    const { summary } = await lie(answer)
    expect([summary.complete, summary.reason?.code ?? null]).toEqual([code === null, code])
  })

  type Reply = { status: number; headers?: Record<string, string>; body?: unknown }

  test.each<[string, Reply, string]>([
    ['an empty 200', { status: 200, body: '' }, 'error'],
    ['204', { status: 204 }, 'error'],
    [
      'a page for people',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' },
      'error',
    ],
    ['an error inside a 200', { status: 200, body: { code: 99, subCode: 2, message: 'Maintenance' } }, 'error'],
    ['a list that is an object', { status: 200, body: { Search: { 0: rows[0] }, Paging: total(250) } }, 'error'],
    ['another host', { status: 302, headers: { location: 'http://127.0.0.1:9/api/Search/Companies' } }, 'error'],
    [
      'an encoding that it has not',
      { status: 200, headers: { 'content-encoding': 'gzip' }, body: '{"Search":[]}' },
      'error',
    ],
  ])('in place of the second page: %s', async (_name, reply, code) => {
    count()
    const { summary, companies } = await list(({ path, body }) => {
      if (path !== '/Search/Companies') return undefined
      const { skip } = body as { skip: number }
      return skip === 100 ? reply : { status: 200, body: { Search: page(skip), Paging: total(250) } }
    })
    expect([summary.complete, summary.reason?.code]).toEqual([false, code])
    expect(companies.size).toBe(101)
  })

  test('202 first, then the page', async () => {
    count()
    const { summary } = await list(({ path, nth }) =>
      path === '/Search/Companies' && nth === 2 ? { status: 202 } : undefined,
    )
    expect(summary).toMatchObject({ complete: true, listed: 306 })
  })

  test('a total of millions over a few rows does not cost a call per promised page', async () => {
    count()
    const { summary } = await lie((skip) => ({ Search: page(skip), Paging: total(9_000_000) }))
    expect(summary.reason?.code).toBe('count-mismatch')
    expect(summary.calls).toBeLessThan(120)
  })

  describe('children', () => {
    const child = (n: number) => ({ publicId: guidOf(`child ${n}`), name: `Child ${n}`, type: 1007, status: 1 })
    const full = (skip: number) => Array.from({ length: 100 }, (_, at) => child(skip + at))

    /** A listing level by level, and one of a single company, of a source whose own company has these children. */
    async function both(answer: (skip: number) => { companies: unknown[]; paging?: unknown }) {
      const world = createPlainWorld()
      const root = world.idOf(0)
      const onRequest: OnRequest = ({ path, body }) => {
        if (path !== '/Company/Children') return undefined
        const { companyId, skip } = body as { companyId: string; skip: number }
        return { status: 200, body: companyId === root ? answer(skip) : { companies: [], paging: { totalCount: 0 } } }
      }
      const app = buildMockEma({ world, searchParentId: false, onRequest })
      closers.push(() => app.close())
      const baseUrl = await app.listen({ port: 0, host: '127.0.0.1' })
      const all = await collectListing(baseUrl, 'distributor@demo.example', DEMO_PASSWORD)
      const client = createEmaClient({
        baseUrl,
        login: 'distributor@demo.example',
        password: DEMO_PASSWORD,
        callsPerSecond: null,
      })
      for await (const item of listCompany(client, root))
        if (item.kind === 'summary') return [all.summary, item.summary]
      throw new Error('no summary')
    }

    // Most of the calls look up companies that only the search shows.
    test('the same page for ever, without a total', async () => {
      count()
      for (const summary of await both(() => ({ companies: full(0) }))) {
        expect(summary?.complete).toBe(false)
        expect(summary?.calls).toBeLessThan(150)
      }
    })

    test('a total of millions over a hundred', async () => {
      count()
      const answer = (skip: number) => ({ companies: skip === 0 ? full(0) : [], paging: { totalCount: 9_000_000 } })
      for (const summary of await both(answer)) {
        expect(summary?.complete).toBe(false)
        expect(summary?.calls).toBeLessThan(250)
      }
    })
  })

  test('the same page for ever ends the listing long before its promised thousand pages', async () => {
    count()
    const { summary } = await lie(() => ({ Search: page(0), Paging: total(100_000) }))
    expect(summary.reason?.code).toBe('repeated-page')
    expect(summary.calls).toBeLessThan(30)
  })

  test('202 until the tries are used up is not an empty page', async () => {
    count()
    const { summary, companies } = await list(({ path, body }) =>
      path === '/Search/Companies' && (body as { skip: number }).skip === 100 ? { status: 202, body: '' } : undefined,
    )
    expect(summary.reason?.code).toBe('not-ready')
    expect(companies.size).toBe(100)
  })

  test('a rejected row with an id is handed over, so that nobody takes it for absent', async () => {
    count()
    const { summary } = await lie((skip) => ({
      Search: page(skip).map((row, at) => (at + skip === 7 ? { ...row, Name: '' } : row)),
      Paging: total(250),
    }))
    expect(summary).toMatchObject({
      complete: true,
      rejectedCount: 1,
      rejected: [{ reason: 'bad-name', guid: guidOf('7') }],
    })
  })
})
