import {
  approveRun,
  disconnectAccount,
  getRun,
  type GroupRow,
  listChildren,
  listPlan,
  previewRun,
  rejectRun,
  searchGroups,
  startRun,
} from '@msp-console/contract'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openMock, openTestApp, type TestApp, type TestMock } from '../testing.ts'

// Decisions on a plan as they come in life: late, twice, at the same time, by the wrong person, while a run is under way; and how
// often the open consoles are told that something is to be decided, or is not any more.

let t: TestApp
let mock: TestMock
let accountId: string
let root: GroupRow
let customers: GroupRow[]
let listener: pg.Client
let gate: Promise<void> | undefined
let cases = 0
const heard: string[] = []

const LOGIN = 'msp@demo.example'
const NAME = 'Chytrá síť s.r.o.'

beforeAll(async () => {
  t = await openTestApp()
  listener = new pg.Client(t.owner.options)
  await listener.connect()
  await listener.query('listen msp_console')
  listener.on('notification', ({ payload = '' }) => {
    const { type, accountId: of } = JSON.parse(payload) as { type: string; accountId?: number }
    if (type === 'accounts' && String(of) === accountId) heard.push(payload)
  })
})
afterAll(async () => {
  process.stdout.write(`family S-04 decisions and notices: ${cases} cases\n`)
  await mock.close()
  await listener.end()
  await t.close()
})

beforeEach(async () => {
  await mock?.close()
  gate = undefined
  mock = await openMock({ onRequest: () => gate?.then(() => undefined) })
  accountId = await t.connect(mock, LOGIN)
  const { items } = await t.call(searchGroups, { query: { q: NAME, limit: 200 } })
  const own = items.filter(({ name }) => name === NAME).toSorted((a, b) => Number(b.id) - Number(a.id))[0]
  if (own === undefined) throw new Error('no such MSP')
  root = own
  customers = (await t.call(listChildren, { params: { id: root.id }, query: { limit: 200 } })).items.filter(
    ({ kind }) => kind === 'customer',
  )
})
afterEach(() => void (cases += 1))

const remove = ({ name }: GroupRow) => mock.world.remove(mock.world.name.indexOf(name))

async function sync(): Promise<string> {
  const { run } = await t.call(startRun, { params: { id: accountId } })
  await t.settle()
  return run.id
}

/** More than half of the customers leave; in the second run after that their removal waits. */
async function hold(): Promise<{ runId: string; lost: GroupRow[] }> {
  const lost = customers.slice(0, Math.floor(customers.length / 2) + 1)
  for (const one of lost) remove(one)
  await sync()
  heard.length = 0
  return { runId: await sync(), lost }
}

const decide = (endpoint: typeof approveRun | typeof rejectRun) => (runId: string, items?: string[]) =>
  t.call(endpoint, { params: { id: runId }, body: items === undefined ? {} : { items } })
const approve = decide(approveRun)
const reject = decide(rejectRun)
const refusal = async (runId: string, items?: string[], by: Pick<TestApp, 'problem'> = t) =>
  (await by.problem(approveRun, { params: { id: runId }, body: { items } })).code
const itemsOf = async (runId: string) =>
  (await t.call(listPlan, { params: { id: runId }, query: { limit: 200 } })).items.map(({ id }) => id)
const confirmedAgo = (time: string) =>
  t.owner.query('update account set hold_confirmed_at = now() - $2::interval where id = $1', [accountId, time])
async function countRemoved(): Promise<number> {
  const { rows } = await t.owner.query<{ n: number }>(
    `select count(*)::int as n from static_group where account_id = $1 and presence = 'unlinked'`,
    [accountId],
  )
  return rows[0]?.n ?? 0
}
/** What was told up to now has been heard once a notice of ours comes through. */
async function told(): Promise<number> {
  const end = JSON.stringify({ type: 'accounts', accountId: Number(accountId), end: true })
  await t.owner.query('select pg_notify($1, $2)', ['msp_console', end])
  await expect.poll(() => heard.at(-1)).toBe(end)
  heard.pop()
  return heard.splice(0).length
}

