import { fold } from '@msp-console/contract'

// Folded names for search: chunks of names joined by line feeds and folded in one go (one call a chunk instead of one a
// name makes it four times as fast), made when first asked for or while the browser is idle.

const CHUNK = 8192

export interface Folded {
  /** Marks in `into` every name that contains `text` (folded); returns how many. */
  search(text: string, into: Uint8Array): number
  /** Whether name `index` starts with `text` (folded). */
  startsWith(index: number, text: string): boolean
  /** Folds one more chunk; false when there is none left. */
  advance(): boolean
}

interface Chunk {
  text: string
  /** Where each name starts, and where the last one ends. */
  starts: Int32Array
}

export function toFolded(names: readonly string[]): Folded {
  const chunks: Chunk[] = []
  const last = Math.ceil(names.length / CHUNK)

  const chunkAt = (index: number): Chunk => {
    const made = chunks[index]
    if (made) return made
    return (chunks[index] = toChunk(names.slice(index * CHUNK, (index + 1) * CHUNK)))
  }
  return {
    search(text, into) {
      let found = 0
      for (let c = 0; c < last; c++) found += searchChunk(chunkAt(c), text, into, c * CHUNK)
      return found
    },
    startsWith(index, text) {
      const chunk = chunkAt(Math.floor(index / CHUNK))
      return chunk.text.startsWith(text, chunk.starts[index % CHUNK])
    },
    advance() {
      let next = 0
      while (next < last && chunks[next]) next++
      if (next < last) chunkAt(next)
      return next + 1 < last
    },
  }
}

function toChunk(names: readonly string[]): Chunk {
  // A line feed inside a name would shift every name after it.
  const lines = fold(names.map((name) => (name.includes('\n') ? name.replaceAll('\n', ' ') : name)).join('\n'))
  // Folding leaves two bytes a character even where one would do; a string read from JSON takes one (2.3 MB at 100,000).
  const text = JSON.parse(JSON.stringify(lines)) as string // a string went in
  const starts = new Int32Array(names.length + 1)
  let start = 0
  for (let i = 1; i < names.length; i++) {
    start = text.indexOf('\n', start) + 1
    starts[i] = start
  }
  starts[names.length] = text.length
  return { text, starts }
}

function searchChunk({ text, starts }: Chunk, wanted: string, into: Uint8Array, offset: number): number {
  let found = 0
  let i = 0
  for (let hit = text.indexOf(wanted); hit >= 0; hit = text.indexOf(wanted, starts[i])) {
    while ((starts[i + 1] ?? Infinity) <= hit) i++
    into[offset + i] = 1
    found++
    i++
    if (i >= starts.length - 1) break
  }
  return found
}
