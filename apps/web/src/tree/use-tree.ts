import { getTree, getTreeChanges, type InnerColumns, type Tree, type TreePart } from '@msp-console/contract'
import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toGroupName } from '../domain/labels.ts'
import { call } from '../api/call.ts'
import { at, type TreeData } from './columns.ts'
import { toAsked } from './expansion.ts'
import { fetchPart, know } from './fetch-part.ts'
import type { Filter } from './hits.ts'
import { applyChanges } from './merge.ts'
import { toColumns } from './pages.ts'
import { type Parts, toSnapshot } from './snapshot.ts'
import { storedOpen } from './stored.ts'
import { type GapState, type Pages, usePages } from './use-pages.ts'
import { useStrays } from './use-strays.ts'

// The three stages of loading: what is open (a few kilobytes, painted at once), then all inner groups, then all customers
// while the browser is idle; where there are too many of those, by page. A live update brings what has changed and nothing else.

/** How long to wait before asking again for parts that turned out to be of different generations, in ms. */
const HEAL_DELAY = 500

/** Why children that are known are not here. */
export type GapOf = (parent: number, isOfCustomers: boolean) => GapState

export interface LoadedTree {
  /** Null until the first part has come. */
  data: TreeData | null
  gapOf: GapOf
  /** Asks for what a gap stands for. */
  fill: (parent: number, isOfCustomers: boolean) => void
  /** Tells which groups are open: where customers come by page, they get their first one. */
  want: (open: ReadonlySet<number>) => void
  /** Where the server looks for customers: those that fit the filter, and how many there are. */
  strays: readonly number[]
  found: { shown: number; total: number } | null
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
export function useTree(live: number, filter: Filter, selectedId: string | null): LoadedTree {
  const client = useQueryClient()
  const [isKnown] = useState(() => client.getQueryData(innerQuery.queryKey) !== undefined)
  const opened = useQuery({ ...openedQuery, enabled: !isKnown, staleTime: Infinity })
  const painted = useLater(opened.isSuccess || opened.isError || isKnown, afterPaint)
  const inner = useQuery({ ...innerQuery, enabled: painted, staleTime: 0 })
  const idle = useLater(inner.isSuccess, whenIdle)
  const customers = useQuery({ ...customersQuery, enabled: idle, staleTime: 0 })
  const isPaged = customers.data !== undefined && customers.data.customers === null
  const pages = usePages()
  const strays = useStrays(isPaged, filter, selectedId)
  useLiveRefresh(client, live, pages.renew)
  const { i18n } = useTranslation()
  const { language } = i18n
  const ids = useMemo(() => (isPaged && inner.data?.inner ? toIds(inner.data.inner) : []), [isPaged, inner.data])
  const { blocks } = pages
  const strayKey = strays.rows.map(({ id, mark }) => `${id}${mark}`).join()
  const known = useMemo(
    () =>
      isPaged && customers.data
        ? { ...customers.data, customers: toColumns(ids, blocks, strays.rows) }
        : customers.data,
    // oxlint-disable-next-line react/exhaustive-deps -- the strays are the same while their key is
    [isPaged, customers.data, ids, blocks, strayKey],
  )

  const data = useSnapshot(
    useMemo(
      () => ({
        opened: opened.data,
        inner: inner.data,
        customers: known,
        customersFailed: customers.isError,
        language,
        toName: (kind, name) => toGroupName({ kind, name }),
      }),
      [opened.data, inner.data, known, customers.isError, language],
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

  const hasFailed = (inner.isError && !inner.isFetching) || (customers.isError && !customers.isFetching)
  const retry = () => {
    for (const query of [opened, inner, customers]) if (query.isError) void query.refetch()
  }
  const { want } = pages
  return {
    data,
    gapOf: (parent, isOfCustomers) =>
      isPaged && isOfCustomers ? pages.gapOf(parent) : hasFailed ? 'error' : 'loading',
    fill: (parent, isOfCustomers) => (isPaged && isOfCustomers ? pages.more(parent) : retry()),
    want: useCallback(
      (open) => {
        if (isPaged && data) want(withCustomers(data, open))
      },
      [isPaged, data, want],
    ),
    strays: useMemo(
      () => strays.rows.map(({ id }) => id),
      // oxlint-disable-next-line react/exhaustive-deps -- as above
      [strayKey],
    ),
    found: strays.total === null ? null : { shown: Math.min(strays.rows.length, strays.total), total: strays.total },
    failed: data === null && inner.isError && !inner.isFetching,
    retry,
  }
}

/** Of the open groups those that hold customers themselves. */
function withCustomers({ inner }: TreeData, open: ReadonlySet<number>): number[] {
  const ids: number[] = []
  for (let i = 0; i < inner.size; i++)
    if (at(inner.customers, i) > 0 && open.has(at(inner.id, i))) ids.push(at(inner.id, i))
  return ids
}

function toIds({ idDelta }: InnerColumns): number[] {
  let id = 0
  return idDelta.map((delta) => (id += delta))
}

/** What changed while no tree was on screen is asked for when one is again, because nothing in it stays fresh. */
function useLiveRefresh(client: QueryClient, live: number, renew: Pages['renew']): void {
  const seen = useRef(live)
  const last = useRef(Promise.resolve())
  useEffect(() => {
    if (seen.current === live) return
    seen.current = live
    // One after the other: changes are of the tree that they were asked for.
    last.current = last.current.then(() => refresh(client, renew))
  }, [client, live, renew])
}

/** Puts in what has changed, or lets everything be asked for again where that is not enough. */
async function refresh(client: QueryClient, renew: Pages['renew']): Promise<void> {
  const inner = client.getQueryData(innerQuery.queryKey)
  const customers = client.getQueryData(customersQuery.queryKey)
  const merged = inner && (await loadChanges(inner, customers).catch(() => null))
  const isSame =
    client.getQueryData(innerQuery.queryKey) === inner && client.getQueryData(customersQuery.queryKey) === customers
  if (!merged || !isSame) {
    renew(null)
    await client.invalidateQueries({ queryKey: [getTree.name] })
    return
  }
  client.setQueryData(innerQuery.queryKey, know(merged.inner, 'inner'))
  if (merged.customers) client.setQueryData(customersQuery.queryKey, know(merged.customers, 'customers'))
  renew(merged.changed)
}

async function loadChanges(inner: Tree, customers: Tree | undefined) {
  if (customers && customers.generation !== inner.generation) return null
  const which = customers?.customers ? 'all' : 'none'
  const changes = await call(getTreeChanges, { query: { since: inner.since, customers: which } })
  const merged = applyChanges(inner, customers, changes)
  let id = 0
  return merged && { ...merged, changed: (changes.groups?.idDelta ?? []).map((delta) => (id += delta)) }
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
