import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import { ANNA, child, FULL, HALF, MSP, openHoldTools, OTHER, ROOT, twelve, type HoldTools } from './hold-testing.ts'
import { type Account, addAccount, company, connectAsSync, readEvents, readGroups, syncOnce } from './testing.ts'

// What happens to a change that is held: it waits, it is not asked for twice, and somebody's decision binds while it is news.

let database: TestDatabase
let owner: pg.Pool
let pool: pg.Pool
let tools: HoldTools

beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl })
  pool = connectAsSync(database.ownerUrl)
  tools = openHoldTools(owner, pool)
})
afterAll(async () => {
  await pool.end()
  await owner.end()
  await database.drop()
})

const presences = (account: Account) => tools.presences(account)
const items = (account: Account) => tools.items(account)
const decide = (...args: Parameters<HoldTools['decide']>) => tools.decide(...args)
const waiting = (runId: number) => tools.waiting(runId)

/** An account with seven removals that wait, and the run that held them. */
async function openHold(): Promise<{ account: Account; runId: number }> {
  const account = await addAccount(owner, ROOT.guid)
  await syncOnce(pool, account, FULL)
  await syncOnce(pool, account, HALF)
  const { runId, held } = await syncOnce(pool, account, HALF)
  expect(held).toBe(7)
  return { account, runId }
}

async function versions(): Promise<unknown> {
  const { rows } = await owner.query(
    `select 'g' as t, id::text, xmin::text from static_group union all select 'c', group_id::text, xmin::text from company
     union all select 'e', id::text, xmin::text from group_event union all select 'i', id::text, xmin::text from plan_item order by 1, 2`,
  )
  return rows
}