describe('a decision', () => {
  test('approves all of it', async () => {
    const { runId, lost } = await hold()
    expect(await approve(runId)).toMatchObject({ decided: lost.length })
    expect(await countRemoved()).toBe(lost.length)
  })

  test('approves a part, and rejects the rest', async () => {
    const { runId, lost } = await hold()
    const [first = '', ...rest] = await itemsOf(runId)
    expect(await approve(runId, [first])).toMatchObject({ decided: 1, run: { hold: { waiting: lost.length - 1 } } })
    expect(await reject(runId, rest)).toMatchObject({ decided: lost.length - 1, run: { hold: { waiting: 0 } } })
    expect(await countRemoved()).toBe(1)
  })

  test('rejects all of it, also for the runs to come', async () => {
    const { runId, lost } = await hold()
    expect(await reject(runId)).toMatchObject({ decided: lost.length })
    await sync()
    expect([await countRemoved(), (await t.call(getRun, { params: { id: runId } })).hold]).toMatchObject([
      0,
      { waiting: 0, rejected: lost.length },
    ])
  })

  test('comes a day too late', async () => {
    const { runId } = await hold()
    await confirmedAgo('24 hours 1 second')
    expect([await refusal(runId), await countRemoved()]).toEqual(['plan-expired', 0])
  })

  test('comes just in time', async () => {
    const { runId, lost } = await hold()
    await confirmedAgo('23 hours 59 minutes')
    expect(await approve(runId)).toMatchObject({ decided: lost.length })
  })

  test('comes after a newer run that asks for something else', async () => {
    const { runId, lost } = await hold()
    remove(customers[lost.length] ?? root)
    await sync()
    const newer = await sync()
    expect([await refusal(runId), await countRemoved()]).toEqual(['plan-stale', 0])
    expect(await approve(newer)).toMatchObject({ decided: lost.length + 1 })
  })

  test('comes after a newer run that asks for the same', async () => {
    const { runId, lost } = await hold()
    await sync()
    expect(await approve(runId)).toMatchObject({ decided: lost.length })
  })

  test('comes a second time', async () => {
    const { runId, lost } = await hold()
    await approve(runId)
    expect([await refusal(runId), await countRemoved()]).toEqual(['plan-stale', lost.length])
  })

  test('is a double click: both at once, and it happens once', async () => {
    const { runId, lost } = await hold()
    const both = await Promise.allSettled([approve(runId), approve(runId)])
    const done = both.filter((one) => one.status === 'fulfilled').map(({ value }) => value.decided)
    expect(done.reduce((sum, decided) => sum + decided, 0)).toBe(lost.length)
    const { rows } = await t.owner.query(
      `select group_id from group_event e join static_group g on g.id = e.group_id
       where g.account_id = $1 and e.kind = 'unlinked' group by 1 having count(*) > 1`,
      [accountId],
    )
    expect([rows, await countRemoved()]).toEqual([[], lost.length])
  })

  test('is one of two that contradict each other at once: one of them is taken', async () => {
    const { runId, lost } = await hold()
    const both = await Promise.allSettled([approve(runId), reject(runId)])
    const [yes, no] = both.map((one) => (one.status === 'fulfilled' ? one.value.decided : 0))
    expect([
      [lost.length, 0],
      [0, lost.length],
    ]).toContainEqual([yes, no])
    expect(await countRemoved()).toBe(yes)
  })

  test.each([
    ['approved', approve],
    ['rejected', reject],
  ])('is made while a run lists: what was %s stays so', async (how, act) => {
    const { runId, lost } = await hold()
    const { promise, resolve } = Promise.withResolvers<void>()
    gate = promise
    const { started } = await t.call(startRun, { params: { id: accountId } })
    expect([started, (await act(runId)).decided]).toEqual([true, lost.length])
    resolve()
    await t.settle()
    expect(await countRemoved()).toBe(how === 'approved' ? lost.length : 0)
  })

  test('is made by somebody who only reads', async () => {
    const { runId } = await hold()
    const reader = await t.actAs('partner', Number(root.id))
    expect([await refusal(runId, undefined, reader), await countRemoved()]).toEqual(['forbidden', 0])
  })

  test('is made by somebody from elsewhere', async () => {
    const { runId } = await hold()
    const { rows } = await t.owner.query<{ id: number }>('select min(root_group_id) as id from account')
    const stranger = await t.actAs('administrator', rows[0]?.id ?? 0)
    expect([await refusal(runId, undefined, stranger), await countRemoved()]).toEqual(['not-found', 0])
  })

  test('reaches as far as the view: one customer of all that wait', async () => {
    const { runId, lost } = await hold()
    const own = await t.actAs('mspManager', Number(lost[0]?.id))
    expect(await own.call(approveRun, { params: { id: runId }, body: {} })).toMatchObject({ decided: 1 })
    expect(await countRemoved()).toBe(1)
  })

  test('names an item of another plan: nothing of it happens', async () => {
    const { runId } = await hold()
    const items = [...(await itemsOf(runId)), '00000000-0000-4000-8000-000000000000']
    expect([await refusal(runId, items), await countRemoved()]).toEqual(['plan-stale', 0])
  })

  test('is about a preview, which holds nothing', async () => {
    const { lost } = await hold()
    const { run } = await t.call(previewRun, { params: { id: accountId } })
    await t.settle()
    expect([await refusal(run.id), await countRemoved(), lost.length > 0]).toEqual(['plan-stale', 0, true])
  })

  test('is about an account that was disconnected meanwhile', async () => {
    const { runId } = await hold()
    await t.call(disconnectAccount, { params: { id: accountId } })
    expect(await refusal(runId)).toBe('plan-stale')
  })
})

describe('the open consoles are told', () => {
  test('once, that something waits', async () => {
    await hold()
    expect(await told()).toBe(1)
  })

  test('nothing, while runs ask for the same', async () => {
    await hold()
    await told()
    await sync()
    await sync()
    expect(await told()).toBe(0)
  })

  test('once, that more waits', async () => {
    const { lost } = await hold()
    remove(customers[lost.length] ?? root)
    await sync()
    await told()
    await sync()
    expect(await told()).toBe(1)
  })

  test.each([
    ['approved', approve],
    ['rejected', reject],
  ])('once, that it was %s', async (_how, act) => {
    const { runId } = await hold()
    await told()
    await act(runId)
    expect(await told()).toBe(1)
  })

  test('once of a double click', async () => {
    const { runId } = await hold()
    await told()
    await Promise.allSettled([approve(runId), approve(runId)])
    expect(await told()).toBe(1)
  })

  test('nothing of a decision that comes too late', async () => {
    const { runId } = await hold()
    await approve(runId)
    await told()
    await refusal(runId)
    expect(await told()).toBe(0)
  })

  test('nothing of a preview', async () => {
    await hold()
    await told()
    await t.call(previewRun, { params: { id: accountId } })
    await t.settle()
    expect(await told()).toBe(0)
  })
})
