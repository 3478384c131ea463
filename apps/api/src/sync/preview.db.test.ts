import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import { addAccount, company, connectAsSync, guidOf, readGroups, syncOnce } from './testing.ts'

// A preview says what a run would do: the same events, the same holds, and nothing of it is done.

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
const OTHER = company(3, { typeCode: 1006, parentGuid: ROOT.guid, name: 'Jižní MSP' })
const twelve = Array.from({ length: 12 }, (_, index) => company(10 + index, { parentGuid: MSP.guid }))
const FULL = [ROOT, MSP, OTHER, ...twelve]
/** Seven of twelve are more than half of one parent's. */
const HALF = [ROOT, MSP, OTHER, ...twelve.slice(7)]

describe('a preview', () => {
  test('writes nothing but its items, and they are what the run after it writes', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, FULL)
    await syncOnce(pool, account, HALF)
    const next = [
      ROOT,
      { ...MSP, name: 'Nový název' },
      company(40, { typeCode: 1006, parentGuid: ROOT.guid, name: 'Nová' }),
      company(41, { parentGuid: guidOf(40), name: 'Pod novou' }),
      ...twelve.slice(8),
      { ...twelve[7]!, parentGuid: guidOf(40) },
    ]
    const mirror = `select id, xmin::text from static_group union all select group_id, xmin::text from company order by 1, 2`
    const before = (await owner.query(mirror)).rows
    const preview = await syncOnce(pool, account, next, { preview: true })
    expect((await owner.query(mirror)).rows).toEqual(before)
    const run = await syncOnce(pool, account, next)
    const planned = await owner.query(
      `select kind, right(guid::text, 2)::int as n, after - 'parentId' as after from plan_item where run_id = $1 and preview and rule is null order by 1, 2`,
      [preview.runId],
    )
    const written = await owner.query(
      `select e.kind, right(c.guid::text, 2)::int as n, e.after - 'parentId' as after from group_event e join company c on c.group_id = e.group_id
       where e.run_id = $1 and e.kind <> 'held' order by 1, 2`,
      [run.runId],
    )
    expect(planned.rows).toEqual(written.rows)
    expect(planned.rows.length).toBeGreaterThan(4)
    const held = await owner.query(
      `select run_id, kind, guid, rule from plan_item where run_id in ($1, $2) and rule is not null order by 1, 3`,
      [preview.runId, run.runId],
    )
    const of = (id: number) => held.rows.filter(({ run_id }) => run_id === id).map(({ guid, rule }) => [guid, rule])
    expect(of(preview.runId)).toEqual(of(run.runId))
    expect(of(run.runId)).toHaveLength(7)
    const counts = await owner.query(
      `select created, renamed, moved, suspected, unlinked, held from sync_run where id in ($1, $2)`,
      [preview.runId, run.runId],
    )
    expect(counts.rows[0]).toEqual(counts.rows[1])
    const fresh = await owner.query(
      `select above, anchor_id, name from plan_item where run_id = $1 and name = 'Pod novou'`,
      [preview.runId],
    )
    expect(fresh.rows).toMatchObject([{ above: ['Nová'] }])
  })

  test('of an account that was never synced', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, FULL, { preview: true })
    expect(await readGroups(owner, account.id)).toEqual([])
    const { rows } = await owner.query(
      'select created, root_group_id from sync_run r join account a on a.id = r.account_id where a.id = $1',
      [account.id],
    )
    expect(rows).toEqual([{ created: 15, root_group_id: null }])
  })
})
