/**
 * A set of GUIDs at 16 bytes an entry: a million of them as JavaScript strings in a `Set` cost over 100 MB, here 32.
 * Open addressing, at most half full. Only lower-case GUIDs with dashes may be passed.
 */
export class GuidSet {
  #slots = new Uint32Array(4 * 1024)
  #size = 0
  /** The all-zero GUID marks an empty slot, so it is remembered apart. */
  #hasZero = false

  get size(): number {
    return this.#size + (this.#hasZero ? 1 : 0)
  }

  /** True when it was not there before. */
  add(guid: string): boolean {
    const words = toWords(guid)
    if (isZero(words)) {
      const isNew = !this.#hasZero
      this.#hasZero = true
      return isNew
    }
    const slot = this.#find(words)
    if (this.#isTaken(slot)) return false
    this.#slots.set(words, slot)
    this.#size += 1
    if (this.#size * 8 > this.#slots.length) this.#grow()
    return true
  }

  has(guid: string): boolean {
    const words = toWords(guid)
    return isZero(words) ? this.#hasZero : this.#isTaken(this.#find(words))
  }

  #isTaken(slot: number): boolean {
    const slots = this.#slots
    return slots[slot] !== 0 || slots[slot + 1] !== 0 || slots[slot + 2] !== 0 || slots[slot + 3] !== 0
  }

  /** Offset of the entry, or of the empty slot where it belongs. */
  #find([a, b, c, d]: Words): number {
    const slots = this.#slots
    const mask = slots.length / 4 - 1
    let hash = Math.imul(a ^ Math.imul(b, 0x9e37_79b1), 0x85eb_ca6b) ^ Math.imul(c ^ (d >>> 15) ^ d, 0xc2b2_ae35)
    hash ^= hash >>> 15
    for (let index = hash & mask; ; index = (index + 1) & mask) {
      const slot = index * 4
      if (!this.#isTaken(slot)) return slot
      if (slots[slot] === a && slots[slot + 1] === b && slots[slot + 2] === c && slots[slot + 3] === d) return slot
    }
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2)
    for (let slot = 0; slot < old.length; slot += 4) {
      const words: Words = [old[slot] ?? 0, old[slot + 1] ?? 0, old[slot + 2] ?? 0, old[slot + 3] ?? 0]
      if (!isZero(words)) this.#slots.set(words, this.#find(words))
    }
  }
}

type Words = [number, number, number, number]

function toWords(guid: string): Words {
  const hex = guid.replaceAll('-', '')
  const word = (from: number) => Number.parseInt(hex.slice(from, from + 8), 16) >>> 0
  return [word(0), word(8), word(16), word(24)]
}

const isZero = ([a, b, c, d]: Words): boolean => a === 0 && b === 0 && c === 0 && d === 0
