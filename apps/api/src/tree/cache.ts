/**
 * Finished answers: the bytes of each part, compressed once per generation and encoding and then served as they are.
 * Invariant: at most one generation of a part per scope, and at most `mostBytes` altogether; the least used go first.
 */
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

export type Encoding = 'br' | 'gzip' | 'identity'

export interface Entry {
  generation: string
  encoded: (encoding: Encoding) => Promise<Buffer>
}

interface Slot extends Entry {
  bytes: () => number
}

const gzipped = promisify(gzip)
const brotlied = promisify(brotliCompress)

const COMPRESS: Readonly<Record<Encoding, (raw: Buffer) => Promise<Buffer>>> = {
  identity: (raw) => Promise.resolve(raw),
  gzip: (raw) => gzipped(raw, { level: 6 }),
  // Quality 5: a tenth smaller than gzip in the same time.
  br: (raw) =>
    brotlied(raw, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length },
    }),
}

export function createTreeCache(mostBytes = 96 * 1024 * 1024) {
  const slots = new Map<string, Slot>()
  const building = new Map<string, Promise<Entry>>()

  const trim = (): void => {
    let total = [...slots.values()].reduce((sum, slot) => sum + slot.bytes(), 0)
    for (const [key, slot] of slots) {
      if (total <= mostBytes || slots.size === 1) return
      total -= slot.bytes()
      slots.delete(key)
    }
  }

  return {
    /** The answer for `key` if it is of that very generation. */
    find(key: string, generation: string): Entry | undefined {
      const slot = slots.get(key)
      if (slot?.generation !== generation) return undefined
      slots.delete(key) // to the end: used last
      slots.set(key, slot)
      return slot
    },
    /** Builds the answer, once however many ask at a time. */
    build(key: string, make: () => Promise<{ generation: string }>): Promise<Entry> {
      const running = building.get(key)
      if (running !== undefined) return running
      const made = make()
        .then((tree) => {
          const slot = toSlot(tree.generation, Buffer.from(JSON.stringify(tree)), trim)
          slots.delete(key)
          slots.set(key, slot)
          trim()
          return slot
        })
        .finally(() => building.delete(key))
      building.set(key, made)
      return made
    },
    bytes: () => [...slots.values()].reduce((sum, slot) => sum + slot.bytes(), 0),
  }
}

function toSlot(generation: string, raw: Buffer, grown: () => void): Slot {
  const known = new Map<Encoding, Promise<Buffer>>()
  let bytes = raw.length
  return {
    generation,
    bytes: () => bytes,
    encoded(encoding) {
      const before = known.get(encoding)
      if (before !== undefined) return before
      const made = COMPRESS[encoding](raw).then((buffer) => {
        if (encoding !== 'identity') bytes += buffer.length
        grown()
        return buffer
      })
      known.set(encoding, made)
      return made
    },
  }
}

/** What the client takes, the smaller first. */
export function toEncoding(accept: string | undefined): Encoding {
  const taken = (accept ?? '')
    .split(',')
    .map((part) => part.trim().split(';'))
    .filter(([, quality]) => !/^\s*q=0(\.0*)?$/.test(quality ?? ''))
    .map(([name]) => name?.toLowerCase())
  if (taken.includes('br')) return 'br'
  return taken.includes('gzip') ? 'gzip' : 'identity'
}
