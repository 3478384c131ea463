// The calm after the faults: everything may be seen, the password is right, whoever decides says yes. Then at most three runs may
// pass until the mirror equals the source, and one more must write nothing at all.
import { readTruth } from './oracle.ts'
import type { Snapshot } from './snapshot.ts'
import type { Stage } from './stage.ts'
import { showAll } from './mutations.ts'
import type { Done } from './scene.ts'

const RUNS_MOST = 3

type TakeStep = (what: (now: Snapshot) => Promise<Done>) => Promise<Snapshot>

/** @returns how many runs it took, and what is still wrong */
export async function settle(stage: Stage, step: TakeStep): Promise<{ runs: number; wrong: string[] }> {
  const { source, workers } = stage
  await step(async () => {
    showAll(source.world)
    await stage.enterPassword()
    await stage.forgetRejections()
    await stage.pass(700)
    return { words: 'the faults stop', isTime: true }
  })
  let wrong = ['no run yet']
  let runs = 0
  for (; runs < RUNS_MOST && wrong.length > 0; runs++) {
    await step(async () => ({ words: `honest ${await stage.run()}`, isClean: true }))
    const after = await step(async (now) => {
      const items = now.items.filter((item) => item.is_open && item.decision === null).map(({ id }) => id)
      const runId = now.account.hold_run_id
      if (runId === null || items.length === 0) return { words: 'nothing waits' }
      const { outcome } = await workers[0].sync.decide({
        runId,
        items,
        decision: 'approved',
        actor: 'bela@test.example',
      })
      return { words: `everything approved: ${outcome}` }
    })
    wrong = findDifferences(after, stage).map((sentence) => `I11 after ${runs + 1} runs: ${sentence}`)
    await step(async () => {
      await stage.pass(900)
      return { words: '900 seconds later', isTime: true }
    })
  }
  if (wrong.length > 0) return { runs, wrong }
  // A run after a decision may have to note that nothing is left to ask.
  await step(async () => ({ words: `honest ${await stage.run()}`, isClean: true }))
  let version = ''
  const last = await step(async (now) => {
    version = now.version
    return { words: `honest ${await stage.run()}`, isClean: true }
  })
  return { runs, wrong: last.version === version ? [] : ['I10: a run without changes wrote the mirror'] }
}

/** How the mirror differs from the source; what is not there is to be shown as removed. */
function findDifferences({ byGuid, groups }: Snapshot, { source: { world } }: Stage): string[] {
  const truth = readTruth(world)
  const wrong = [...truth].flatMap(([guid, { parent, name, type, status }]) => {
    const group = byGuid.get(guid)
    const mirrored = group && [
      group.presence,
      group.name,
      group.type_code,
      group.status_code,
      groups.get(group.parent_id ?? 0)?.guid ?? null,
    ]
    const wanted = ['present', name, type, status, parent]
    return JSON.stringify(mirrored) === JSON.stringify(wanted)
      ? []
      : [`${guid} is ${JSON.stringify(mirrored)} instead of ${JSON.stringify(wanted)}`]
  })
  const kept = [...byGuid].filter(([guid, { presence }]) => !truth.has(guid) && presence !== 'unlinked')
  return [
    ...wrong,
    ...kept.map(([guid, { presence, name }]) => `${name} (${guid}) is ${presence} and gone at the source`),
  ]
}
