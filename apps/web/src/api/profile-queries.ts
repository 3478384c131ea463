import { getSession, listSessions, listTokens, ROOT_HEADER } from '@msp-console/contract'
import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { queryFor } from './queries.ts'

// What may be asked about the own account.

export const sessionsQuery = () => queryFor(listSessions, {})
export const tokensQuery = () => queryFor(listTokens, {})

/** What the caller may do in another of the own roots, without going there. */
export const rightsInQuery = (rootId: string) =>
  queryOptions({
    queryKey: ['rightsIn', rootId] as const,
    queryFn: async ({ signal }) => {
      const { view } = await call(getSession, {}, { signal, headers: { [ROOT_HEADER]: rootId } })
      return view?.rights ?? null
    },
  })
