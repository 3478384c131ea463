import { expect, test } from 'vitest'
import { createPace } from './pace.ts'

/** Time that moves from sleeper to sleeper, the earliest first. */
function createTestClock() {
  let now = 0
  const sleepers: { at: number; wake: () => void }[] = []
  const clock = {
    wall: () => now,
    ticks: () => now,
    random: () => 0,
    sleep: (ms: number) => new Promise<void>((wake) => sleepers.push({ at: now + ms, wake })),
  }
  async function run(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    const next = sleepers.toSorted((a, b) => a.at - b.at)[0]
    if (next === undefined) return
    sleepers.splice(sleepers.indexOf(next), 1)
    now = Math.max(now, next.at)
    next.wake()
    await run()
  }
  return { clock, run }
}

async function startsOf(calls: number, pauses: readonly { after: number; ms: number }[]): Promise<number[]> {
  const { clock, run } = createTestClock()
  const pace = createPace(10, clock)
  const starts: number[] = []
  for (let call = 0; call < calls; call++) {
    void pace.take().then(() => {
      starts.push(clock.ticks())
      for (const { after, ms } of pauses) if (starts.length === after) pace.pause(ms)
    })
  }
  await run()
  return starts
}

test('calls start evenly', async () => {
  expect(await startsOf(5, [])).toEqual([0, 100, 200, 300, 400])
})

test('after a pause the calls that were waiting start evenly too, not all in one instant', async () => {
  const starts = await startsOf(8, [{ after: 2, ms: 1000 }])
  expect(starts.slice(0, 3)).toEqual([0, 100, 1100])
  for (const [index, start] of starts.slice(1).entries()) expect(start - starts[index]!).toBeGreaterThanOrEqual(100) // same index
})

test('a second pause before the first is over counts from its own moment', async () => {
  const starts = await startsOf(8, [
    { after: 2, ms: 300 },
    { after: 4, ms: 2000 },
  ])
  expect(starts).toHaveLength(8)
  expect(starts[4]! - starts[3]!).toBeGreaterThanOrEqual(2000) // eight, checked above
  for (const [index, start] of starts.slice(1).entries()) expect(start - starts[index]!).toBeGreaterThanOrEqual(100) // same index
})
