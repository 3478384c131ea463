import {
  approveRun,
  deleteGroup,
  getGroup,
  getRemoval,
  getRun,
  type GroupRow,
  listAudit,
  listChildren,
  listHolds,
  listPlan,
  previewRun,
  rejectRun,
  searchGroups,
  startRun,
  syncCompany,
} from '@msp-console/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findWrongCounters, openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'

// Plans over HTTP, from a real account: who sees what, who may decide, and what comes of it.

let t: TestApp
let mock: TestMock
let accountId: string
let msp: GroupRow
let customers: GroupRow[]

const MSP = 'Chytrá síť s.r.o.'

async function find(name: string): Promise<GroupRow> {
  const { items } = await t.call(searchGroups, { query: { q: name } })
  const found = items.find((item) => item.name === name)
  if (found === undefined) throw new Error(`no group ${name}`)
  return found
}

const indexOf = (name: string) => mock.world.name.indexOf(name)

function rename(name: string, next: string): void {
  const index = indexOf(name)
  mock.world.name[index] = next
  mock.world.touch(index, Date.now())
}

async function sync(): Promise<string> {
  const { run } = await t.call(startRun, { params: { id: accountId } })
  await t.settle()
  return run.id
}

beforeAll(async () => {
  t = await openTestApp()
})
afterAll(() => t.close())

beforeEach(async () => {
  await mock?.close()
  mock = await openMock()
  // The same login at another address is another account, so each test has a tree of its own.
  accountId = await t.connect(mock)
  const all = await t.call(searchGroups, { query: { q: MSP, limit: 200 } })
  const found = all.items.filter(({ name }) => name === MSP).toSorted((a, b) => Number(b.id) - Number(a.id))[0]
  if (found === undefined) throw new Error('no such MSP')
  msp = found
  const children = await t.call(listChildren, { params: { id: msp.id }, query: { limit: 200 } })
  customers = children.items.filter(({ kind }) => kind === 'customer')
})

/** More than half of the customers of one MSP leave; two runs later their removal waits. */
async function loseMost(): Promise<{ runId: string; lost: GroupRow[] }> {
  const lost = customers.slice(0, Math.floor(customers.length / 2) + 1)
  for (const { name } of lost) mock.world.remove(indexOf(name))
  await sync()
  return { runId: await sync(), lost }
}

