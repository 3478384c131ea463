import { explainAccess, explainOwnAccess, getUser, listSets, listUsers } from '@msp-console/contract'
import { infiniteQueryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { firstCursor, nextCursor, queryFor } from './queries.ts'

// What may be asked about users, their rights and permission sets.

export const usersQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: [listUsers.name, q] as const,
    queryFn: ({ pageParam, signal }) =>
      call(listUsers, { query: { limit: 50, cursor: pageParam, q: q === '' ? undefined : q } }, { signal }),
    initialPageParam: firstCursor,
    getNextPageParam: nextCursor,
  })

export const userQuery = (id: string) => queryFor(getUser, { params: { id } })
export const setsQuery = () => queryFor(listSets, {})
export const explainAccessQuery = (id: string, group: string) =>
  queryFor(explainAccess, { params: { id }, query: { group } })
export const explainOwnAccessQuery = (group: string) => queryFor(explainOwnAccess, { query: { group } })
