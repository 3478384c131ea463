/**
 * A bad network between a worker and PostgreSQL: eight toxics in two directions at four steps of a run. Whatever was lost on the way,
 * the answer to COMMIT included, the next run finds the account whole: every company once, every event once, nothing left running.
 */
import type { Toxics } from '@msp-console/mock-ema'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBrokenGroups } from '../sync/testing.ts'
import { COMPANIES, openScheduleStand, type ScheduleStand } from './testing.ts'
import { runWithStrike } from './step-testing.ts'

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
const AT = ['staging', 'planning', 'applying', 'the commit']

describe.concurrent.each(Object.keys(TOXICS))('%s', (toxic) => {
  describe.each(AT)('at %s', (step) => {
    test.concurrent.each(['up', 'down'] as const)('%s', async (direction) => {
      const { accountId } = await stand.connect()
      const runId = await runWithStrike(stand.ownerUrl, accountId, step, (proxy) => {
        const what = TOXICS[toxic] ?? {}
        if (what === 'down') void proxy.setDown(true)
        else proxy.set(direction, what)
      })
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
