// The source's own life: what happens to companies in EMA while nobody looks. Each returns words for the list of steps.
import { LEVEL, STATUS, TYPE, World } from '@msp-console/mock-ema'
import { type Dice, pickWeighted } from './dice.ts'

const ROOT = 0
const KINDS = [TYPE.manager, TYPE.msp, TYPE.managed, TYPE.customer]
const NAMES = ['Alfa', 'Žleb', 'Chata\t\\N', '<b>x</b>', 'a\0b', '\u202Egnp.exe', '=1+1', '\u{1F984} s.r.o.']

/** 20 to 200 companies, most often few. */
export function createSimulatedWorld(seed: number, dice: Dice, user: { email: string; password: string }): World {
  const world = new World(seed)
  world.add({ parent: -1, type: TYPE.distributor, name: 'Root' })
  world.addUser({ ...user, firstName: 'A', lastName: 'B', company: ROOT, permission: LEVEL.read })
  // Several pages in every other world: of a listing in one page there is never a part.
  const size = dice.chance(0.5) ? 120 + dice.below(240) : 20 + dice.below(40)
  for (let m = 0; m < 2 + dice.below(2); m++) world.add({ parent: ROOT, type: TYPE.manager, name: `Manager ${m}` })
  while (world.size < size) add(world, dice)
  return world
}

function add(world: World, dice: Dice): number {
  const parent = dice.pick(holders(world))
  const type =
    world.type[parent] === TYPE.managed ? TYPE.customer : dice.pick([...KINDS.slice(1), TYPE.customer, TYPE.customer])
  return world.add({
    parent,
    type,
    name: `${dice.pick(NAMES)} ${world.ids.length}`,
    ...(dice.chance(0.5) ? { email: `c${world.ids.length}@x.example` } : {}),
    ...(dice.chance(0.3) ? { customIdentifier: `P:${dice.below(9)}` } : {}),
  })
}

/** Companies that exist, lost ones included. */
const all = (world: World): number[] => [...world.ids.keys()].filter((index) => world.find(world.idOf(index)) === index)
const others = (world: World) => all(world).filter((index) => index !== ROOT)
const holders = (world: World) =>
  all(world).filter((index) => world.type[index] !== TYPE.customer && !world.isGone(index))
/** Few, in most cases; sometimes so many that somebody should be asked. */
const some = (dice: Dice) => (dice.chance(0.15) ? 12 + dice.below(20) : 1 + dice.below(3))

function repeat(count: number, work: () => void): number {
  for (let n = 0; n < count; n++) work()
  return count
}

interface Mutation {
  weight: number
  happen: (world: World, dice: Dice) => string
}

const MUTATIONS: readonly Mutation[] = [
  { weight: 4, happen: (world, dice) => `${repeat(some(dice), () => add(world, dice))} added` },
  {
    weight: 4,
    happen: (world, dice) => {
      const renamed = repeat(some(dice), () => {
        const index = dice.pick(all(world))
        world.name[index] = `${dice.pick(NAMES)} ${dice.below(1000)}`
        if (dice.chance(0.3)) world.email[index] = dice.chance(0.5) ? undefined : `n${dice.below(99)}@x.example`
        world.touch(index, 0)
      })
      return `${renamed} renamed`
    },
  },
  {
    weight: 4,
    happen: (world, dice) => {
      const moved = repeat(some(dice), () => {
        const index = dice.pick(others(world))
        const parents = holders(world).filter((parent) => !world.isWithin(parent, index))
        world.move(index, dice.pick(parents))
      })
      return `${moved} moved`
    },
  },
  { weight: 2, happen: swap },
  {
    weight: 2,
    happen: (world, dice) => {
      const changed = repeat(some(dice), () => {
        const index = dice.pick(others(world))
        world.type[index] = dice.pick(world.children[index]?.length ? KINDS.slice(0, 3) : [...KINDS, 1042])
        world.touch(index, 0)
      })
      return `${changed} of another type`
    },
  },
  {
    weight: 2,
    happen: (world, dice) => {
      const index = dice.pick(all(world))
      world.status[index] = dice.pick(Object.values(STATUS))
      world.touch(index, 0)
      return `${world.idOf(index)} has another status`
    },
  },
  { weight: 6, happen: (world, dice) => `${repeat(some(dice), () => lose(world, dice))} lost, with what is below` },
  {
    weight: 1,
    happen: (world, dice) => {
      const parent = dice.pick(holders(world))
      const children = (world.children[parent] ?? []).filter(() => dice.chance(0.8))
      for (const child of children) world.lost.add(child)
      world.touch(parent, 0)
      return `${children.length} of one parent lost`
    },
  },
  {
    weight: 3,
    happen: (world, dice) => {
      const back = [...world.lost].filter(() => dice.chance(0.7))
      for (const index of back) world.lost.delete(index)
      world.touch(ROOT, 0)
      return `${back.length} came back`
    },
  },
  {
    weight: 3,
    happen: (world, dice) => {
      const removed = dice.pick(others(world))
      world.remove(removed)
      return `${world.ids[removed]} deleted for ever, with what is below`
    },
  },
  {
    weight: 3,
    happen: (world, dice) => {
      const hidden = dice.pick(others(world))
      world.users[0]?.overrides.set(hidden, LEVEL.none)
      world.touch(ROOT, 0)
      return `no access to ${world.idOf(hidden)} and below`
    },
  },
  { weight: 2, happen: (world) => showAll(world) },
]

export function mutate(world: World, dice: Dice): string {
  return pickWeighted(dice, MUTATIONS).happen(world, dice)
}

/** Every company that exists may be seen. */
export function showAll(world: World): string {
  world.users[0]?.overrides.clear()
  world.touch(ROOT, 0)
  return 'access to everything'
}

function lose(world: World, dice: Dice): void {
  world.lost.add(dice.pick(others(world)))
  world.touch(ROOT, 0)
}

/** A parent and its child change places. */
function swap(world: World, dice: Dice): string {
  const children = others(world).filter((index) => world.parent[index] !== ROOT && world.type[index] !== TYPE.customer)
  if (children.length === 0) return 'nothing to swap'
  const child = dice.pick(children)
  const parent = world.parent[child] ?? ROOT
  world.move(child, world.parent[parent] ?? ROOT)
  world.move(parent, child)
  return `${world.idOf(parent)} and ${world.idOf(child)} change places`
}
