import { type UIEvent, useLayoutEffect, useRef } from 'react'
import { type Key, keyOf, parentOf, NO_REF, refOfKey } from './refs.ts'
import { ROW_HEIGHT } from './row-size.ts'
import { refAt, rowOf } from './rows.ts'
import type { TreeState } from './use-tree-state.ts'

// Keeps what is being looked at in its place when rows come and go above it: the first visible row, or its nearest
// ancestor that is left, stays where it was. A filter starts at its top; when it ends, the former place comes back.

interface Place {
  /** The first visible row and its ancestors, from it up. */
  keys: Key[]
  /** How far that row has been scrolled out of sight, px. */
  offset: number
}

/** Returns what to do on scroll. `scrollTo` takes px from the top. */
export function useAnchor(state: TreeState, scrollTo: (offset: number) => void): (event: UIEvent) => void {
  const { data, rows, hits, filter } = state
  const top = useRef(0)
  const shown = useRef(state)
  const beforeFilter = useRef<Place | null>(null)

  useLayoutEffect(() => {
    const before = shown.current
    shown.current = state
    if (before.rows === rows) return
    const place = toPlace(before, top.current)
    if (hits && before.filter !== filter) {
      if (!before.hits) beforeFilter.current = place
      scrollTo((top.current = 0))
      return
    }
    const { keys, offset } = !hits && before.hits && beforeFilter.current ? beforeFilter.current : place
    for (const key of keys) {
      const row = rowOf(rows, refOfKey(data, key))
      if (row < 0) continue
      const wanted = row * ROW_HEIGHT + (key === keys[0] ? offset : 0)
      if (wanted !== top.current) scrollTo((top.current = wanted))
      return
    }
  })

  return (event) => (top.current = event.currentTarget.scrollTop)
}

function toPlace({ data, rows }: TreeState, top: number): Place {
  const row = Math.floor(top / ROW_HEIGHT)
  const keys: Key[] = []
  for (let ref = refAt(rows, row); ref !== NO_REF; ref = parentOf(data, ref)) keys.push(keyOf(data, ref))
  return { keys, offset: top - row * ROW_HEIGHT }
}
