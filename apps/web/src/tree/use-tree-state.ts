import { useEffect, useMemo, useRef, useState } from 'react'
import type { TreeData } from './columns.ts'
import { type Key, keyOf, parentOf, type Ref, refOfId, refOfKey, NO_REF } from './refs.ts'
import { allIds, ancestorIds, defaultOpen, newRoots, topIds, withIds, withToggled } from './expansion.ts'
import { type Filter, type Hits, idsWithMatchesBelow, type Names, toHits, toNames } from './hits.ts'
import { firstMatch, refAt, rowOf, type Rows, toRows } from './rows.ts'
import { NO_FILTER, storedOpen, storeOpen } from './stored.ts'
import type { FilterState } from './use-filter.ts'
import { useServerHits } from './use-server-hits.ts'
import { whenIdle } from './use-tree.ts'

// What the person has done to the tree: opened, filtered, focused. All of it is kept as ids, so that a new generation of
// the data changes only what it must.

const NONE: ReadonlySet<number> = new Set()
const STORE_DELAY = 300

export interface TreeState {
  data: TreeData
  names: Names
  filter: Filter
  /** The filter came with the address, together with what is selected. */
  isFilterMeant: boolean
  hits: Hits | null
  /** What toRows was given: open ids, or ids toggled since the filter began. */
  open: ReadonlySet<number>
  rows: Rows
  /** Row with the tab stop; -1 when there are no rows. */
  focusRow: number
  /** A node that was asked to be scrolled to; a new object for each request. */
  target: { key: Key; takesFocus: boolean } | null
  setFilter: (filter: Filter) => void
  clearFilter: () => void
  setFocus: (ref: Ref) => void
  toggle: (ids: readonly number[]) => void
  openIds: (ids: readonly number[]) => void
  expandAll: () => void
  collapseAll: () => void
  /** Opens the ancestors and scrolls there. */
  reveal: (ref: Ref) => void
  /** Takes the focus into the tree, to the first match if there is a filter. */
  enter: () => void
}

/** @param strays ids that the server found by the filter, whatever of them matches */
export function useTreeState(
  data: TreeData,
  selectedId: string | null,
  { filter, setFilter, isMeant }: FilterState,
  strays: readonly number[],
): TreeState {
  const [toggled, setToggled] = useState(NONE)
  const [trail, setTrail] = useState<readonly Key[]>([])
  const [target, setTarget] = useState<TreeState['target']>(null)
  const [own, setOwn] = useOpen(data)

  const names = useNames(data)
  const others = useServerHits(filter.text)
  const hits = useMemo(
    () => toHits(data, names, filter, strays.length === 0 ? others : [...others, ...strays]),
    [data, names, filter, others, strays],
  )
  const open = hits ? toggled : own
  const rows = useMemo(() => toRows(data, open, hits), [data, open, hits])
  const focusRow = useMemo(() => toFocusRow(data, rows, trail, selectedId), [data, rows, trail, selectedId])
  const changeFilter = (next: Filter) => {
    setFilter(next)
    setToggled(NONE)
  }
  const setFocus = (ref: Ref) => setTrail(toTrail(data, ref))

  return {
    data,
    names,
    filter,
    isFilterMeant: isMeant,
    hits,
    open,
    rows,
    focusRow,
    target,
    setFocus,
    setFilter: changeFilter,
    clearFilter() {
      changeFilter(NO_FILTER)
      // What had the focus among the hits stays in sight, if it is one of the open rows.
      const [key] = trail
      if (key !== undefined) setTarget({ key, takesFocus: false })
    },
    toggle(ids) {
      const change = (before: ReadonlySet<number>) => withToggled(before, ids)
      if (hits) setToggled(change)
      else setOwn(change)
    },
    openIds(ids) {
      setOwn((before) => withIds(before, ids))
    },
    expandAll() {
      if (hits) setToggled(NONE)
      else setOwn(() => allIds(data))
    },
    collapseAll() {
      if (hits) setToggled(idsWithMatchesBelow(data, hits))
      else setOwn(() => topIds(data))
    },
    reveal(ref) {
      setOwn((before) => withIds(before, ancestorIds(data, ref)))
      setFocus(ref)
      setTarget({ key: keyOf(data, ref), takesFocus: false })
    },
    enter() {
      const ref = refAt(rows, hits ? firstMatch(rows, hits) : focusRow)
      if (ref === NO_REF) return
      setFocus(ref)
      setTarget({ key: keyOf(data, ref), takesFocus: true })
    },
  }
}

type SetOpen = (change: (before: ReadonlySet<number>) => ReadonlySet<number>) => void

/** The person's own expansion: remembered for the tab; roots of accounts that appear later show opened. */
function useOpen(data: TreeData): [ReadonlySet<number>, SetOpen] {
  const [chosen, setChosen] = useState<ReadonlySet<number> | null>(() => storedOpen(sessionStorage))
  const [before, setBefore] = useState(data)
  const open = useMemo(() => chosen ?? defaultOpen(data), [chosen, data])
  if (before !== data) {
    setBefore(data)
    if (chosen && before.complete && before.inner.size > 0) setChosen(withIds(chosen, newRoots(before, data)))
  }
  const unstored = useRef<ReadonlySet<number>>(null)
  useEffect(() => {
    if (!chosen) return
    unstored.current = chosen
    const timer = setTimeout(() => {
      storeOpen(sessionStorage, chosen)
      unstored.current = null
    }, STORE_DELAY)
    return () => clearTimeout(timer)
  }, [chosen])
  // Whoever leaves the screen sooner finds it as it was all the same.
  useEffect(() => () => void (unstored.current && storeOpen(sessionStorage, unstored.current)), [])
  return [open, (change) => setChosen((now) => change(now ?? open))]
}

/** Names to search in, folded bit by bit while the browser is idle, so that the first key finds them ready. */
function useNames(data: TreeData): Names {
  const names = useMemo(() => toNames(data), [data])
  useEffect(() => {
    let cancel: () => void
    const advance = () => {
      if (names.inner.advance() || names.customer.advance()) cancel = whenIdle(advance)
    }
    cancel = whenIdle(advance)
    return () => cancel()
  }, [names])
  return names
}

/** The node and its ancestors: where the focus falls back to when the node goes out of sight. */
function toTrail(data: TreeData, ref: Ref): Key[] {
  const trail: Key[] = []
  for (let up = ref; up !== NO_REF; up = parentOf(data, up)) trail.push(keyOf(data, up))
  return trail
}

function toFocusRow(data: TreeData, rows: Rows, trail: readonly Key[], selectedId: string | null): number {
  const selected = selectedId === null ? NO_REF : refOfId(data, Number(selectedId))
  for (const key of [...trail, ...toTrail(data, selected)]) {
    const row = rowOf(rows, refOfKey(data, key))
    if (row >= 0) return row
  }
  return rows.length > 0 ? 0 : -1
}
