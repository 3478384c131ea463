// Small seeded generators: the same seed gives the same world on every machine.

export type Random = {
  /** 0 ≤ x < 1 */
  next: () => number
  /** 0 ≤ n < limit */
  below: (limit: number) => number
  pick: <T>(items: readonly T[]) => T
}

/** Mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return { next, below, pick: (items) => items[below(items.length)] as never } // callers pass lists that are not empty
}

function mix(value: number): number {
  let mixed = value >>> 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

const hex = (value: number): string => value.toString(16).padStart(8, '0')

/**
 * The n-th GUID of a seed, shaped like a random (version 4) one. Two never collide: `mix` is one-to-one in `n`.
 * Joined, not concatenated: V8 keeps a concatenation as a tree of pieces, which took five times the memory.
 */
export function guidAt(seed: number, n: number): string {
  const salt = mix(seed + 0x51ed_270b)
  const a = mix((n + 1) ^ salt)
  const b = hex(mix(a ^ 0x68bc_21eb))
  const c = hex(mix(a + salt))
  const d = hex(mix(n ^ mix(salt)))
  return [hex(a), b.slice(0, 4), `4${b.slice(5)}`, `a${c.slice(1, 4)}`, c.slice(4) + d].join('-')
}
