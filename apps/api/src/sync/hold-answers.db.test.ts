import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import type { LookUp } from './evidence.ts'
import { MSP, openHoldTools, OTHER, ROOT, twelve, type HoldTools } from './hold-testing.ts'
import { type Account, addAccount, connectAsSync, guidOf, syncOnce } from './testing.ts'

// What EMA's answer about a single missing company makes of it: removed, held, or waiting for better proof.

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

describe('what EMA says of single companies', () => {
  const ten = [ROOT, MSP, OTHER, ...twelve.slice(0, 10)]
  const without = ten.filter(({ guid }) => guid !== guidOf(10))
  const suspected = async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, ten)
    await syncOnce(pool, account, without, { removalGapSeconds: 600 })
    return account
  }
  const again = (account: Account, answer: LookUp, gap = 0) =>
    syncOnce(pool, account, without, {
      lookUps: { [guidOf(10)]: answer },
      complete: true,
      removalGapSeconds: gap,
    })

  test('gone is proof before the gap has passed', async () => {
    const account = await suspected()
    await again(account, 'gone', 600)
    expect(await presences(account)).toEqual({ present: 12, unlinked: 1 })
  })

  test('unsure is none, however often it is absent', async () => {
    const account = await suspected()
    for (let run = 0; run < 3; run++) await again(account, 'unsure')
    expect(await presences(account)).toEqual({ present: 12, suspect: 1 })
  })

  test('unclear leaves it to the listings', async () => {
    const account = await suspected()
    await again(account, 'unclear')
    expect(await presences(account)).toEqual({ present: 12, unlinked: 1 })
  })

  test('whoever was not asked for, because others were, waits', async () => {
    const account = await suspected()
    await again(account, 'unasked')
    expect(await presences(account)).toEqual({ present: 12, suspect: 1 })
    // Yet all of them together are held when they are too many.
    const many = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, many, [ROOT, MSP, OTHER, ...twelve])
    await syncOnce(pool, many, [ROOT, MSP, OTHER])
    const lookUps = Object.fromEntries(twelve.map(({ guid }) => [guid, 'unasked' as const]))
    expect(await syncOnce(pool, many, [ROOT, MSP, OTHER], { lookUps })).toMatchObject({
      held: 12,
      reasons: [{ rule: 'tooMany', count: 12 }],
    })
  })

  test('no access is no removal until somebody says so', async () => {
    const account = await suspected()
    const run = await again(account, 'noAccess')
    expect(run.reasons).toMatchObject([{ rule: 'accessLost', count: 1 }])
    expect(await presences(account)).toEqual({ present: 12, inaccessible: 1 })
    for (let more = 0; more < 3; more++) await syncOnce(pool, account, without)
    expect(await presences(account)).toEqual({ present: 12, inaccessible: 1 })
    expect(await decide(run.runId, 'approved')).toEqual({ outcome: 'done', decided: 1 })
    expect(await presences(account)).toEqual({ present: 12, unlinked: 1 })
  })

  test('seen again after access was lost', async () => {
    const account = await suspected()
    await again(account, 'noAccess')
    await syncOnce(pool, account, ten)
    expect(await presences(account)).toEqual({ present: 13 })
    expect((await items(account)).filter(({ open }) => open)).toEqual([])
  })

  test('a parent is not removed over companies that are there', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, ten)
    const orphans = ten.filter(({ guid }) => guid !== MSP.guid)
    await syncOnce(pool, account, orphans)
    expect(await syncOnce(pool, account, orphans)).toMatchObject({ held: 1, reasons: [{ rule: 'childrenStay' }] })
    expect(await presences(account)).toEqual({ present: 12, suspect: 1 })
  })
})
