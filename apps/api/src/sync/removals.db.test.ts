import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import { addAccount, company, connectAsSync, guidOf, readEvents, readGroups, syncOnce } from './testing.ts'

let database: TestDatabase
let owner: pg.Pool
let pool: pg.Pool

beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl })
  pool = connectAsSync(database.ownerUrl)
})
afterAll(async () => {
  await pool.end()
  await owner.end()
  await database.drop()
})

const ROOT = company(1, { typeCode: 1004, name: 'Manager' })
const MSP = company(2, { typeCode: 1006, parentGuid: ROOT.guid, name: 'Severní MSP' })
const child = (number: number, fields = {}) => company(number, { parentGuid: MSP.guid, ...fields })

const groups = (accountId: number) => readGroups(owner, accountId)
const events = (runId: number) => readEvents(owner, runId)

describe('removal needs proof', () => {
  const full = [ROOT, MSP, child(3), child(4), child(5)]
  const without3 = [ROOT, MSP, child(4), child(5)]
  const presence = async (accountId: number, n = 3) =>
    (await groups(accountId)).find((row) => row['n'] === n)?.['presence']

  test('absent from one complete listing is suspect, from a second one removed, seen again restored', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, full)
    const first = await syncOnce(pool, account, without3)
    expect(await events(first.runId)).toMatchObject([{ n: 3, kind: 'suspected' }])
    expect(await presence(account.id)).toBe('suspect')
    const second = await syncOnce(pool, account, without3)
    expect(await events(second.runId)).toMatchObject([{ n: 3, kind: 'unlinked' }])
    expect(await groups(account.id)).toMatchObject([
      { unlinked: 1, not_set_up: 2 },
      { unlinked: 1, not_set_up: 2, size: 4 },
      { n: 3, state: 'unlinked', last_seen_at: expect.any(Date) },
      {},
      {},
    ])
    expect(await syncOnce(pool, account, without3)).toMatchObject({ written: 0 })
    const back = await syncOnce(pool, account, full)
    expect(await events(back.runId)).toMatchObject([{ n: 3, kind: 'restored', before: { presence: 'unlinked' } }])
    expect(await groups(account.id)).toMatchObject([
      { unlinked: 0, not_set_up: 3 },
      {},
      { n: 3, presence: 'present', last_seen_at: null },
      {},
      {},
    ])
  })

  test('an incomplete listing proves nothing, however often', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, full)
    for (let run = 0; run < 3; run++) await syncOnce(pool, account, [ROOT, MSP], { complete: false })
    expect(await presence(account.id)).toBe('present')
  })

  test('the two listings must be the gap apart', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, full)
    await syncOnce(pool, account, without3, { removalGapSeconds: 600 })
    await syncOnce(pool, account, without3, { removalGapSeconds: 600, later: 599 })
    expect(await presence(account.id)).toBe('suspect')
    await syncOnce(pool, account, without3, { removalGapSeconds: 600, later: 601 })
    expect(await presence(account.id)).toBe('unlinked')
  })

  test('a row that cannot be read is a company that exists, with its last good values', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, full)
    for (let run = 0; run < 2; run++) await syncOnce(pool, account, without3, { rejected: [guidOf(3)] })
    expect((await groups(account.id))[2]).toMatchObject({ n: 3, presence: 'present', name: 'Company 3' })
    await syncOnce(pool, account, full, { rejected: [guidOf(77)] })
    expect(await groups(account.id)).toHaveLength(5)
  })

  test('the guard holds what is too much: it stays suspect, the rest of the plan applies', async () => {
    const account = await addAccount(owner, ROOT.guid)
    const twelve = Array.from({ length: 12 }, (_, index) => child(10 + index))
    await syncOnce(pool, account, [ROOT, MSP, ...twelve])
    const half = [ROOT, MSP, ...twelve.slice(7)]
    await syncOnce(pool, account, half)
    const held = await syncOnce(pool, account, [...half, child(40)])
    expect(held).toMatchObject({ held: 7, reasons: [{ rule: 'tooManyOfParent', count: 7, limit: 6 }] })
    expect((await events(held.runId)).filter(({ kind }) => kind !== 'held')).toMatchObject([{ n: 40, kind: 'created' }])
    expect(await presence(account.id, 10)).toBe('suspect')
  })

  test('the root is held even when a listing calls another company the root', async () => {
    const account = await addAccount(owner, ROOT.guid)
    const root = { ...ROOT, typeCode: 1005 }
    const siblings = Array.from({ length: 12 }, (_, index) => company(20 + index, { parentGuid: guidOf(1) }))
    await syncOnce(pool, account, [root, ...siblings])
    const other = { id: account.id, rootGuid: guidOf(20) }
    await syncOnce(pool, other, siblings)
    expect(await syncOnce(pool, other, siblings)).toMatchObject({ held: 1, reasons: [{ rule: 'rootGone', count: 1 }] })
    expect(await presence(account.id, 1)).toBe('suspect')
  })

  test('a company is never last seen before it was first seen', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, full)
    // Found by an incomplete listing, after the last complete one.
    await syncOnce(pool, account, [...full, child(6)], { complete: false })
    await syncOnce(pool, account, [ROOT, MSP])
    const { rows } = await owner.query<{ n: number; fine: boolean }>(
      `select right(guid::text, 2)::int as n, last_seen_at >= first_seen_at as fine from company
       where account_id = $1 and last_seen_at is not null order by 1`,
      [account.id],
    )
    expect(rows).toEqual([3, 4, 5, 6].map((n) => ({ n, fine: true })))
  })

  test('setup, and who did it, survive removal and return', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, full)
    await owner.query(`update static_group set setup = 'done' where account_id = $1 and name = 'Company 3'`, [
      account.id,
    ])
    await syncOnce(pool, account, without3)
    await syncOnce(pool, account, without3)
    await syncOnce(pool, account, full)
    expect((await groups(account.id))[2]).toMatchObject({ state: 'normal', presence: 'present' })
    expect((await groups(account.id))[0]).toMatchObject({ normal: 1, not_set_up: 2 })
  })

  test.each([
    ['below itself', [10, 11]],
    ['below each other', [11, 10]],
  ])('a parent is not removed over companies that would go %s, and so stay', async (_how, [first = 0, second = 0]) => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, [ROOT, MSP, child(10), child(11)])
    const circle = [ROOT, child(10, { parentGuid: guidOf(first) }), child(11, { parentGuid: guidOf(second) })]
    await syncOnce(pool, account, circle)
    expect(await syncOnce(pool, account, circle)).toMatchObject({ held: 1, reasons: [{ rule: 'childrenStay' }] })
    expect(await presence(account.id, 2)).toBe('suspect')
  })

  test('a parent whose only company went below another one, which is in a circle, is removed', async () => {
    const account = await addAccount(owner, ROOT.guid)
    const kept = company(30, { parentGuid: ROOT.guid })
    await syncOnce(pool, account, [ROOT, kept, MSP, child(10)])
    await syncOnce(pool, account, [ROOT, kept, child(10)])
    const round = company(20, { typeCode: 1006, parentGuid: guidOf(20) })
    await syncOnce(pool, account, [ROOT, kept, round, child(10, { parentGuid: round.guid })])
    expect(await presence(account.id, 2)).toBe('unlinked')
  })

  test('a company is removed though its parent would go below it, and so stays', async () => {
    const account = await addAccount(owner, ROOT.guid)
    const kept = company(30, { parentGuid: ROOT.guid })
    await syncOnce(pool, account, [ROOT, kept, MSP, child(10)])
    const below = [ROOT, kept, { ...MSP, parentGuid: guidOf(10) }]
    await syncOnce(pool, account, below)
    expect(await syncOnce(pool, account, below)).toMatchObject({ held: 0 })
    expect(await presence(account.id, 10)).toBe('unlinked')
    expect(await presence(account.id, 2)).toBe('present')
  })
})
