// What can happen in one step of a simulation. Each acts on the stage and says in words what it did.
import { type Dice, pickWeighted } from './dice.ts'
import { doing, hide, isPerfectLie, throwFault } from './faults.ts'
import { mutate } from './mutations.ts'
import type { Done } from './scene.ts'
import type { Group, Snapshot } from './snapshot.ts'
import type { Stage } from './stage.ts'

interface Step {
  weight: number
  act: (stage: Stage, dice: Dice, now: Snapshot) => Promise<Done>
}

const isLockedOut = ({ source }: Stage) => source.world.users[0]?.password.startsWith('other') ?? false
/** A run is on record whose worker died: nobody can begin before its lease ends. */
const isBusy = ({ runs }: Snapshot) => runs.some(({ status }) => status === 'running')

/** Often several things happen between two runs. */
async function change({ source }: Stage, dice: Dice): Promise<Done> {
  const words = [mutate(source.world, dice)]
  while (dice.chance(0.4)) words.push(mutate(source.world, dice))
  return { words: words.join('; ') }
}

async function clean(stage: Stage, _: Dice, now: Snapshot): Promise<Done> {
  const isClean = !isLockedOut(stage) && !isBusy(now)
  return { words: `honest ${await stage.run()}`, isClean }
}

const byGuid = (groups: Iterable<Group>) => [...groups].toSorted((a, b) => (a.guid ?? '').localeCompare(b.guid ?? ''))
const customers = (now: Snapshot) => byGuid(now.byGuid.values()).filter(({ leaf }) => leaf)

async function mark(stage: Stage, dice: Dice, now: Snapshot): Promise<string> {
  const chosen = customers(now).filter(() => dice.chance(0.1))
  if (chosen.length === 0) return 'nobody to mark'
  const state = dice.pick(['done', 'skipped', 'none'] as const)
  await stage.setUp(
    chosen.map(({ id }) => id),
    state,
  )
  return `${chosen.length} marked ${state}`
}

async function decide({ workers }: Stage, dice: Dice, now: Snapshot): Promise<Done> {
  const waiting = now.items.filter((item) => item.is_open && item.decision === null)
  const runId = now.account.hold_run_id
  if (waiting.length === 0 || runId === null) return { words: 'nothing waits' }
  const share = dice.pick([1, 1, 0.5, 0.1])
  const items = waiting.filter(() => dice.chance(share)).map(({ id }) => id)
  const decision = dice.chance(0.7) ? 'approved' : 'rejected'
  const { outcome } = await workers[0].sync.decide({ runId, items, decision, actor: 'bela@test.example' })
  return { words: `${items.length} of ${waiting.length} ${decision}: ${outcome}` }
}

async function faulty(stage: Stage, dice: Dice): Promise<Done> {
  const { source, workers } = stage
  const stop = () => void workers[0].sync.stop()
  const faults = Array.from({ length: dice.chance(0.2) ? 2 : 1 }, () => throwFault(dice, source.world, stop))
  source.begin(faults)
  const words = `${await stage.run()} with ${faults.map((fault) => fault.words).join(' and ')}`
  return { words, isPerfectLie: isPerfectLie(faults) }
}

/** The same companies left out again and again, as a source with a broken index would: the next steps are spoken for. */
async function hideAgain(stage: Stage, dice: Dice): Promise<Done> {
  const fault = { words: '', at: 1, lasts: 1000, ...hide(dice, stage.source.world) }
  const look = async (): Promise<Done> => {
    stage.source.begin([fault])
    return { words: `${await stage.run()} with the same hidden`, isPerfectLie: true }
  }
  const wait = () => passBy(stage, 700)
  stage.next.push(wait, look, wait, look)
  return look()
}

