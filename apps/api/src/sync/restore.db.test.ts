import type { ListedCompany } from '@msp-console/ema'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import { type Account, addAccount, company, connectAsSync, findBrokenGroups, guidOf, syncOnce } from './testing.ts'

// A removed company that is seen again is the same one: its row, what people have said of it, and its history, however often it went
// and whatever it became meanwhile.

let database: TestDatabase
let owner: pg.Pool
let pool: pg.Pool
let cases = 0

beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl })
  pool = connectAsSync(database.ownerUrl)
})
afterAll(async () => {
  process.stdout.write(`family S-16 restore: ${cases} cases\n`)
  await pool.end()
  await owner.end()
  await database.drop()
})

const ROOT = company(1, { typeCode: 1004, name: 'Root' })
const MSP = company(2, { typeCode: 1006, parentGuid: ROOT.guid, name: 'MSP' })
const OTHER = company(3, { typeCode: 1006, parentGuid: ROOT.guid, name: 'Other' })
const ONE = company(4, { parentGuid: MSP.guid, name: 'One', customIdentifier: 'PSA:4' })
const KEPT = company(5, { parentGuid: MSP.guid, name: 'Kept' })

/** What it is when it comes back. */
const BACK: Record<string, Partial<ListedCompany>> = {
  'as it was': {},
  'below another parent': { parentGuid: OTHER.guid },
  'of another type': { typeCode: 1005 },
  'under another name': { name: 'One renamed' },
}

async function read(account: Account, guid: string) {
  const { rows } = await owner.query<Record<string, unknown>>(
    `select g.id, g.name, g.presence, g.setup, g.state, c.tags, c.setup_by, c.custom_identifier, c.first_seen_at, p.name as parent, g.kind
     from company c join static_group g on g.id = c.group_id join static_group p on p.id = g.parent_id
     where c.account_id = $1 and c.guid = $2`,
    [account.id, guid],
  )
  expect(rows).toHaveLength(1)
  return rows[0] ?? {}
}

describe.each(['done', 'skipped'])('a customer that was %s', (setup) => {
  describe.each(Object.entries(BACK))('comes back %s', (_what, changes) => {
    test.each([1, 2, 3])('after %d removals', async (times) => {
      const account = await addAccount(owner, ROOT.guid)
      const without = [ROOT, MSP, OTHER, KEPT]
      await syncOnce(pool, account, [...without, ONE])
      const { id } = await read(account, ONE.guid)
      await owner.query('update static_group set setup = $2 where id = $1', [id, setup])
      await owner.query(
        `update company set tags = '{vip,brno}', setup_by = 'anna@test.example', setup_at = now() where group_id = $1`,
        [id],
      )
      const before = await read(account, ONE.guid)

      let back: ListedCompany = ONE
      for (let time = 0; time < times; time++) {
        await syncOnce(pool, account, without)
        await syncOnce(pool, account, without)
        expect(await read(account, ONE.guid)).toMatchObject({ id, presence: 'unlinked', state: 'unlinked', setup })
        back = { ...ONE, ...changes }
        await syncOnce(pool, account, [...without, back])
      }

      const after = await read(account, ONE.guid)
      const { name, parent, kind, state } = after
      expect({ ...after, name: 0, parent: 0, kind: 0, state: 0 }).toEqual({
        ...before,
        name: 0,
        parent: 0,
        kind: 0,
        state: 0,
      })
      expect([name, parent]).toEqual([back.name, back.parentGuid === OTHER.guid ? 'Other' : 'MSP'])
      expect(kind === 'customer' ? state : 'normal').toBe('normal')
      const { rows } = await owner.query<{ kind: string; n: number }>(
        'select kind, count(*)::int as n from group_event where group_id = $1 group by 1',
        [id],
      )
      const told = Object.fromEntries(rows.map((row) => [row.kind, row.n]))
      expect(told).toMatchObject({ created: 1, suspected: times, unlinked: times, restored: times })
      expect(await findBrokenGroups(owner, account.id)).toEqual([])
      cases += 1
    })
  })
})

test('a parent that went with its customers comes back with them, whoever is seen first', async () => {
  const account = await addAccount(owner, ROOT.guid)
  await syncOnce(pool, account, [ROOT, MSP, OTHER, ONE, KEPT])
  for (let run = 0; run < 2; run++) await syncOnce(pool, account, [ROOT, OTHER])
  for (const { guid } of [MSP, ONE, KEPT]) expect((await read(account, guid))['presence']).toBe('unlinked')
  await syncOnce(pool, account, [ROOT, OTHER, ONE])
  expect(await read(account, ONE.guid)).toMatchObject({ presence: 'present', parent: 'MSP' })
  await syncOnce(pool, account, [ROOT, OTHER, ONE, KEPT, MSP])
  for (const { guid } of [MSP, ONE, KEPT]) expect((await read(account, guid))['presence']).toBe('present')
  expect((await read(account, guidOf(4)))['parent']).toBe('MSP')
  cases += 1
})
