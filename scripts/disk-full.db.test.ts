/**
 * The disk of the database fills up at a step of a run. The run fails, or its server does; with room again the account is whole. It takes
 * a small disk of its own, in memory, and so root on Linux; elsewhere these cases are left out, and say so.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../apps/api/src/db/migrate.ts'
import { runWithStrike, STEPS } from '../apps/api/src/schedule/step-testing.ts'
import { COMPANIES, openScheduleStand, type ScheduleStand, until } from '../apps/api/src/schedule/testing.ts'
import { findBrokenGroups } from '../apps/api/src/sync/testing.ts'
import { type Postgres, removeCluster, startPostgres } from './postgres.ts'

const SIZE = '220m'
const dataDir = mkdtempSync(join(tmpdir(), 'disk-full-'))
const filler = join(dataDir, 'filler')
let isMounted = false

let server: Postgres
let isGone = false
let stand: ScheduleStand
let cases = 0
let failed = 0

async function start(): Promise<void> {
  server = await startPostgres({
    dataDir,
    log: () => {},
    settings: { shared_buffers: '16MB', min_wal_size: '32MB', max_wal_size: '32MB' },
  })
  isGone = false
  void server.exited.then(() => (isGone = true))
}

beforeAll(async () => {
  isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'tmpfs', dataDir]).status === 0
  if (!isMounted) return
  chmodSync(dataDir, 0o755)
  await start()
  await migrate(server.url, { collation: 'cs' })
  stand = await openScheduleStand({ ownerUrl: server.url, drop: async () => {} })
})
afterAll(async () => {
  const why = isMounted ? `${failed} of the runs failed` : 'left out: no disk of its own could be mounted here'
  process.stdout.write(`family S-12 disk full: ${cases} cases (${why})\n`)
  if (!isMounted) return rmSync(dataDir, { recursive: true })
  await stand.close()
  await server.stop()
  await removeCluster(dataDir).catch(() => {})
  spawnSync('umount', [dataDir])
  rmSync(dataDir, { recursive: true, force: true })
})

/** Leaves no byte. */
function fill(): void {
  const { bavail, bsize } = statfsSync(dataDir)
  writeFileSync(filler, Buffer.alloc(bavail * bsize))
}

describe('the disk is full', () => {
  test.for(Object.keys(STEPS))('at %s', async (step, { skip }) => {
    skip(!isMounted, 'no disk of its own could be mounted here')
    const { accountId } = await stand.connect()
    const runId = await runWithStrike(stand.ownerUrl, accountId, step, fill)
    rmSync(filler)
    const isUp = () =>
      stand.owner.query('select').then(
        () => true,
        () => false,
      )
    await until(async () => isGone || (await isUp()), 30_000)
    if (isGone) {
      await server.stop()
      await start()
    }
    await until(isUp, 30_000)
    await stand.recover(accountId)
    const { status } = await stand.readRun(runId)
    if (status !== 'succeeded') failed += 1
    expect(await stand.findFaults(accountId)).toEqual([])
    expect(await findBrokenGroups(stand.owner, accountId)).toEqual([])
    expect(await stand.presences(accountId)).toEqual({ present: COMPANIES })
    const runs = await stand.runsOf(accountId)
    expect(runs.at(-1)).toMatchObject({ status: 'succeeded', created: status === 'succeeded' ? 0 : COMPANIES })
    cases += 1
  })
})
