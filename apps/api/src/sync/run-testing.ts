// Set-up shared by the tests of whole runs: a database, connections as the console has them, accounts, and what a run left.
// The source is the caller's: nothing here knows the mock.
import pg from 'pg'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import type { SyncDeps } from './run.ts'
import { createTestSync } from './test-sync.ts'
import { connectAsSync } from './testing.ts'

export interface RunSource {
  baseUrl: string
  /** The company at which the login stands. */
  rootGuid: string
  password: string
}

export type RunStand = Awaited<ReturnType<typeof openRunStand>>

/** @param given a database of another server than the one that all tests share */
export async function openRunStand(given?: TestDatabase) {
  const database = given ?? (await createTestDatabase())
  const owner = new pg.Pool({ connectionString: database.ownerUrl })
  // Where the server itself is what fails.
  owner.on('error', () => {})
  const pool = connectAsSync(database.ownerUrl)
  const leasePool = connectAsSync(database.ownerUrl)

  async function readRun(runId: number): Promise<Record<string, unknown>> {
    const { rows } = await owner.query<Record<string, unknown>>('select * from sync_run where id = $1', [runId])
    return rows[0]! // asked for by a run that exists
  }

  return {
    ownerUrl: database.ownerUrl,
    owner,
    readRun,
    /** How many companies of the account are present, suspect … */
    async presences(accountId: number): Promise<Record<string, number>> {
      const { rows } = await owner.query<{ presence: string; n: number }>(
        `select presence, count(*)::int as n from company c join static_group g on g.id = c.group_id where c.account_id = $1 group by 1 order by 1`,
        [accountId],
      )
      return Object.fromEntries(rows.map(({ presence, n }) => [presence, n]))
    },
    /** Differs when any row of the mirror or its history was written, even with what it held before. */
    async rowVersions(): Promise<string | undefined> {
      const { rows } = await owner.query<{ version: string }>(
        `select string_agg(version, ' ' order by version) as version from (
           select 'g' || id || xmin || ctid as version from static_group union all select 'c' || group_id || xmin || ctid from company
           union all select 'e' || id || xmin || ctid from group_event) all_rows`,
      )
      return rows[0]?.version
    },
    /** An account at a source, and the sync that runs it. */
    async connect({ baseUrl, rootGuid, password }: RunSource, changes: Partial<SyncDeps> = {}) {
      const { rows } = await owner.query<{ id: number }>(
        `insert into account (name, base_url, login, company_guid, secret) values ('Test', $1, 'distributor@demo.example', $2, $3) returning id`,
        [baseUrl, rootGuid, Buffer.from(password)],
      )
      const accountId = rows[0]!.id // returning gives the row
      const sync = createTestSync({ pool, leasePool, ...changes })
      const start = () => sync.start(accountId, { trigger: 'manual', startedBy: 'anna@test.example' })
      async function run() {
        const { runId, done } = await start()
        await done
        return readRun(runId)
      }
      return { sync, accountId, start, run }
    },
    async close(): Promise<void> {
      await Promise.all([pool.end(), leasePool.end()])
      await owner.end()
      await database.drop()
    },
  }
}
