import { type CustomerRow, listCustomers, toMark } from '@msp-console/contract'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { call } from '../api/call.ts'
import { groupQuery } from '../api/queries.ts'
import type { Filter } from './hits.ts'
import type { Stray } from './pages.ts'

// Where customers come by page, the server looks for them: the first that fit the filter, and the one that is chosen, join the rows
// that are here.

const PAUSE = 250
const MOST = 200
const NONE: readonly Stray[] = []

export interface Strays {
  rows: readonly Stray[]
  /** How many customers fit the filter altogether; null while nothing is asked or known. */
  total: number | null
}

export function useStrays(isPaged: boolean, filter: Filter, selectedId: string | null): Strays {
  const q = filter.text.trim()
  const wanted = JSON.stringify([q, [...filter.states].toSorted()])
  const [asked, setAsked] = useState(wanted)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), PAUSE)
    return () => clearTimeout(timer)
  }, [wanted])
  const isFiltered = q !== '' || filter.states.size > 0
  const { data } = useQuery({
    queryKey: [listCustomers.name, 'tree', wanted],
    queryFn: ({ signal }) =>
      call(
        listCustomers,
        {
          query: {
            limit: MOST,
            q: q === '' ? undefined : q,
            state: filter.states.size === 0 ? undefined : [...filter.states].join(','),
          },
        },
        { signal },
      ),
    enabled: isPaged && isFiltered && asked === wanted,
  })
  const { data: chosen } = useQuery({ ...groupQuery(selectedId ?? ''), enabled: isPaged && selectedId !== null })
  if (!isPaged) return { rows: NONE, total: null }
  const found = isFiltered && data ? data.items.map((item) => toStray(item, item.path.at(-1)?.id)) : []
  const own = chosen?.kind === 'customer' ? [toStray(chosen, chosen.ancestors.at(-1)?.id)] : []
  return { rows: [...found, ...own], total: isFiltered && data ? data.total : null }
}

type Row = Pick<CustomerRow, 'id' | 'name' | 'state' | 'sourceStatus' | 'presence'>

function toStray({ id, name, state, sourceStatus, presence }: Row, parent: string | undefined): Stray {
  return { id: Number(id), parent: Number(parent ?? 0), mark: toMark(state, sourceStatus, presence), name }
}
