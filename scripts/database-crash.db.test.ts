/**
 * PostgreSQL itself goes away at each step of a run: restarted, told to quit, killed, one backend or the whole server. It is a server of
 * these tests' own, with durability on. What a crash leaves of a listing can never pass for a short one: it lay in temporary tables.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Postgres, removeCluster, startPostgres } from './postgres.ts'
import { migrate } from '../apps/api/src/db/migrate.ts'
import { runWithStrike, STEPS } from '../apps/api/src/schedule/step-testing.ts'
import { findBrokenGroups } from '../apps/api/src/sync/testing.ts'
import { COMPANIES, isLong, openScheduleStand, type ScheduleStand, until } from '../apps/api/src/schedule/testing.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'database-crash-'))
let server: Postgres
let stand: ScheduleStand
let cases = 0
const start = () => startPostgres({ dataDir, log: () => {}, settings: { shared_buffers: '32MB' } })

beforeAll(async () => {
  server = await start()
  await migrate(server.url, { collation: 'cs' })
  stand = await openScheduleStand({ ownerUrl: server.url, drop: async () => {} })
})
afterAll(async () => {
  process.stdout.write(`family S-12 PostgreSQL goes away: ${cases} cases\n`)
  await stand.close()
  await server.stop()
  await removeCluster(dataDir)
})

/** How it goes: a signal to the server, or to the one process of it that serves the run. */
const WAYS = {
  'restarted fast': { whom: 'server', signal: 'SIGINT' },
  'restarted at once': { whom: 'server', signal: 'SIGQUIT' },
  'killed -9': { whom: 'server', signal: 'SIGKILL' },
  'its backend killed -9': { whom: 'backend', signal: 'SIGKILL' },
} as const
const OFTEN: readonly string[] = ['staging', 'applying', 'the commit']
/** Of an account that was synced before: half a listing must look like nobody left. */
const SECOND: readonly string[] = ['the listing', 'staging', 'planning']

describe.each(Object.entries(WAYS))('%s', (_way, { whom, signal }) => {
  test.each(Object.keys(STEPS).filter((step) => isLong || OFTEN.includes(step)))('at %s', async (step) => {
    const { accountId } = await stand.connect()
    if (SECOND.includes(step)) await stand.recover(accountId)
    const { rows } = await stand.owner.query<{ pid: number }>(
      `select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int as pid`,
    )
    const runId = await runWithStrike(stand.ownerUrl, accountId, step, (_proxy, backend) => {
      const pid = whom === 'server' ? rows[0]?.pid : backend
      if (!pid) throw new Error('no process to kill') // 0 would be this one
      process.kill(pid, signal)
    })
    if (whom === 'server') {
      await server.exited
      await server.stop() // lets go of its folder
      server = await start()
    }
    await until(
      () =>
        stand.owner.query('select').then(
          () => true,
          () => false,
        ),
      30_000,
    )
    await stand.recover(accountId)
    const { status } = await stand.readRun(runId)
    expect(await stand.findFaults(accountId)).toEqual([])
    expect(await findBrokenGroups(stand.owner, accountId)).toEqual([])
    expect(await stand.presences(accountId)).toEqual({ present: COMPANIES })
    const runs = await stand.runsOf(accountId)
    const isThere = SECOND.includes(step) || status === 'succeeded'
    expect(runs.at(-1)).toMatchObject({ status: 'succeeded', created: isThere ? 0 : COMPANIES })
    cases += 1
  })
})
