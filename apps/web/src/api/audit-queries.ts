import { listAudit, type AuditFilter } from '@msp-console/contract'
import { infiniteQueryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { firstCursor, nextCursor } from './queries.ts'

/** Entries of the audit log, newest first. What was recorded while the screen stood open comes with the next visit. */
export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: [listAudit.name, filter] as const,
    queryFn: ({ pageParam, signal }) =>
      call(listAudit, { query: { ...filter, limit: 50, cursor: pageParam } }, { signal }),
    initialPageParam: firstCursor,
    getNextPageParam: nextCursor,
    staleTime: 0,
  })
