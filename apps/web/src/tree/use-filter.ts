import { useEffect, useEffectEvent, useState } from 'react'
import { useSearchParams } from 'react-router'
import { fromSearch, toFilterKey, toSearch } from './filter-address.ts'
import type { Filter } from './hits.ts'
import { storedFilter, storeFilter } from './stored.ts'

// The filter lives in the address, so that a link shows what its sender saw. It is held here as well, because an address
// follows typing only after a pause, and remembered for the tab, because most links to a group name no filter.

const TYPING_MS = 200

export interface FilterState {
  filter: Filter
  setFilter: (filter: Filter) => void
  /** It came with the address: whoever made the link meant both the filter and the group. */
  isMeant: boolean
}

export function useFilter(): FilterState {
  const [search, setSearch] = useSearchParams()
  const linked = fromSearch(search)
  const asked = toFilterKey(linked)
  const [filter, setFilter] = useState(() => linked ?? storedFilter(sessionStorage))
  const [isMeant, setMeant] = useState(linked !== null)
  const [seen, setSeen] = useState(asked)
  const [sent, setSent] = useState(asked)
  if (seen !== asked) {
    setSeen(asked)
    // What was not sent from here came by a link or by Back. One that names no filter leaves it; whether it still fits
    // is decided by what it leads to.
    if (asked !== sent) {
      setMeant(linked !== null)
      if (linked !== null) setFilter(linked)
    }
  }
  // An effect event: what is sent is the filter of that moment, not of the moment of typing.
  const send = useEffectEvent(() => {
    const key = toFilterKey(filter)
    if (key === asked) return
    setSent(key)
    const next = new URLSearchParams(search)
    next.delete('q')
    next.delete('state')
    for (const [name, value] of Object.entries(toSearch(filter))) next.set(name, value)
    setSearch(next, { replace: true, preventScrollReset: true })
  })
  useEffect(() => {
    const timer = setTimeout(send, TYPING_MS)
    return () => clearTimeout(timer)
  }, [filter, asked])

  return {
    filter,
    isMeant,
    setFilter(next) {
      setFilter(next)
      setMeant(false)
      storeFilter(sessionStorage, next)
    },
  }
}
