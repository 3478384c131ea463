import {
  getGroup,
  getOverview,
  getRun,
  getSession,
  listAccountEvents,
  listAccounts,
  listChildren,
  listCustomers,
  getRemoval,
  listGroupEvents,
  listHolds,
  listPlan,
  listRehearsals,
  listRunChanges,
  listRuns,
  previewDisconnect,
  searchGroups,
  type CustomerFilter,
  type CustomerSort,
  type Endpoint,
  type EventKind,
  type PlanItemState,
  type Session,
} from '@msp-console/contract'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import { ApiError, call, type CallArgs } from './call.ts'
import { forgetChoice, holdView } from './view.ts'

// What may be asked, as query options. A key starts with the name of its endpoint, so "this endpoint is stale" is one call
// (`[getGroup.name]`). Data stays fresh until a live event or a mutation says otherwise.

export function queryFor<E extends Endpoint>(endpoint: E, args: CallArgs<E>) {
  return queryOptions({
    queryKey: [endpoint.name, args] as const,
    queryFn: ({ signal }) => call(endpoint, args, { signal }),
  })
}

/** A root or a preview that is no more is let go of, and the question asked again: there is always a way in. */
export const sessionQuery = () =>
  queryOptions({
    queryKey: [getSession.name, {}] as const,
    queryFn: async ({ signal }) => {
      const session = await askSession(signal)
      holdView(session)
      return session
    },
  })

async function askSession(signal: AbortSignal): Promise<Session> {
  try {
    return await call(getSession, {}, { signal })
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'not-found' || !forgetChoice()) throw error
    return askSession(signal)
  }
}

export const overviewQuery = () => queryFor(getOverview, {})
export const accountsQuery = () => queryFor(listAccounts, {})
export const accountEventsQuery = (id: string) => queryFor(listAccountEvents, { params: { id } })
export const disconnectPreviewQuery = (id: string) => queryFor(previewDisconnect, { params: { id } })
export const groupQuery = (id: string) => queryFor(getGroup, { params: { id } })
export const searchQuery = (q: string) => queryFor(searchGroups, { query: { q, limit: 50 } })
export const runQuery = (id: string) => queryFor(getRun, { params: { id } })

export const firstCursor: string | undefined = undefined
export const nextCursor = (page: { nextCursor: string | null }) => page.nextCursor ?? undefined

export const childrenQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [listChildren.name, id] as const,
    queryFn: ({ pageParam, signal }) =>
      call(listChildren, { params: { id }, query: { limit: 50, cursor: pageParam } }, { signal }),
    initialPageParam: firstCursor,
    getNextPageParam: nextCursor,
  })

export const groupEventsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [listGroupEvents.name, id] as const,
    queryFn: ({ pageParam, signal }) =>
      call(listGroupEvents, { params: { id }, query: { limit: 20, cursor: pageParam } }, { signal }),
    initialPageParam: firstCursor,
    getNextPageParam: nextCursor,
  })

/** The filter as it travels: lists are words separated by commas. */
export type FilterQuery = z.input<typeof CustomerFilter>

export const customersQuery = (filter: FilterQuery, sort: CustomerSort) =>
  infiniteQueryOptions({
    queryKey: [listCustomers.name, filter, sort] as const,
    queryFn: ({ pageParam, signal }) =>
      call(listCustomers, { query: { ...filter, sort, limit: 100, cursor: pageParam } }, { signal }),
    initialPageParam: firstCursor,
    getNextPageParam: nextCursor,
  })

export const runsQuery = (account?: string) =>
  infiniteQueryOptions({
    queryKey: [listRuns.name, account ?? null] as const,
    queryFn: ({ pageParam, signal }) =>
      call(listRuns, { query: { limit: 30, cursor: pageParam, account } }, { signal }),
    initialPageParam: firstCursor,
    getNextPageParam: nextCursor,
  })

export const rehearsalsQuery = () => queryFor(listRehearsals, {})
export const holdsQuery = () => queryFor(listHolds, {})
export const removalQuery = (id: string) => queryFor(getRemoval, { params: { id } })

export const planQuery = (id: string, filter: { kind?: EventKind | undefined; state?: PlanItemState | undefined }) =>
  infiniteQueryOptions({
    queryKey: [listPlan.name, id, filter] as const,
    queryFn: ({ pageParam, signal }) =>
      call(listPlan, { params: { id }, query: { limit: 100, cursor: pageParam, ...filter } }, { signal }),
    initialPageParam: firstCursor,
    getNextPageParam: nextCursor,
    // Of another filter of the same run, so that the buttons that were pressed stay.
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
  })

export const runChangesQuery = (id: string, kind?: EventKind) =>
  infiniteQueryOptions({
    queryKey: [listRunChanges.name, id, kind ?? null] as const,
    queryFn: ({ pageParam, signal }) =>
      call(listRunChanges, { params: { id }, query: { limit: 50, cursor: pageParam, kind } }, { signal }),
    initialPageParam: firstCursor,
    getNextPageParam: nextCursor,
  })
