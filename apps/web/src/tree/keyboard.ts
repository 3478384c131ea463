import { fold } from '@msp-console/contract'
import { at, type TreeData } from './columns.ts'
import { CUSTOMER, indexOf, INNER, NO_REF, parentOf, type Ref, typeOf } from './refs.ts'
import { groupsBelow } from './expansion.ts'
import type { Hits, Names } from './hits.ts'
import { isExpandable, isOpen, refAt, rowOf, type Rows } from './rows.ts'

// The keys of a WAI-ARIA tree as a pure function: what is shown, which row has the focus and which key → what to do.

export type Action =
  | { type: 'focus'; row: number }
  /** Open what is closed and close what is open. */
  | { type: 'toggle'; ids: readonly number[] }
  | { type: 'select'; row: number }
  /** Ask for what the gap in this row stands for. */
  | { type: 'fill'; row: number }

export interface Shown {
  data: TreeData
  rows: Rows
  hits: Hits | null
  open: ReadonlySet<number>
  /** Rows that fit on the screen. */
  page: number
}

/** Null where the key means nothing to a tree. Printable characters but `*` and the space are for type-ahead. */
export function toAction(shown: Shown, row: number, key: string): Action | null {
  const { rows } = shown
  const ref = refAt(rows, row)
  if (ref === NO_REF) return null
  const focus = (to: number): Action => ({ type: 'focus', row: Math.max(0, Math.min(rows.length - 1, to)) })
  switch (key) {
    case 'ArrowDown':
      return focus(row + 1)
    case 'ArrowUp':
      return focus(row - 1)
    case 'PageDown':
      return focus(row + shown.page)
    case 'PageUp':
      return focus(row - shown.page)
    case 'Home':
      return focus(0)
    case 'End':
      return focus(rows.length - 1)
    case 'ArrowRight':
      return toRight(shown, row, ref)
    case 'ArrowLeft':
      return toLeft(shown, ref)
    case 'Enter':
    case ' ':
      return typeOf(ref) === INNER || typeOf(ref) === CUSTOMER ? { type: 'select', row } : { type: 'fill', row }
    case '*':
      return { type: 'toggle', ids: closedBeside(shown, ref) }
    default:
      return null
  }
}

function toRight({ data, rows, hits, open }: Shown, row: number, ref: Ref): Action | null {
  if (!isExpandable(data, ref)) return null
  if (!isOpen(data, open, hits, indexOf(ref))) return { type: 'toggle', ids: [at(data.inner.id, indexOf(ref))] }
  return row + 1 < rows.length ? { type: 'focus', row: row + 1 } : null
}

function toLeft({ data, rows, hits, open }: Shown, ref: Ref): Action | null {
  if (isExpandable(data, ref) && isOpen(data, open, hits, indexOf(ref))) {
    return { type: 'toggle', ids: [at(data.inner.id, indexOf(ref))] }
  }
  const up = rowOf(rows, parentOf(data, ref))
  return up < 0 ? null : { type: 'focus', row: up }
}

function closedBeside({ data, hits, open }: Shown, ref: Ref): number[] {
  return groupsBelow(data, parentOf(data, ref))
    .filter((i) => !isOpen(data, open, hits, i))
    .map((i) => at(data.inner.id, i))
}

/**
 * The next visible row whose name starts with what was typed, round the end; -1 when there is none. The first letter
 * moves on from the focused row, more letters may stay on it; one letter typed again and again walks through its rows.
 */
export function typeAhead(rows: Rows, names: Names, row: number, typed: string): number {
  const text = fold(typed)
  const letter = text.charAt(0)
  const isRepeated = letter !== '' && text === letter.repeat(text.length)
  const wanted = isRepeated ? letter : text
  if (wanted === '') return -1
  const start = row + (isRepeated ? 1 : 0)
  for (let step = 0; step < rows.length; step++) {
    const candidate = (start + step) % rows.length
    const ref = refAt(rows, candidate)
    const folded = typeOf(ref) === CUSTOMER ? names.customer : typeOf(ref) === INNER ? names.inner : null
    if (folded?.startsWith(indexOf(ref), wanted)) return candidate
  }
  return -1
}
