import { getRun, listRunChanges, listRuns, startRun } from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromHiddenId, toHiddenId } from '../http/hidden.ts'
import { openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'

const idOf = (run: number) => toHiddenId('run', run)

let t: TestApp
let mock: TestMock
let accountId: string
let hold: Promise<void> | undefined
beforeAll(async () => {
  t = await openTestApp()
  mock = await openMock({ onRequest: async () => hold })
  accountId = await t.connect(mock)
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

const syncNow = async () => {
  const { run } = await t.call(startRun, { params: { id: accountId } })
  await expect
    .poll(async () => (await t.call(getRun, { params: { id: run.id } })).status, { timeout: 20_000 })
    .not.toBe('running')
  return t.call(getRun, { params: { id: run.id } })
}

describe('runs', () => {
  test('the first one created everything', async () => {
    const { items, total } = await t.call(listRuns, { query: {} })
    expect(total).toBe(1)
    expect(items[0]).toMatchObject({
      accountId,
      accountName: 'Demo Distribution s.r.o.',
      status: 'succeeded',
      phase: 'done',
      trigger: 'connect',
      strategy: 'flat',
      complete: true,
      counts: { created: 298, unlinked: 0, held: 0 },
      error: null,
    })
  })

  test('one that changed nothing says so', async () => {
    const run = await syncNow()
    expect(run).toMatchObject({ trigger: 'manual', startedBy: 'ada@console.example', status: 'succeeded' })
    expect(new Set(Object.values(run.counts))).toEqual(new Set([0]))
    expect(run.expectedSeconds).toBe(null)
    expect(await t.call(listRunChanges, { params: { id: run.id }, query: {} })).toMatchObject({ items: [], total: 0 })
  })

  test('tells each change with before, after and where it is', async () => {
    const { world } = mock
    const one = world.name.indexOf('Dub nábytek')
    world.name[one] = 'Dub a buk nábytek'
    world.touch(one, Date.now())
    const run = await syncNow()
    expect(run.counts).toMatchObject({ renamed: 1, created: 0 })
    const { items } = await t.call(listRunChanges, { params: { id: run.id }, query: { kind: 'renamed' } })
    expect(items).toMatchObject([
      {
        kind: 'renamed',
        before: { name: 'Dub nábytek' },
        after: { name: 'Dub a buk nábytek' },
        actor: null,
        runId: run.id,
      },
    ])
    expect(items[0]?.path.at(-1)?.name).toBe('Chytrá síť s.r.o.')
    expect((await t.call(listRunChanges, { params: { id: run.id }, query: { kind: 'moved' } })).total).toBe(0)
  })

  test('its changes are paged in their order', async () => {
    const asked = { params: { id: idOf(1) }, query: { limit: 100 } }
    const ids: number[] = []
    for (let cursor: string | undefined | null; cursor !== null;) {
      const page: Awaited<ReturnType<typeof t.call<typeof listRunChanges>>> = await t.call(listRunChanges, {
        ...asked,
        query: { ...asked.query, cursor },
      })
      ids.push(...page.items.map(({ id }) => fromHiddenId('event', id)))
      expect(page.total).toBe(298)
      cursor = page.nextCursor
    }
    expect(ids).toHaveLength(298)
    expect(ids).toEqual(ids.toSorted((a, b) => a - b))
  })

  test('are listed newest first, page by page, also of one account', async () => {
    const first = await t.call(listRuns, { query: { limit: 2 } })
    expect(first.items.map(({ id }) => id)).toEqual([idOf(3), idOf(2)])
    const rest = await t.call(listRuns, { query: { limit: 2, cursor: first.nextCursor ?? '' } })
    expect(rest).toMatchObject({ items: [{ id: idOf(1) }], nextCursor: null, total: 3 })
    expect(await t.call(listRuns, { query: { account: '99' } })).toMatchObject({ items: [], total: 0 })
    const other = { query: { account: accountId, cursor: first.nextCursor ?? '' } }
    expect((await t.problem(listRuns, other)).code).toBe('stale-cursor')
  })

  test('one under way is an answer, and shows its progress', async () => {
    let release = () => {}
    hold = new Promise((resolve) => (release = resolve))
    const first = await t.call(startRun, { params: { id: accountId } })
    const second = await t.call(startRun, { params: { id: accountId } })
    expect(first).toMatchObject({ started: true, run: { status: 'running', phase: 'listing', complete: null } })
    // As long as the one before it took.
    expect(first.run.expectedSeconds).toBeGreaterThan(0)
    expect(first.run.expectedSeconds).toBeLessThan(20)
    expect(second).toMatchObject({ started: false, run: { id: first.run.id } })
    hold = undefined
    release()
    await expect.poll(async () => (await t.call(getRun, { params: { id: first.run.id } })).status).toBe('succeeded')
  })

  test('a reason to hold names its group', async () => {
    await t.owner.query(`update sync_run set held = 7, held_reasons = $1 where id = 1`, [
      JSON.stringify([
        { rule: 'tooManyOfParent', count: 7, limit: 6, groupId: 10 },
        { rule: 'tooMany', count: 40, limit: 14, groupId: null },
      ]),
    ])
    expect((await t.call(getRun, { params: { id: idOf(1) } })).heldReasons).toEqual([
      {
        rule: 'tooManyOfParent',
        count: 7,
        limit: 6,
        group: { id: '10', kind: 'distributor', name: 'Demo Distribution s.r.o.' },
      },
      { rule: 'tooMany', count: 40, limit: 14, group: null },
    ])
  })

  test('what does not exist does not exist', async () => {
    for (const endpoint of [getRun, listRunChanges])
      for (const id of [idOf(99), '00000000-0000-4000-8000-000000000001'])
        expect((await t.problem(endpoint, { params: { id } })).code).toBe('not-found')
    for (const id of ['99', '9999999999'])
      expect((await t.problem(startRun, { params: { id } })).code).toBe('not-found')
  })
})
