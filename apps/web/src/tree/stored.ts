import { CustomerState } from '@msp-console/contract'
import { z } from 'zod'
import type { Filter } from './hits.ts'

// What the tree remembers for the browser tab: open groups and the filter, so that leaving the screen loses neither.

const OPEN = 'msp-console.tree.open'
const FILTER = 'msp-console.tree.filter'

const StoredOpen = z.array(z.number().int().positive())
const StoredFilter = z.object({ text: z.string(), states: z.array(CustomerState) })

export const NO_FILTER: Filter = { text: '', states: new Set() }

/** Null = nothing has been opened or closed in this tab yet. */
export function storedOpen(storage: Pick<Storage, 'getItem'>): Set<number> | null {
  const ids = read(storage, OPEN, StoredOpen)
  return ids && new Set(ids)
}

export function storeOpen(storage: Pick<Storage, 'setItem'>, open: ReadonlySet<number>): void {
  write(storage, OPEN, [...open])
}

export function storedFilter(storage: Pick<Storage, 'getItem'>): Filter {
  const stored = read(storage, FILTER, StoredFilter)
  return stored ? { text: stored.text, states: new Set(stored.states) } : NO_FILTER
}

export function storeFilter(storage: Pick<Storage, 'setItem'>, filter: Filter): void {
  write(storage, FILTER, { text: filter.text, states: [...filter.states] })
}

function read<T>(storage: Pick<Storage, 'getItem'>, key: string, shape: z.ZodType<T>): T | null {
  try {
    const found = shape.safeParse(JSON.parse(storage.getItem(key) ?? 'null'))
    return found.success ? found.data : null
  } catch {
    return null
  }
}

function write(storage: Pick<Storage, 'setItem'>, key: string, value: unknown): void {
  try {
    storage.setItem(key, JSON.stringify(value))
  } catch {
    // Storage may be full or forbidden; what was to be kept then lasts as long as the page.
  }
}