describe('a hold', () => {
  test('waits, and runs that ask for the same write nothing', async () => {
    const { account, runId } = await openHold()
    expect(await presences(account)).toEqual({ present: 8, suspect: 7 })
    expect(await items(account)).toMatchObject(
      Array.from({ length: 7 }, (_, index) => ({
        kind: 'unlinked',
        n: 10 + index,
        run_id: runId,
        rule: 'tooManyOfParent',
        open: true,
      })),
    )
    expect((await readEvents(owner, runId)).map(({ kind }) => kind)).toEqual(Array.from({ length: 7 }, () => 'held'))
    const before = await versions()
    expect(await syncOnce(pool, account, HALF)).toMatchObject({ written: 0, held: 7 })
    expect(await versions()).toEqual(before)
  })

  test('approved: removed, in the name of the person, and counted on the run', async () => {
    const { account, runId } = await openHold()
    expect(await decide(runId, 'approved')).toEqual({ outcome: 'done', decided: 7 })
    expect(await presences(account)).toEqual({ present: 8, unlinked: 7 })
    const { rows } = await owner.query(
      `select e.actor, count(*)::int as n, (select unlinked from sync_run where id = $1) as counted
       from group_event e where e.run_id = $1 and e.kind = 'unlinked' group by 1`,
      [runId],
    )
    expect(rows).toEqual([{ actor: ANNA, n: 7, counted: 7 }])
    expect((await readGroups(owner, account.id))[0]).toMatchObject({ not_set_up: 5, unlinked: 7 })
    expect(await syncOnce(pool, account, HALF)).toMatchObject({ written: 0, held: 0 })
    // Twice is once.
    expect(await decide(runId, 'approved')).toEqual({ outcome: 'stale' })
    // And they come back as they were.
    await syncOnce(pool, account, FULL)
    expect(await presences(account)).toEqual({ present: 15 })
  })

  test('rejected: stays, is not asked again, and is forgotten when the companies are seen', async () => {
    const { account, runId } = await openHold()
    expect(await decide(runId, 'rejected')).toEqual({ outcome: 'done', decided: 7 })
    const before = await versions()
    await syncOnce(pool, account, HALF)
    expect(await versions()).toEqual(before)
    expect(await presences(account)).toEqual({ present: 8, suspect: 7 })
    expect(await waiting(runId)).toEqual([])
    await syncOnce(pool, account, FULL)
    expect((await items(account)).filter(({ open }) => open)).toEqual([])
    expect(await presences(account)).toEqual({ present: 15 })
  })

  test('one of several: the others go on waiting', async () => {
    const { account, runId } = await openHold()
    const [one = ''] = await waiting(runId)
    expect(await decide(runId, 'approved', [one])).toEqual({ outcome: 'done', decided: 1 })
    expect(await presences(account)).toEqual({ present: 8, suspect: 6, unlinked: 1 })
    expect(await waiting(runId)).toHaveLength(6)
  })

  test('a newer run that asks for something else makes it stale', async () => {
    const { account, runId } = await openHold()
    const one = await waiting(runId)
    const next = await syncOnce(pool, account, [...HALF, twelve[0]!])
    expect(next.held).toBe(0) // six of twelve are half
    expect(await decide(runId, 'approved', one)).toEqual({ outcome: 'stale' })
    expect(await presences(account)).toEqual({ present: 9, unlinked: 6 })
  })

  test('expires when no complete run has confirmed it for a day', async () => {
    const { account, runId } = await openHold()
    await owner.query(`update account set hold_confirmed_at = now() - interval '25 hours' where id = $1`, [account.id])
    expect(await decide(runId, 'approved')).toEqual({ outcome: 'expired' })
    await syncOnce(pool, account, HALF)
    expect(await decide(runId, 'approved')).toEqual({ outcome: 'done', decided: 7 })
  })

  test('an incomplete listing leaves it open, but for what it shows', async () => {
    const { account, runId } = await openHold()
    await syncOnce(pool, account, [ROOT, MSP], { complete: false })
    expect(await waiting(runId)).toHaveLength(7)
    const next = await syncOnce(pool, account, [ROOT, MSP, twelve[0]!], { complete: false })
    expect(await waiting(next.runId)).toHaveLength(6)
    expect(await presences(account)).toEqual({ present: 9, suspect: 6 })
  })

  test('moves: stay where they are, then move', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, FULL)
    const moved = [ROOT, MSP, OTHER, ...twelve.map((row) => ({ ...row, parentGuid: OTHER.guid, name: `${row.name}!` }))]
    const run = await syncOnce(pool, account, moved)
    expect(run.reasons).toMatchObject([{ rule: 'tooManyMoves', count: 12, limit: 10 }])
    expect((await readGroups(owner, account.id))[3]).toMatchObject({ parent: 'Severní MSP', name: 'Company 10!' })
    const before = await versions()
    expect(await syncOnce(pool, account, moved)).toMatchObject({ held: 12, written: 0 })
    expect(await versions()).toEqual(before)
    expect(await decide(run.runId, 'approved')).toEqual({ outcome: 'done', decided: 12 })
    expect((await readGroups(owner, account.id)).slice(1, 4)).toMatchObject([
      { size: 1, not_set_up: 0 },
      { size: 13, not_set_up: 12 },
      { parent: 'Jižní MSP' },
    ])
    expect(await syncOnce(pool, account, moved)).toMatchObject({ held: 0 })
  })

  test('moves: the reason is that of the run that holds them, and nobody is asked twice', async () => {
    const account = await addAccount(owner, ROOT.guid)
    const toTop = (count: number) => [
      ROOT,
      MSP,
      ...Array.from({ length: 30 }, (_, at) => child(10 + at, at < count ? { parentGuid: ROOT.guid } : {})),
    ]
    const rules = async () => (await items(account)).map(({ rule, run_id, open }) => ({ rule, run_id, open }))
    const all = (length: number, rule: string, runId: number) => Array(length).fill({ rule, run_id: runId, open: true })
    await syncOnce(pool, account, toTop(0))
    const few = await syncOnce(pool, account, toTop(11))
    expect(await rules()).toEqual(all(11, 'tooManyMoves', few.runId))
    const most = await syncOnce(pool, account, toTop(16))
    expect(await rules()).toEqual(all(16, 'depthCollapse', most.runId))
    expect(await syncOnce(pool, account, toTop(16))).toMatchObject({ written: 0 })
  })

  test('types: stay what they are, then change', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, FULL)
    const changed = [ROOT, MSP, OTHER, ...twelve.map((row) => ({ ...row, typeCode: 1005 }))]
    const run = await syncOnce(pool, account, changed)
    expect(run.reasons).toMatchObject([{ rule: 'tooManyTypes', count: 12 }])
    expect((await readGroups(owner, account.id))[3]).toMatchObject({ kind: 'customer' })
    await decide(run.runId, 'approved')
    expect((await readGroups(owner, account.id))[3]).toMatchObject({ kind: 'msp' })
    expect(await syncOnce(pool, account, changed)).toMatchObject({ held: 0 })
  })

  test('companies of another account: not added until somebody says so', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, FULL)
    const strangers = [
      ROOT,
      ...Array.from({ length: 14 }, (_, index) => company(60 + index, { parentGuid: ROOT.guid })),
    ]
    const run = await syncOnce(pool, account, strangers)
    expect(run.reasons).toMatchObject([{ rule: 'otherCompanies', count: 14 }])
    expect(await presences(account)).toEqual({ present: 1, suspect: 14 })
    expect(await decide(run.runId, 'approved')).toEqual({ outcome: 'done', decided: 14 })
    expect(await presences(account)).toEqual({ present: 15, suspect: 14 })
    expect(await syncOnce(pool, account, strangers)).toMatchObject({ reasons: [{ rule: 'tooMany', count: 14 }] })
  })
})
