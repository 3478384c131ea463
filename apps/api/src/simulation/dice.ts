// Chance that one number decides: the same seed throws the same dice on every machine.
import { createRandom } from '@msp-console/mock-ema'

export interface Dice {
  /** 0 ≤ n < limit */
  below: (limit: number) => number
  chance: (share: number) => boolean
  /** Of a list that is not empty. */
  pick: <T>(items: readonly T[]) => T
  /** Dice of their own, for what happens at a moment that these must not depend on. */
  fork: () => Dice
}

export function createDice(seed: number): Dice {
  const { next, below, pick } = createRandom(seed)
  return { below, pick, chance: (share) => next() < share, fork: () => createDice(below(0x1_0000_0000)) }
}

/** An entry of a list whose entries come up as often as their weight says. */
export function pickWeighted<T extends { weight: number }>(dice: Dice, items: readonly T[]): T {
  let at = dice.below(items.reduce((sum, { weight }) => sum + weight, 0))
  return items.find(({ weight }) => (at -= weight) < 0)! // the weights add up to more than `at`
}
