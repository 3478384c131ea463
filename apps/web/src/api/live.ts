import {
  getGroup,
  getOverview,
  getRun,
  getSession,
  listAccountEvents,
  listAccounts,
  listChildren,
  listCustomers,
  listGroupEvents,
  listHolds,
  listPlan,
  listRunChanges,
  listRuns,
  LiveEvent,
  searchGroups,
  type Reply,
  type Run,
} from '@msp-console/contract'
import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { withView } from './view.ts'

// Server-sent events → invalidations. What is on screen is asked for again and replaced in place; nothing is thrown away
// before its successor is there. After a break in the connection everything counts as stale.

const RECONNECT_MS = [1_000, 2_000, 5_000, 10_000, 20_000]
/** Several events of one change make one round of questions. */
const GATHER_MS = 250

const AFTER_TREE = [getGroup, listChildren, listGroupEvents, listCustomers, searchGroups, getOverview, listAccounts]
const AFTER_ACCOUNTS = [
  listAccounts,
  listAccountEvents,
  getOverview,
  listRuns,
  listHolds,
  listPlan,
  getRun,
  getGroup,
  listChildren,
  listCustomers,
]

interface LiveState {
  /** Counts up with every change of the tree. */
  tree: number
  connected: boolean
}

let state: LiveState = { tree: 0, connected: true }
const listeners = new Set<() => void>()

function set(change: Partial<LiveState>): void {
  state = { ...state, ...change }
  for (const listener of listeners) listener()
}

export function useLive(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
}

/** Tells the tree and every list that something changed here, without waiting for the server's own message. */
export function treeChanged(client: QueryClient): void {
  set({ tree: state.tree + 1 })
  for (const endpoint of AFTER_TREE) void client.invalidateQueries({ queryKey: [endpoint.name] })
}

/** Listens until the returned function is called. */
export function startLive(client: QueryClient): () => void {
  let source: EventSource | null = null
  let attempt = 0
  let stopped = false
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let gatherTimer: ReturnType<typeof setTimeout> | undefined
  const stale = new Set<string>()
  let treeMoved = false

  const gather = (names: readonly { name: string }[], tree: boolean): void => {
    for (const { name } of names) stale.add(name)
    treeMoved ||= tree
    gatherTimer ??= setTimeout(() => {
      gatherTimer = undefined
      if (treeMoved) set({ tree: state.tree + 1 })
      treeMoved = false
      for (const name of stale) void client.invalidateQueries({ queryKey: [name] })
      stale.clear()
    }, GATHER_MS)
  }

  /** A run that is new or has ended changes lists; one that merely moved on is put in place. */
  const lastStatus = new Map<string, Run['status']>()
  const isNews = (run: Run): boolean => {
    applyRun(client, run)
    const before = lastStatus.get(run.id)
    lastStatus.set(run.id, run.status)
    return before !== run.status
  }

  const receive = (event: LiveEvent): void => {
    if (event.type === 'tree') gather(AFTER_TREE, true)
    else if (event.type === 'accounts') gather(AFTER_ACCOUNTS, true)
    else if (isNews(event.run))
      gather([listRuns, listRunChanges, listPlan, listHolds, listAccounts, listAccountEvents, getOverview], false)
  }

  const connect = (): void => {
    source = new EventSource(withView('/api/v1/events'))
    source.addEventListener('open', () => {
      if (attempt > 0 || !state.connected) {
        void client.invalidateQueries()
        set({ tree: state.tree + 1 })
      }
      attempt = 0
      set({ connected: true })
    })
    source.addEventListener('message', (message: MessageEvent<string>) => {
      const event = LiveEvent.safeParse(parseJson(message.data))
      if (event.success) receive(event.data)
    })
    source.addEventListener('error', () => {
      set({ connected: false })
      // A refused connection is not tried again by the browser itself; taking over both cases keeps one rule.
      source?.close()
      if (stopped) return
      // The browser does not say why; it may be that the session has ended.
      void client.invalidateQueries({ queryKey: [getSession.name] })
      clearTimeout(retryTimer)
      retryTimer = setTimeout(connect, RECONNECT_MS[Math.min(attempt, RECONNECT_MS.length - 1)])
      attempt += 1
    })
  }

  connect()
  return () => {
    stopped = true
    clearTimeout(retryTimer)
    clearTimeout(gatherTimer)
    source?.close()
  }
}

/** Puts the run where it is shown, without asking the server. */
function applyRun(client: QueryClient, run: Run): void {
  client.setQueryData([getRun.name, { params: { id: run.id } }], run)
  client.setQueriesData<InfiniteData<Reply<typeof listRuns>>>({ queryKey: [listRuns.name] }, (data) => {
    if (data === undefined) return data
    const pages = data.pages.map((page) => ({
      ...page,
      items: page.items.map((item) => (item.id === run.id ? run : item)),
    }))
    return { ...data, pages }
  })
  if (run.status !== 'running') return
  client.setQueriesData<Reply<typeof listAccounts>>({ queryKey: [listAccounts.name] }, (data) => {
    if (data === undefined) return data
    const items = data.items.map((account) =>
      account.id === run.accountId ? { ...account, health: 'running' as const, lastRun: run } : account,
    )
    return { items }
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
