import { getTree, type Tree, type TreePart } from '@msp-console/contract'
import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toGroupName } from '../domain/labels.ts'
import type { TreeData } from './columns.ts'
import { toAsked } from './expansion.ts'
import { fetchPart } from './fetch-part.ts'
import { type Parts, toSnapshot } from './snapshot.ts'
import { storedOpen } from './stored.ts'

// The three stages of loading: what is open (a few kilobytes, painted at once), then all inner groups, then all customers
// while the browser is idle. After a live update the last two are asked for again, each with its ETag.

/** How long to wait before asking again for parts that turned out to be of different generations, in ms. */
const HEAL_DELAY = 500

export interface LoadedTree {
  /** Null until the first part has come. */
  data: TreeData | null
  /** Why children that are known are not here yet. */
  gaps: 'loading' | 'error'
  /** Nothing could be loaded. */
  failed: boolean
  /** Asks again for whatever failed. */
  retry: () => void
}

function partQuery(part: TreePart, open?: () => string | undefined) {
  const queryKey = [getTree.name, part]
  return queryOptions({
    queryKey,
    queryFn: ({ client, signal }) => fetchPart(part, open?.(), client.getQueryData<Tree>(queryKey), signal),
    // Comparing two trees value by value costs more than showing them; the same generation is the same object already.
    structuralSharing: false,
    gcTime: Infinity,
  })
}

const openedQuery = partQuery('opened', () => toAsked(storedOpen(sessionStorage)))
const innerQuery = partQuery('inner')
const customersQuery = partQuery('customers')

/** `live` counts up when the tree has changed on the server. */
export function useTree(live: number): LoadedTree {
  const client = useQueryClient()
  const [isKnown] = useState(() => client.getQueryData(innerQuery.queryKey) !== undefined)
  const opened = useQuery({ ...openedQuery, enabled: !isKnown, staleTime: Infinity })
  const painted = useLater(opened.isSuccess || opened.isError || isKnown, afterPaint)
  const inner = useQuery({ ...innerQuery, enabled: painted, staleTime: 0 })
  const idle = useLater(inner.isSuccess, whenIdle)
  const customers = useQuery({ ...customersQuery, enabled: idle, staleTime: 0 })
  useLiveRefresh(client, live)
  const { i18n } = useTranslation()
  const { language } = i18n

  const data = useSnapshot(
    useMemo(
      () => ({
        opened: opened.data,
        inner: inner.data,
        customers: customers.data,
        customersFailed: customers.isError,
        language,
        toName: (kind, name) => toGroupName({ kind, name }),
      }),
      [opened.data, inner.data, customers.data, customers.isError, language],
    ),
  )

  const isMixed =
    inner.data !== undefined && customers.data !== undefined && inner.data.generation !== customers.data.generation
  const isSettled = !inner.isFetching && !customers.isFetching
  useEffect(() => {
    if (!isMixed || !isSettled) return
    const timer = setTimeout(() => void client.invalidateQueries({ queryKey: [getTree.name] }), HEAL_DELAY)
    return () => clearTimeout(timer)
  }, [client, isMixed, isSettled])

  return {
    data,
    gaps: (inner.isError && !inner.isFetching) || (customers.isError && !customers.isFetching) ? 'error' : 'loading',
    failed: data === null && inner.isError && !inner.isFetching,
    retry: () => {
      for (const query of [opened, inner, customers]) if (query.isError) void query.refetch()
    },
  }
}

/** What changed while no tree was on screen is asked for when one is again, because nothing in it stays fresh. */
function useLiveRefresh(client: QueryClient, live: number): void {
  const seen = useRef(live)
  useEffect(() => {
    if (seen.current === live) return
    seen.current = live
    void client.invalidateQueries({ queryKey: [getTree.name] })
  }, [client, live])
}

type LocalParts = Parts & { language: string }

/** The tree on screen, decoded only when a part has changed. */
function useSnapshot(parts: LocalParts): TreeData | null {
  const [shown, setShown] = useState(() => ({ parts, data: toSnapshot(null, parts) }))
  if (shown.parts === parts) return shown.data
  const isSame =
    shown.parts.inner === parts.inner &&
    shown.parts.customers === parts.customers &&
    shown.parts.customersFailed === parts.customersFailed &&
    shown.parts.language === parts.language &&
    (shown.parts.opened === parts.opened || parts.inner !== undefined)
  const data = isSame ? shown.data : toSnapshot(shown.data, parts)
  setShown({ parts, data })
  return data
}

/** True some time after `ready` is; never goes back. */
function useLater(ready: boolean, schedule: (then: () => void) => () => void): boolean {
  const [isLater, setLater] = useState(false)
  useEffect(() => (ready && !isLater ? schedule(() => setLater(true)) : undefined), [ready, isLater, schedule])
  return isLater
}

function afterPaint(then: () => void): () => void {
  let timer = 0
  // A frame callback runs before the paint, a timer set in it after.
  const frame = requestAnimationFrame(() => (timer = window.setTimeout(then)))
  return () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
}

/** Calls back when the browser has nothing better to do; Safari cannot say, so it waits a moment. */
export function whenIdle(then: () => void): () => void {
  if (!('requestIdleCallback' in globalThis)) {
    const timer = setTimeout(then, 200)
    return () => clearTimeout(timer)
  }
  const request = requestIdleCallback(then, { timeout: 1000 })
  return () => cancelIdleCallback(request)
}
