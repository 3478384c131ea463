import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { searchQuery } from '../api/queries.ts'

const PAUSE = 250
/** One letter is in nearly everything. */
const SHORTEST = 2
const NONE: readonly number[] = []

/** Ids that match by what the tree does not know: former names, identifiers, e-mails, GUIDs. They join the local matches. */
export function useServerHits(text: string): readonly number[] {
  const wanted = text.trim()
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), PAUSE)
    return () => clearTimeout(timer)
  }, [wanted])
  const { data } = useQuery({
    ...searchQuery(asked),
    enabled: asked.length >= SHORTEST && asked === wanted,
    select: toIds,
  })
  return asked === wanted && data ? data : NONE
}

function toIds({ items }: { items: readonly { id: string }[] }): readonly number[] {
  return items.map((item) => Number(item.id))
}
