/**
 * Several workers on one database, each with connections of its own, and storms of triggers: one run of an account at a time, and
 * nothing applied twice.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createScenarios, openScheduleStand, type ScheduleStand, TIME } from './testing.ts'

let stand: ScheduleStand
const { repeated, tell } = createScenarios(() => stand)
beforeAll(async () => {
  stand = await openScheduleStand()
})
afterEach(() => stand.clear())
afterAll(async () => {
  tell('S-11 concurrent runs')
  await stand.close()
})

describe('workers that see the same account due', () => {
  for (const count of [2, 3, 4, 5, 6, 7, 8]) {
    test(
      `${count} of them: one runs it`,
      TIME,
      repeated(async () => {
        const { accountId } = await stand.addAccount()
        const answers = await Promise.all(stand.addWorkers(count).map((worker) => worker.startDue(accountId)))
        expect(answers.filter(Boolean)).toHaveLength(1)
        await stand.untilIdle(accountId)
        expect(await stand.runsOf(accountId)).toHaveLength(1)
        expect(await stand.findFaults(accountId)).toEqual([])
      }),
    )
  }
})

describe('a storm of 200 triggers', () => {
  const manual = { trigger: 'manual', startedBy: null } as const

  for (const count of [2, 4, 8]) {
    test(
      `by people on ${count} workers: each is answered with a run, and runs do not overlap`,
      TIME,
      repeated(async () => {
        const { accountId } = await stand.addAccount(5)
        const workers = stand.addWorkers(count)
        const answers = await Promise.all(
          Array.from({ length: 200 }, async (_, i) => {
            await sleep(i * 5)
            return workers[i % count]!.start(accountId, manual) // i % count is within
          }),
        )
        await stand.untilIdle(accountId)
        const runs = await stand.runsOf(accountId)
        expect(new Set(answers.map(({ runId }) => runId))).toEqual(new Set(runs.map(({ id }) => id)))
        expect(answers.filter(({ started }) => started)).toHaveLength(runs.length)
        expect(await stand.findFaults(accountId)).toEqual([])
      }),
    )
  }

  test(
    'by the schedule for five accounts on four workers: five runs',
    TIME,
    repeated(async () => {
      const accounts = await Promise.all([1, 2, 3, 4, 5].map(() => stand.addAccount()))
      const workers = stand.addWorkers(4, 4)
      const answers = await Promise.all(
        Array.from({ length: 200 }, async (_, i) => {
          // Longer than a run lasts: who comes when it has ended finds nothing due.
          await sleep(i * 6)
          return workers[i % 4]!.startDue(accounts[i % 5]!.accountId) // both within
        }),
      )
      expect(answers.filter(Boolean)).toHaveLength(5)
      for (const { accountId } of accounts) {
        await stand.untilIdle(accountId)
        expect(await stand.runsOf(accountId)).toHaveLength(1)
        expect(await stand.findFaults(accountId)).toEqual([])
      }
    }),
  )

  test(
    'by people and the schedule at once: still one at a time',
    TIME,
    repeated(async () => {
      const { accountId } = await stand.addAccount(5)
      const workers = stand.addWorkers(4)
      await Promise.all(
        Array.from({ length: 200 }, async (_, i) => {
          await sleep(i * 3)
          const worker = workers[i % 4]! // within
          if (i % 2 === 0) return worker.startDue(accountId)
          await stand.owner.query('update account_schedule set next_run_at = now() where account_id = $1', [accountId])
          return worker.start(accountId, manual)
        }),
      )
      await stand.untilIdle(accountId)
      expect(await stand.findFaults(accountId)).toEqual([])
    }),
  )
})

describe('a single connection', () => {
  test(
    'each, on four workers: the account is still run once',
    TIME,
    repeated(async () => {
      const { accountId } = await stand.addAccount()
      const workers = stand.addWorkers(4, 1)
      const answers = await Promise.all(
        workers.flatMap((worker) => Array.from({ length: 10 }, () => worker.startDue(accountId))),
      )
      expect(answers.filter(Boolean)).toHaveLength(1)
      await stand.untilIdle(accountId)
      expect(await stand.findFaults(accountId)).toEqual([])
    }),
  )

  test(
    'for two accounts: both run, one after the other, and no lease runs out',
    TIME,
    repeated(async () => {
      const accounts = [await stand.addAccount(30), await stand.addAccount(30)]
      const [worker] = stand.addWorkers(1, 1)
      for (const { accountId } of accounts) expect(await worker?.startDue(accountId)).toBe(true)
      for (const { accountId } of accounts) {
        await stand.untilIdle(accountId)
        expect((await stand.runsOf(accountId)).map(({ status }) => status)).toEqual(['succeeded'])
        expect(await stand.findFaults(accountId)).toEqual([])
      }
    }),
  )
})