describe('what was held', () => {
  test('is listed in the order of the tree, with reason and answer of the source', async () => {
    const { runId, lost } = await loseMost()
    expect(await t.call(getRun, { params: { id: runId } })).toMatchObject({
      counts: { held: lost.length, unlinked: 0 },
      hold: { waiting: lost.length, approved: 0, rejected: 0, replaced: 0 },
      lookUps: { asked: lost.length, gone: lost.length, noAccess: 0, there: 0, unsure: 0 },
      heldReasons: [{ rule: 'tooMany', count: lost.length, group: null }],
    })
    const first = await t.call(listPlan, { params: { id: runId }, query: { limit: 2 } })
    expect(first.total).toBe(lost.length)
    expect(first.items[0]).toMatchObject({
      kind: 'unlinked',
      state: 'waiting',
      rule: 'tooMany',
      before: { presence: 'suspect' },
      after: { presence: 'unlinked' },
    })
    expect(first.items[0]?.path.at(-1)).toMatchObject({ id: msp.id, name: MSP })
    const rest = await t.call(listPlan, {
      params: { id: runId },
      query: { limit: 200, cursor: first.nextCursor ?? '' },
    })
    const names = [...first.items, ...rest.items].map(({ group }) => group?.id)
    expect(new Set(names)).toEqual(new Set(lost.map(({ id }) => id)))
    const csv = await t.app.inject({ url: `/api/v1/runs/${runId}/plan.csv`, headers: { cookie: t.cookie } })
    expect(csv.body.split('\r\n')).toHaveLength(lost.length + 2)
    expect((await t.call(listHolds)).items.map(({ run }) => run.id)).toContain(runId)
  })

  test('is applied when approved, by the person, at once', async () => {
    const { runId, lost } = await loseMost()
    expect(await t.call(approveRun, { params: { id: runId }, body: {} })).toMatchObject({
      decided: lost.length,
      run: { counts: { unlinked: lost.length }, hold: { waiting: 0, approved: lost.length } },
    })
    expect(await t.call(getGroup, { params: { id: lost[0]?.id ?? '' } })).toMatchObject({ presence: 'unlinked' })
    expect(await findWrongCounters(t.owner)).toEqual([])
    expect((await t.problem(approveRun, { params: { id: runId }, body: {} })).code).toBe('plan-stale')
    const { items } = await t.call(listAudit, { query: { limit: 200 } })
    expect(items.find(({ action }) => action === 'approveRun')).toMatchObject({ after: { decided: lost.length } })
  })

  test('stays when rejected, and the next run does not ask again', async () => {
    const { runId, lost } = await loseMost()
    await t.call(rejectRun, { params: { id: runId }, body: {} })
    await sync()
    expect(await t.call(getGroup, { params: { id: lost[0]?.id ?? '' } })).toMatchObject({ presence: 'suspect' })
    const hold = (await t.call(listHolds)).items.find(({ run }) => run.id === runId)
    expect(hold?.run.hold).toMatchObject({ waiting: 0, rejected: lost.length })
  })

  test('is nobody’s business outside of it, and the part inside is theirs to decide', async () => {
    const { runId, lost } = await loseMost()
    const stranger = await t.actAs('mspManager', Number((await find('Moravská IT, s.r.o.')).id))
    expect((await stranger.problem(approveRun, { params: { id: runId }, body: {} })).code).toBe('not-found')
    const reader = await t.actAs('partner', Number(msp.id))
    expect((await reader.problem(approveRun, { params: { id: runId }, body: {} })).code).toBe('forbidden')
    expect((await reader.call(listPlan, { params: { id: runId } })).total).toBe(lost.length)
    const [one] = lost
    const own = await t.actAs('mspManager', Number(msp.id))
    const { items } = await own.call(listPlan, { params: { id: runId }, query: { limit: 200 } })
    const item = items.find(({ group }) => group?.id === one?.id)
    expect(await own.call(approveRun, { params: { id: runId }, body: { items: [item?.id ?? ''] } })).toMatchObject({
      decided: 1,
      run: { partial: true, hold: { waiting: lost.length - 1, approved: 1 } },
    })
  })
})

describe('a preview', () => {
  test('counts each kind of change, whichever is asked for', async () => {
    for (const [at, { name }] of customers.slice(0, 3).entries()) rename(name, `Nové jméno ${at}`)
    mock.world.remove(indexOf(customers[3]?.name ?? ''))
    const { run } = await t.call(previewRun, { params: { id: accountId } })
    await t.settle()
    const kinds = [
      { kind: 'renamed', count: 3 },
      { kind: 'suspected', count: 1 },
    ]
    const list = (query: object) => t.call(listPlan, { params: { id: run.id }, query: { limit: 50, ...query } })
    expect(await list({})).toMatchObject({ total: 4, kinds })
    expect(await list({ kind: 'suspected' })).toMatchObject({ total: 1, kinds, items: [{ kind: 'suspected' }] })
    expect(await list({ kind: 'moved' })).toMatchObject({ total: 0, kinds, items: [] })
    expect(await list({ state: 'waiting' })).toMatchObject({ total: 0, kinds: [], items: [] })
  })

  test('shows what a run would do, and does nothing', async () => {
    rename(customers[0]?.name ?? '', 'Přejmenovaná a.s.')
    const { run } = await t.call(previewRun, { params: { id: accountId } })
    await t.settle()
    expect(await t.call(getRun, { params: { id: run.id } })).toMatchObject({
      preview: true,
      status: 'succeeded',
      counts: { renamed: 1 },
      hold: null,
    })
    expect((await t.call(listPlan, { params: { id: run.id } })).items).toMatchObject([
      {
        kind: 'renamed',
        state: 'planned',
        rule: null,
        after: { name: 'Přejmenovaná a.s.' },
        group: { id: customers[0]?.id },
      },
    ])
    expect(await t.call(getGroup, { params: { id: customers[0]?.id ?? '' } })).toMatchObject({
      name: customers[0]?.name,
    })
    expect((await t.problem(approveRun, { params: { id: run.id }, body: {} })).code).toBe('plan-stale')
  })
})

