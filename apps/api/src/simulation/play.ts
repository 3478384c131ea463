// One seed from its first step to the calm after it: act, look at everything, ask every invariant; then the faults stop, and the
// mirror must come to equal the source. The same seed plays the same steps again.
import { createDice } from './dice.ts'
import { INVARIANTS } from './invariants.ts'
import { createEvidence, readExisting, readTruth } from './oracle.ts'
import type { Done, Scene } from './scene.ts'
import { settle } from './settle.ts'
import { openStage, type Stage } from './stage.ts'
import { act } from './steps.ts'
import type { Snapshot } from './snapshot.ts'
import { GAP_SECONDS } from './worker.ts'

export interface Played {
  steps: number
  checks: number
  runs: number
  /** Companies shown as removed, by earned evidence or by somebody's word. */
  removed: number
  /** Runs that it took to equal the source after the faults had stopped. */
  settledAfter: number
  told: string[]
}

/** @throws Error that names the seed, the step, what does not hold, and every step up to there */
export async function play(seed: number): Promise<Played> {
  const dice = createDice(seed)
  const stage = await openStage(seed, dice)
  const told: string[] = []
  const evidence = createEvidence(GAP_SECONDS)
  const played: Played = { steps: 0, checks: 0, runs: 0, removed: 0, settledAfter: 0, told }
  let now = await stage.read()

  const fail = (sentences: readonly string[]): never => {
    throw new Error(
      [
        `seed ${seed}, step ${played.steps}:`,
        ...sentences.slice(0, 12).map((sentence) => `  ✗ ${sentence}`),
        ...told.map((words, at) => `  ${at + 1}. ${words}`),
        `  again: MSP_TEST_SEED=${seed} npx vitest run apps/api/src/simulation/simulation.db.test.ts`,
      ].join('\n'),
    )
  }

  /** Acts, and asks everything about what came of it. */
  async function step(what: (now: Snapshot) => Promise<Done>): Promise<Snapshot> {
    played.steps += 1
    const before = now
    const existing = readExisting(stage.source.world)
    const seen = readTruth(stage.source.world)
    stage.source.begin([])
    const logged = stage.logged.length
    const done = await what(before)
    told.push(done.words)
    now = await stage.read()
    const scene = toScene(
      stage,
      { before, after: now, existing, seen, done, logged: stage.logged.slice(logged) },
      evidence,
    )
    const wrong = Object.entries(INVARIANTS).flatMap(([name, holds]) =>
      holds(scene).map((sentence) => `${name}: ${sentence}`),
    )
    played.checks += Object.keys(INVARIANTS).length
    played.runs += scene.runs.length
    const removed = ({ byGuid }: Snapshot) =>
      [...byGuid.values()].filter(({ presence }) => presence === 'unlinked').length
    played.removed += Math.max(0, removed(now) - removed(before))
    if (wrong.length > 0) fail(wrong)
    for (const { id, status, complete, preview, company_id } of scene.runs)
      if (status === 'succeeded' && complete && !preview && company_id === null)
        evidence.note({ runId: id, at: stage.at, served: stage.source.witness().served })
    return now
  }

  try {
    const length = 12 + dice.below(20)
    while (played.steps < length) await step((current) => act(stage, dice, current))
    const { runs, wrong } = await settle(stage, step)
    played.settledAfter = runs
    played.checks += 2
    if (wrong.length > 0) fail(wrong)
    return played
  } catch (error) {
    throw error instanceof Error && error.message.startsWith('seed ')
      ? error
      : new Error(`seed ${seed}, step ${played.steps}, after: ${told.join(' · ')}`, { cause: error })
  } finally {
    await stage.close()
  }
}

interface Step {
  before: Snapshot
  after: Snapshot
  existing: ReadonlySet<string>
  seen: ReadonlyMap<string, unknown>
  done: Done
  logged: string[]
}

function toScene(
  stage: Stage,
  { before, after, existing, seen, done, logged }: Step,
  evidence: ReturnType<typeof createEvidence>,
): Scene {
  const { world, tokens } = stage.source
  const witness = stage.source.witness()
  stage.refused += witness.refusedLogins
  const still = readExisting(world)
  const { isClean = false, isLocal = false, isTime = false, isPerfectLie = false } = done
  const truth = readTruth(world)
  return {
    before,
    after,
    witness,
    truth,
    seen: new Set([...seen.keys()].filter((guid) => truth.has(guid))),
    existing: new Set([...existing].filter((guid) => still.has(guid))),
    wasAbsentBefore: (guid, runId) => evidence.wasAbsentBefore(guid, runId, stage.at),
    runs: after.runs.slice(before.runs.length),
    isClean,
    isLocal,
    isTime,
    isPerfectLie,
    refusedSincePassword: stage.refused,
    logged,
    tokens,
  }
}
