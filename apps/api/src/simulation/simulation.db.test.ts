import { expect, test } from 'vitest'
import { isLong } from '../schedule/testing.ts'
import { play, type Played } from './play.ts'

// The whole worker — lease, listing, plan, guard, apply — with a real database against a source that changes, fails and lies, by
// seeds. MSP_TEST_SEED plays one; MSP_TEST_LONG=1 plays for half an hour; MSP_TEST_FROM begins
// elsewhere, MSP_TEST_SECONDS lasts otherwise.

const ONE = process.env['MSP_TEST_SEED']
const FROM = Number(process.env['MSP_TEST_FROM'] ?? 1)
const SECONDS = Number(process.env['MSP_TEST_SECONDS'] ?? (isLong ? 1800 : 40))
/** Each waits for its own database, so that a second one finds time. */
const AT_ONCE = 2

test(`the simulation holds what it promises`, { timeout: (SECONDS + 120) * 1000 }, async () => {
  const end = Date.now() + SECONDS * 1000
  const played: Played[] = []
  const failures: string[] = []
  let next = FROM
  const playOn = async () => {
    while (failures.length === 0 && Date.now() < end) {
      const seed = next++
      try {
        played.push(await play(seed))
      } catch (error) {
        failures.push(describe(error))
      }
    }
  }
  if (ONE === undefined) await Promise.all(Array.from({ length: AT_ONCE }, playOn))
  else played.push(await play(Number(ONE)))
  if (ONE !== undefined) process.stdout.write(`${played.flatMap(({ told }) => told).join('\n')}\n`)
  const sum = (key: Exclude<keyof Played, 'told'>) => played.reduce((total, one) => total + one[key], 0)
  process.stdout.write(
    `family simulation: ${played.length} seeds, ${sum('steps')} steps, ${sum('runs')} runs, ${sum('checks')} checks, ${sum('removed')} removals, ${countFalse(failures)} false removals, settled after ${Math.max(0, ...played.map(({ settledAfter }) => settledAfter))} runs at most\n`,
  )
  expect(failures).toEqual([])
})

const countFalse = (failures: readonly string[]) =>
  failures.join('\n').split('exists and is shown as removed').length - 1

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}\n${(error.cause as Error).stack}`
}
