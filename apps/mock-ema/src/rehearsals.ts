// What an operator may want to see happen before it happens for real: a provider's companies vanish, access to a manager is lost,
// names change, tokens end, the service is under maintenance. Deterministic, reversible, and forgotten when the mock ends: nothing of it
// is written to the journal.
import { Refusal } from './refusal.ts'
import type { Tokens } from './tokens.ts'
import { LEVEL, TYPE, type World } from './world.ts'

export const REHEARSALS = ['loseSubtree', 'rename300', 'maintenance', 'expireTokens', 'dropRights'] as const
export type RehearsalName = (typeof REHEARSALS)[number]

export type Rehearsal = {
  name: RehearsalName
  /** Companies concerned. */
  companies: number
  /** Name of the company at the top of them, where there is one. */
  subject: string | null
}

const RENAMED = 300
/** A provider whose loss no guard should let pass. */
const SUBTREE_LEAST = 12

export function createRehearsals(world: World, tokens: Tokens) {
  const active = new Map<RehearsalName, Rehearsal & { undo: () => void }>()

  const start: Record<RehearsalName, () => Omit<Rehearsal, 'name'> & { undo: () => void }> = {
    loseSubtree() {
      const top = pick(world, [TYPE.msp, TYPE.managed], SUBTREE_LEAST)
      world.lost.add(top)
      return { ...describe(world, top), undo: () => void world.lost.delete(top) }
    },
    dropRights() {
      const top = pick(world, [TYPE.manager], 2)
      const before = world.users.map((user) => [user, user.overrides.get(top)] as const)
      for (const user of world.users) if (user.company !== top) user.overrides.set(top, LEVEL.none)
      const undo = () => {
        for (const [user, level] of before) {
          if (level === undefined) user.overrides.delete(top)
          else user.overrides.set(top, level)
        }
      }
      return { ...describe(world, top), undo }
    },
    rename300() {
      const customers = world.type.flatMap((type, at) => (type === TYPE.customer && !world.isGone(at) ? [at] : []))
      const before = customers.slice(0, RENAMED).map((at) => [at, world.name[at] ?? ''] as const)
      for (const [at, name] of before) world.name[at] = `${name} (nový název)`
      return {
        companies: before.length,
        subject: null,
        undo: () => {
          for (const [at, name] of before) world.name[at] = name
        },
      }
    },
    maintenance: () => ({ companies: 0, subject: null, undo: () => {} }),
    expireTokens() {
      tokens.expireAll(true)
      return { companies: 0, subject: null, undo: () => {} }
    },
  }

  return {
    list: (): Rehearsal[] => [...active.values()].map(({ name, companies, subject }) => ({ name, companies, subject })),
    /** Starting what is under way already changes nothing. */
    start(name: RehearsalName): Rehearsal {
      const known = active.get(name)
      const made = known ?? { name, ...start[name]() }
      // Tokens end once; everything else lasts until it is taken back.
      if (name !== 'expireTokens') active.set(name, made)
      world.version += 1
      return { name, companies: made.companies, subject: made.subject }
    },
    restore(): void {
      for (const { undo } of [...active.values()].toReversed()) undo()
      active.clear()
      world.version += 1
    },
    /** @throws Refusal as EMA documents its maintenance window */
    requireOpen(): void {
      if (active.has('maintenance')) throw new Refusal(503, 99, 2, 'The service is under maintenance.')
    },
  }
}

/** The first company of one of these types with at least so many below it, itself included. */
function pick(world: World, types: readonly number[], least: number): number {
  const at = world.type.findIndex(
    (type, index) => types.includes(type) && !world.isGone(index) && world.below(index).length >= least,
  )
  if (at < 0) throw new Refusal(400, 1, 2, 'This world has no such company.')
  return at
}

function describe(world: World, top: number) {
  return { companies: world.below(top).length, subject: world.name[top] ?? null }
}
