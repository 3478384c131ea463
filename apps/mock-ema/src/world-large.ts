// Worlds of any size with the skew of real accounts: one MSP has 5 % of all companies as direct customers, the rest is
// spread by Zipf's law, 8–9 % are inner companies of every kind, and many small MSPs have hardly anything below them.
import { addDemoUser } from './logins.ts'
import { createRandom, type Random } from './random.ts'
import { businessName } from './words.ts'
import { NO_PARENT, STATUS, TYPE, World } from './world.ts'

const INNER_SHARE = 0.086
const HUGE_SHARE = 0.05
const DIVISIONS = 6
const MANAGER_SHARE = 0.02
const MANAGED_SHARE = 0.25
/** Exponent of the fan-out: the k-th largest has 1/k^0.9 of the largest. */
const ZIPF = 0.9

/** @param size companies below the distributor, who is one more */
export function createLargeWorld(size: number, seed: number): World {
  const world = new World(seed)
  const random = createRandom(seed)
  const hq = world.add({ parent: NO_PARENT, type: TYPE.hq, name: 'ESET HQ' })
  const distributor = world.add({
    parent: hq,
    type: TYPE.distributor,
    name: 'Demo Distribution',
    email: 'distributor@demo.example',
  })
  addDemoUser(world, 'distributor', distributor)

  const providers = addProviders(world, random, distributor, Math.round(size * INNER_SHARE))
  const huge = providers[0] ?? distributor
  for (let rank = 0; rank < Math.round(size * HUGE_SHARE); rank += 1) addCustomer(world, random, huge, rank)
  const draw = zipf(random, providers.slice(1))
  while (world.size < size + 2) {
    const parent = draw()
    addCustomer(world, random, parent, world.children[parent]?.length ?? 0)
  }
  return world
}

/** Everything that is not a customer. Returns those that may have customers, an ordinary MSP first. */
function addProviders(world: World, random: Random, distributor: number, inner: number): number[] {
  const add = (parent: number, type: number, kind: string) => {
    const at = world.children[parent]?.length ?? 0
    const email = `${kind.toLowerCase()}${world.ids.length}@providers.example`
    return world.add({ parent, type, name: `${businessName(at, parent * 7)} ${kind}`, email, status: statusOf(random) })
  }
  const divisions = Array.from({ length: DIVISIONS }, (_, at) =>
    world.add({ parent: distributor, type: TYPE.division, name: `Division ${at + 1}` }),
  )
  const above = () => (random.next() < 0.5 ? distributor : random.pick(divisions))
  const managers = Array.from({ length: Math.max(1, Math.round(inner * MANAGER_SHARE)) }, () =>
    add(above(), TYPE.manager, 'Group'),
  )
  const managed = Math.round(inner * MANAGED_SHARE)
  const msps = Array.from({ length: inner - DIVISIONS - managers.length - managed }, () => add(above(), TYPE.msp, 'IT'))
  const drawManager = zipf(random, managers)
  const below = Array.from({ length: managed }, () => add(drawManager(), TYPE.managed, 'Cloud'))
  return [...msps, ...below, ...managers]
}

function addCustomer(world: World, random: Random, parent: number, rank: number): void {
  const serial = world.ids.length
  const name = businessName(rank, parent * 13)
  const shown = rank < 50_000 ? name : `${name} ${rank}`
  world.add({
    parent,
    type: TYPE.customer,
    name: shown,
    status: statusOf(random),
    email: ['office@c', serial, '.example'].join(''),
    ...(random.next() < 0.6 ? { customIdentifier: ['PSA', serial].join(':') } : {}),
  })
}

function statusOf(random: Random): number {
  return random.next() < 0.03 ? STATUS.suspended : STATUS.normal
}

/** Draws items by Zipf's law, the ranks shuffled so that size says nothing about age. */
function zipf(random: Random, items: readonly number[]): () => number {
  const shuffled = [...items]
  for (let at = shuffled.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1)
    const kept = shuffled[at] ?? 0
    shuffled[at] = shuffled[other] ?? 0
    shuffled[other] = kept
  }
  let sum = 0
  const upTo = Float64Array.from(shuffled, (_, rank) => (sum += 1 / (rank + 1) ** ZIPF))
  return () => {
    const wanted = random.next() * sum
    let [low, high] = [0, upTo.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((upTo[middle] ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    return shuffled[low] ?? 0
  }
}
