// Chance that one number decides: the same seed throws the same dice on every machine.

export interface Dice {
  /** 0 ≤ n < limit */
  below: (limit: number) => number
  chance: (share: number) => boolean
  /** Of a list that is not empty. */
  pick: <T>(items: readonly T[]) => T
  /** Dice of their own, for what happens at a moment that these must not depend on. */
  fork: () => Dice
}

/** Mulberry32. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    chance: (share) => next() < share,
    pick: (items) => items[below(items.length)]!, // callers pass lists that are not empty
    fork: () => createDice(below(0x1_0000_0000)),
  }
}

/** An entry of a list whose entries come up as often as their weight says. */
export function pickWeighted<T extends { weight: number }>(dice: Dice, items: readonly T[]): T {
  let at = dice.below(items.reduce((sum, { weight }) => sum + weight, 0))
  return items.find(({ weight }) => (at -= weight) < 0)! // the weights add up to more than `at`
}
