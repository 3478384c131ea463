// Accounts and runs, column by column: what a connection reads of them, whatever a statement asks for.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPools, type Pools } from '../db/pools.ts'
import { rangeOf } from '../db/scoped.ts'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import { CONTEXTS, FOREIGN, OWN, type Settings, WORLD } from './row-world.ts'

let database: TestDatabase
let owner: pg.Pool
let pools: Pools
/** The same connection for all, because what a transaction leaves behind is the point. */
let client: pg.PoolClient
let cells = 0

beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
  pools = openPools({ owner: database.ownerUrl }, () => {})
  client = await pools.app.connect()
  await owner.query(WORLD)
})
afterAll(async () => {
  process.stdout.write(`columns of accounts and runs: ${cells} cells\n`)
  client.release()
  await Promise.all([pools.close(), owner.end()])
  await database.drop()
})

/** What a part of an account's tree may know, column by column; everything else reads as if it were not there. */
const KNOWN_TO_PART: Record<string, readonly string[]> = {
  account_seen: [
    'id',
    'state',
    'last_complete_at',
    'connected_at',
    'disconnected_at',
    'hold_run_id',
    'hold_confirmed_at',
    'next_run_at',
    'stale_at',
    'can_retry',
    'failing',
    'disabled',
  ],
  run_seen: [
    'id',
    'account_id',
    'status',
    'phase',
    'trigger',
    'started_at',
    'finished_at',
    'strategy',
    'complete',
    'incomplete_reason',
    'error_code',
    'preview',
  ],
}
const NOTHING: readonly unknown[] = [null, 0, false]
const isNothing = (value: unknown) => NOTHING.includes(value) || (Array.isArray(value) && value.length === 0)

describe.each(Object.entries(KNOWN_TO_PART))('%s by column', (view, known) => {
  const columnsUnder = async (settings: Settings) => {
    await client.query('begin')
    if (settings !== null)
      await client.query(`select set_config('msp.scope', $1, true), set_config('msp.scope_end', $2, true)`, [
        ...settings,
      ])
    const { rows } = await client.query<Record<string, unknown>>(`select * from ${view} order by id`)
    await client.query('commit')
    return rows
  }

  beforeAll(async () => {
    await owner.query(
      `update account set name = 'zname' || id, login = 'zlogin' || id, calls_per_second = 7, last_complete_at = now()`,
    )
    await owner.query(
      `update account_schedule set cause = 'timeout', failures = 3, failing_since = now(), disabled_at = now()`,
    )
    await owner.query(
      `update sync_run set started_by = 'z@x.example', calls = 5, listed = 6, expected = 7, incomplete_detail = 'z', error_detail = 'z', rejected = 2,
         rejected_samples = '[{"reason":"z","sample":"z"}]', odd_pairs = 3, passes = 2, look_ups = '{"asked":1}', created = 1, renamed = 1, moved = 1,
         type_changed = 1, status_changed = 1, changed = 1, suspected = 1, unlinked = 1, restored = 1, access_lost = 1, held = 1,
         company_id = case account_id when 10 then 10 else 20 end, held_reasons = '[{"rule":"rootGone","groupId":10},{"rule":"rootGone","groupId":20}]'`,
    )
  })

  test.each(Object.entries(CONTEXTS).filter(([, { sees }]) => sees === 'nothing'))(
    'nothing under scope %s',
    async (_, { before, now }) => {
      if (before !== undefined) await columnsUnder(before)
      cells += 1
      expect(await columnsUnder(now)).toEqual([])
    },
  )

  test('a part reads what it may know and no more', async () => {
    for (const [path, account] of [
      [OWN, 10],
      [FOREIGN, 20],
    ] as const) {
      const rows = await columnsUnder(rangeOf(path))
      expect(rows).toHaveLength(1)
      const row = rows[0] ?? {}
      expect(row[view === 'account_seen' ? 'id' : 'account_id']).toBe(account)
      for (const [column, value] of Object.entries(row)) {
        cells += 1
        expect([column, known.includes(column) || isNothing(value)]).toEqual([column, true])
      }
    }
  })

  test('who sees the whole of it reads every column, of that account alone', async () => {
    for (const [path, count] of [
      ['/1/2/10/', 1],
      ['/1/2/20/', 1],
      ['/1/2/', 2],
      ['/1/', 2],
    ] as const) {
      const rows = await columnsUnder(rangeOf(path))
      expect([path, rows.length]).toEqual([path, count])
      for (const row of rows) {
        const hidden = Object.entries(row).filter(([column, value]) => !known.includes(column) && isNothing(value))
        expect(hidden).toEqual([])
      }
    }
  })
})

test('the tables themselves are closed to requests but for what writing them takes', async () => {
  for (const statement of [
    'select * from sync_run',
    'select secret from account',
    'select last_complete_at from account',
  ])
    await expect(client.query(statement)).rejects.toThrow(/permission denied/)
})
