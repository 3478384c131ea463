/**
 * A bad network between a worker and PostgreSQL: eight toxics in two directions at four steps of a run. Whatever was lost on the way,
 * the answer to COMMIT included, the next run finds the account whole: every company once, every event once, nothing left running.
 */
import { DEMO_PASSWORD, openTcpProxy, type Toxics } from '@msp-console/mock-ema'
import { createEmaClient } from '@msp-console/ema'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSync } from '../sync/run.ts'
import { findBrokenGroups } from '../sync/testing.ts'
import { COMPANIES, openScheduleStand, type ScheduleStand } from './testing.ts'

let stand: ScheduleStand
let cases = 0
const outcomes: Record<string, number> = {}
beforeAll(async () => {
  stand = await openScheduleStand()
})
afterAll(async () => {
  const told = Object.entries(outcomes).map(([status, n]) => `${n} ${status}`)
  process.stdout.write(
    `family S-08 bad networks towards PostgreSQL: ${cases} cases (the run itself: ${told.join(', ')})\n`,
  )
  await stand.close()
})

const TOXICS: Record<string, Toxics | 'down'> = {
  latency: { latencyMs: 20 },
  bandwidth: { bytesPerSecond: 200_000 },
  'slow close': { slowCloseMs: 50 },
  slicer: { slicer: { bytes: 500, pauseMs: 1 } },
  timeout: { timeoutMs: 100 },
  reset: { resetMs: 0 },
  limit: { limitBytes: 5 },
  down: 'down',
}
/** What is said upwards, one after the other, when the step begins. */
const STEPS: Record<string, readonly string[]> = {
  stage: ['copy staging'],
  plan: ['insert into plan'],
  apply: ['insert into static_group'],
  commit: ['insert into static_group', 'commit\0'],
}

describe.concurrent.each(Object.keys(TOXICS))('%s', (toxic) => {
  describe.each(Object.keys(STEPS))('at the step %s', (step) => {
    test.concurrent.each(['up', 'down'] as const)('%s', async (direction) => {
      const { accountId } = await stand.connect()
      const url = new URL(stand.ownerUrl)
      const steps = [...(STEPS[step] ?? [])]
      const proxy = await openTcpProxy({
        target: { host: url.hostname, port: Number(url.port) },
        onChunk(from, chunk) {
          if (from !== 'up' || steps[0] === undefined || !chunk.includes(steps[0])) return
          steps.shift()
          if (steps.length > 0) return
          const what = TOXICS[toxic] ?? {}
          if (what === 'down') void proxy.setDown(true)
          else proxy.set(direction, what)
        },
      })
      url.hostname = proxy.host
      url.port = String(proxy.port)
      const [pool, leasePool] = [1, 1].map((max) => {
        const opened = new pg.Pool({
          connectionString: url.href,
          options: '-c role=msp_console_sync',
          max,
          connectionTimeoutMillis: 500,
        })
        return opened.on('error', () => {})
      }) as [pg.Pool, pg.Pool]
      const sync = createSync({
        pool,
        leasePool,
        openClient: (account, signal) => createEmaClient({ ...account, signal, maxTries: 2 }),
        unseal: () => DEMO_PASSWORD,
        removalGapSeconds: 0,
        log: { info: () => {}, error: () => {} },
      })
      const { runId, done } = await sync.start(accountId, { trigger: 'manual', startedBy: null })
      await done
      expect(steps).toEqual([])
      proxy.set('up', {})
      proxy.set('down', {})
      await proxy.setDown(false)
      await Promise.all([pool.end(), leasePool.end()])
      await proxy.close()

      await stand.recover(accountId)
      const { status } = await stand.readRun(runId)
      outcomes[String(status)] = (outcomes[String(status)] ?? 0) + 1
      expect(await stand.findFaults(accountId)).toEqual([])
      expect(await findBrokenGroups(stand.owner, accountId)).toEqual([])
      const runs = await stand.runsOf(accountId)
      expect(runs.at(-1)?.status).toBe('succeeded')
      // A run that says that it succeeded did: the one after it had nothing left to do.
      expect(runs.at(-1)?.created).toBe(status === 'succeeded' ? 0 : COMPANIES)
      cases += 1
    })
  })
})
