import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { groupQuery } from '../api/queries.ts'
import type { Hits } from './hits.ts'
import { at } from './columns.ts'
import { indexOf, INNER, NO_REF, parentOf, type Ref, refOfId, typeOf } from './refs.ts'
import { isMatch } from './rows.ts'
import type { TreeState } from './use-tree-state.ts'

/**
 * Shows the selected node when the selection comes from outside (a link, the page beside): opens its ancestors and scrolls
 * there, once; a filter that would hide it goes. While the node itself is not loaded yet, its ancestors are asked for by themselves.
 * Returns `onSelect` for the tree's own rows, which are in sight already.
 */
export function useReveal(
  state: TreeState,
  selectedId: string | null,
  onSelect: (id: string) => void,
): (id: string) => void {
  const { data, hits, isFilterMeant, reveal, openIds, clearFilter } = state
  const revealed = useRef<string | null>(null)
  const ref = selectedId === null ? NO_REF : refOfId(data, Number(selectedId))
  const isAwaited = selectedId !== null && ref === NO_REF && data.inner.size > 0 && !data.complete

  useEffect(() => {
    if (selectedId === null || ref === NO_REF || revealed.current === selectedId) return
    if (hits && !isFilterMeant && !isShown(hits, ref)) {
      // Below may be matches that are still on their way.
      if (typeOf(ref) === INNER && !data.complete) return
      clearFilter()
    }
    revealed.current = selectedId
    // The top stands for "no choice" as well: it is always in sight, and the row of the former choice keeps its tab stop.
    if (parentOf(data, ref) !== NO_REF) reveal(ref)
  }, [selectedId, ref, reveal, data, hits, isFilterMeant, clearFilter])

  const { data: group } = useQuery({ ...groupQuery(selectedId ?? ''), enabled: isAwaited })
  const ancestors = isAwaited ? group?.ancestors : undefined
  useEffect(() => {
    if (ancestors) openIds(ancestors.map((ancestor) => Number(ancestor.id)))
    // oxlint-disable-next-line react/exhaustive-deps -- once for the answer, not whenever the person closes one of them
  }, [ancestors])

  return (id) => {
    revealed.current = id
    // Chosen among hits, it has to be in sight still when the filter is taken off.
    if (hits) reveal(refOfId(data, Number(id)))
    onSelect(id)
  }
}

/** Among the rows of a filter: a match, or an ancestor of matches. */
function isShown(hits: Hits, ref: Ref): boolean {
  return isMatch(hits, ref) || (typeOf(ref) === INNER && at(hits.below, indexOf(ref)) === 1)
}
