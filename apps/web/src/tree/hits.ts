import { type CustomerState, CustomerState as States, fold } from '@msp-console/contract'
import { at, type TreeData } from './columns.ts'
import { indexOf, INNER, NO_REF, refOfId, typeOf } from './refs.ts'
import { type Folded, toFolded } from './folded.ts'

// What a filter finds: which groups match, and which have a match somewhere below (their ancestors, shown dimmed).
// Pure, and local: a keystroke at 100,000 names takes a few milliseconds once the names are folded.

export interface Filter {
  /** As typed; compared without case and diacritics. Empty = any name. */
  text: string
  /** Empty = any state. A state asks for customers; `unlinked` also for removed companies of other kinds. */
  states: ReadonlySet<CustomerState>
}

/** One byte per inner group or customer, 1 = yes. */
export interface Hits {
  readonly inner: Uint8Array
  readonly customer: Uint8Array
  /** Inner groups with a match below them. */
  readonly below: Uint8Array
  readonly count: number
}

/** Folded names of one TreeData, made lazily. */
export interface Names {
  readonly inner: Folded
  readonly customer: Folded
}

export function toNames(data: TreeData): Names {
  return { inner: toFolded(data.inner.name), customer: toFolded(data.customer.name) }
}

/**
 * Null when the filter asks for nothing. `others`: ids that match the text by something else than their present name, as
 * only the server knows.
 */
export function toHits(data: TreeData, names: Names, filter: Filter, others: readonly number[] = []): Hits | null {
  const text = fold(filter.text.trim())
  const { states } = filter
  if (text === '' && states.size === 0) return null
  const inner = new Uint8Array(data.inner.size)
  const customer = new Uint8Array(data.customer.size)
  if (text === '') {
    inner.fill(1)
    customer.fill(1)
  } else {
    names.inner.search(text, inner)
    names.customer.search(text, customer)
    for (const id of others) {
      const ref = refOfId(data, id)
      if (ref !== NO_REF) (typeOf(ref) === INNER ? inner : customer)[indexOf(ref)] = 1
    }
  }
  if (states.size > 0) {
    keepMarks(customer, data.customer.mark, toLetters(states))
    keepMarks(inner, data.inner.mark, toLetters(states.has('unlinked') ? new Set(['unlinked'] as const) : new Set()))
  }
  return { inner, customer, below: toBelow(data, inner, customer), count: total(inner) + total(customer) }
}

/** Groups that a filter shows opened. */
export function idsWithMatchesBelow(data: TreeData, hits: Hits): Set<number> {
  const ids = new Set<number>()
  hits.below.forEach((below, i) => below && ids.add(at(data.inner.id, i)))
  return ids
}

/** By mark letter, whether the state is one of those asked for: see toMark, the state is the remainder by 3. */
function toLetters(states: ReadonlySet<CustomerState>): Uint8Array {
  const letters = new Uint8Array(128)
  States.options.forEach((state, option) => {
    if (states.has(state)) for (let code = 97 + option; code < 97 + 12; code += 3) letters[code] = 1
  })
  return letters
}

function keepMarks(hits: Uint8Array, marks: string, letters: Uint8Array): void {
  for (let i = 0; i < hits.length; i++) if (!letters[marks.charCodeAt(i)]) hits[i] = 0
}

function toBelow({ inner, customer }: TreeData, innerHits: Uint8Array, customerHits: Uint8Array): Uint8Array {
  const below = new Uint8Array(inner.size)
  for (let j = 0; j < customer.size; j++) if (customerHits[j]) below[at(customer.parent, j)] = 1
  // Children come after their parents, so one pass from the back carries a match all the way up.
  for (let i = inner.size - 1; i > 0; i--) {
    const parent = at(inner.parent, i)
    if (parent >= 0 && (innerHits[i] || below[i])) below[parent] = 1
  }
  return below
}

function total(hits: Uint8Array): number {
  let count = 0
  for (let i = 0; i < hits.length; i++) count += at(hits, i)
  return count
}