describe('one company', () => {
  test('is synced with what is below it, and nothing else', async () => {
    const other = await find('Moravská IT, s.r.o.')
    const elsewhere = (await t.call(listChildren, { params: { id: other.id }, query: { limit: 200 } })).items[0]
    const [gone, renamed] = customers
    mock.world.remove(indexOf(gone?.name ?? ''))
    mock.world.remove(indexOf(elsewhere?.name ?? ''))
    rename(renamed?.name ?? '', 'Nové jméno')
    const { run } = await t.call(syncCompany, { params: { id: msp.id } })
    await t.settle()
    expect(await t.call(getRun, { params: { id: run.id } })).toMatchObject({
      status: 'succeeded',
      company: { id: msp.id },
      // EMA says that it does not exist: that is proof at once.
      counts: { renamed: 1, unlinked: 1, suspected: 0 },
    })
    expect(await t.call(getGroup, { params: { id: elsewhere?.id ?? '' } })).toMatchObject({ presence: 'present' })
    expect(await findWrongCounters(t.owner)).toEqual([])
  })

  test('a customer that is gone', async () => {
    const [gone] = customers
    mock.world.remove(indexOf(gone?.name ?? ''))
    const { run } = await t.call(syncCompany, { params: { id: gone?.id ?? '' } })
    await t.settle()
    expect(await t.call(getRun, { params: { id: run.id } })).toMatchObject({ counts: { unlinked: 1 } })
  })

  test('that is found to be gone does not wait for a decision any more', async () => {
    const { lost } = await loseMost()
    const { run } = await t.call(syncCompany, { params: { id: lost[0]?.id ?? '' } })
    await t.settle()
    expect(await t.call(getGroup, { params: { id: lost[0]?.id ?? '' } })).toMatchObject({ presence: 'unlinked' })
    const { items } = await t.call(listPlan, { params: { id: run.id }, query: { limit: 200 } })
    const waiting = items.filter(({ state }) => state === 'waiting').map(({ group }) => group?.id)
    expect(waiting).toHaveLength(lost.length - 1)
    expect(waiting).not.toContain(lost[0]?.id)
    // This run held nothing itself, and the plan is its own now.
    const hold = (await t.call(listHolds)).items.find(({ run: { id } }) => id === run.id)
    expect(hold?.run.hold).toMatchObject({ waiting: lost.length - 1 })
  })
})

describe('deleting', () => {
  test('is for companies that are removed and empty, and takes them out of every count', async () => {
    const [gone, stays] = customers
    const id = gone?.id ?? ''
    expect(await t.call(getRemoval, { params: { id } })).toMatchObject({ blockedBy: ['notRemoved'] })
    expect((await t.problem(deleteGroup, { params: { id } })).code).toBe('group-in-use')
    mock.world.remove(indexOf(gone?.name ?? ''))
    await t.call(syncCompany, { params: { id } })
    await t.settle()
    expect(await t.call(getRemoval, { params: { id } })).toMatchObject({ blockedBy: [], children: 0, grants: 0 })
    expect(await t.call(deleteGroup, { params: { id } })).toEqual({ parentId: msp.id })
    expect((await t.problem(getGroup, { params: { id } })).code).toBe('not-found')
    expect(await findWrongCounters(t.owner)).toEqual([])
    expect((await t.problem(deleteGroup, { params: { id: stays?.id ?? '' } })).code).toBe('group-in-use')
    expect((await t.problem(deleteGroup, { params: { id: msp.id } })).code).toBe('group-in-use')
    // The source has the last word: seen again, it is a new company here.
    await sync()
    expect(await findWrongCounters(t.owner)).toEqual([])
  })
})
