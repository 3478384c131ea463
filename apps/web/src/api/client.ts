import { getSession } from '@msp-console/contract'
import { QueryCache, QueryClient, MutationCache } from '@tanstack/react-query'
import { ApiError } from './call.ts'

const LIVE_KEEPS_FRESH_MS = 5 * 60_000

/** Retrying helps against a broken connection or a busy server, never against "no". */
function mayRetry(failures: number, error: Error): boolean {
  if (failures >= 2 || !(error instanceof ApiError)) return false
  return error.code === 'network' || error.code === 'timeout' || error.code === 'not-ready' || error.status >= 502
}

/** The cache of everything read. An answer "not signed in", whoever got it, makes the session be asked again. */
export function createQueryClient(): QueryClient {
  const onError = (error: Error): void => {
    if (error instanceof ApiError && error.code === 'unauthenticated') {
      void client.invalidateQueries({ queryKey: [getSession.name] })
    }
  }
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: LIVE_KEEPS_FRESH_MS, retry: mayRetry, refetchOnWindowFocus: false },
      mutations: { retry: false },
    },
  })
  return client
}