async function oneCompany(stage: Stage, dice: Dice, now: Snapshot): Promise<Done> {
  const known = byGuid(now.byGuid.values())
  if (known.length === 0) return { words: 'no company to sync' }
  const { id, guid, name } = dice.pick(known)
  const faults = dice.chance(0.3) ? [throwFault(dice, stage.source.world, () => {})] : []
  stage.source.begin(faults)
  const told = faults.map((fault) => ` with ${fault.words}`).join('')
  const words = `${await stage.run({ companyId: id, preview: dice.chance(0.2) })} of ${name} (${guid}) alone${told}`
  return { words, isPerfectLie: isPerfectLie(faults) }
}

async function crash(stage: Stage, dice: Dice): Promise<Done> {
  const nth = 1 + dice.below(45)
  stage.workers[0].dieAt(nth)
  const words = await stage.run()
  const died = stage.workers[0].isDead()
  stage.workers[0].dieAt(Infinity)
  await stage.replaceDead()
  return { words: `${words}, whose worker ${died ? 'dies' : 'would die'} at statement ${nth}` }
}

/** A worker that stands still for longer than its lease, while another one syncs, and then goes on as if nothing had been. */
async function overtake(stage: Stage, dice: Dice): Promise<Done> {
  const at = 1 + dice.below(4)
  let other = 'nobody'
  const work = async () => {
    await stage.endLeases()
    other = await stage.run({}, stage.workers[1])
  }
  stage.source.begin([{ words: '', at, lasts: 1, ...doing(work) }])
  return { words: `${await stage.run()}, overtaken at call ${at} by ${other}` }
}

async function together(stage: Stage, dice: Dice): Promise<Done> {
  const by = Array.from({ length: 2 + dice.below(3) }, (_, n) => stage.run({}, stage.workers[n % 2]))
  return { words: `at once: ${(await Promise.all(by)).toSorted().join(', ')}` }
}

async function passBy(stage: Stage, seconds: number): Promise<Done> {
  await stage.pass(seconds)
  return { words: `${seconds} seconds later`, isTime: true }
}

async function password(stage: Stage): Promise<Done> {
  if (isLockedOut(stage)) {
    await stage.enterPassword()
    return { words: 'the new password is entered' }
  }
  stage.source.world.users[0]!.password = 'other-password' // made with the world
  return { words: 'the source has another password' }
}

const STEPS: readonly Step[] = [
  { weight: 20, act: change },
  { weight: 18, act: clean },
  { weight: 12, act: (stage, dice) => passBy(stage, dice.pick([20, 320, 700, 700, 4000, 90_000])) },
  { weight: 20, act: faulty },
  { weight: 6, act: async (stage) => ({ words: `${await stage.run({ preview: true })} only looks` }) },
  { weight: 3, act: hideAgain },
  { weight: 6, act: oneCompany },
  { weight: 8, act: crash },
  { weight: 4, act: together },
  { weight: 4, act: overtake },
  { weight: 8, act: decide },
  { weight: 5, act: async (stage, dice, now) => ({ words: await mark(stage, dice, now), isLocal: true }) },
  {
    weight: 3,
    act: async (stage, dice, now) => {
      const [marked, ran] = await Promise.all([mark(stage, dice, now), stage.run()])
      return { words: `${marked} during ${ran}`, isLocal: true }
    },
  },
  { weight: 2, act: password },
]

export function act(stage: Stage, dice: Dice, now: Snapshot): Promise<Done> {
  const planned = stage.next.shift()
  if (planned !== undefined) return planned()
  // Whoever is locked out is so for a few steps only.
  if (isLockedOut(stage) && dice.chance(0.7)) return dice.chance(0.3) ? password(stage) : clean(stage, dice, now)
  if (now.runs.length === 0 && dice.chance(0.7)) return clean(stage, dice, now)
  // What waits is decided sooner or later, sometimes too late.
  if (now.account.hold_run_id !== null && dice.chance(0.1)) return passBy(stage, 90_000)
  if (now.account.hold_run_id !== null && dice.chance(now.account.is_fresh ? 0.2 : 0.5)) return decide(stage, dice, now)
  return pickWeighted(dice, STEPS).act(stage, dice, now)
}
