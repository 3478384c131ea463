import { getSession } from '@msp-console/contract'
import { QueryCache, QueryClient, MutationCache } from '@tanstack/react-query'
import { ApiError, type FailureCode } from './call.ts'

const LIVE_KEEPS_FRESH_MS = 5 * 60_000

/**
 * The default waits without a word while the browser believes to be offline, and does later what was pressed meanwhile. The
 * server may stand on the same machine or network, and what does not reach it has to say so.
 */
const ASK_ALWAYS = { networkMode: 'always' } as const

/** Retrying helps against a broken connection or a busy server, never against "no". */
function mayRetry(failures: number, error: Error): boolean {
  if (failures >= 2 || !(error instanceof ApiError)) return false
  return error.code === 'network' || error.code === 'timeout' || error.code === 'not-ready' || error.status >= 502
}

/** Answers that may mean that the session, its rights or its root are not what they were. */
const ABOUT_SESSION = new Set<FailureCode>(['unauthenticated', 'forbidden', 'not-found'])

/** The cache of everything read. An answer that may come from a change of the session makes that be asked again. */
export function createQueryClient(): QueryClient {
  const onError = (error: Error): void => {
    if (error instanceof ApiError && ABOUT_SESSION.has(error.code)) {
      void client.invalidateQueries({ queryKey: [getSession.name] })
    }
  }
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: LIVE_KEEPS_FRESH_MS, retry: mayRetry, refetchOnWindowFocus: false, ...ASK_ALWAYS },
      mutations: { retry: false, ...ASK_ALWAYS },
    },
  })
  return client
}
