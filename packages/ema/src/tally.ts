// The books of one pass of a listing: what was seen, what was wrong, and whether all of it together proves completeness.
import type { EmaClient } from './client.ts'
import type { RejectedRow } from './company-row.ts'
import type { EmaError } from './errors.ts'
import { GuidSet } from './guid-set.ts'

export type IncompleteCode =
  /** The set moved while it was listed: totals changed, overlaps disagree, a company came or went. */
  | 'drift'
  /** Distinct ids and `totalCount` differ although no change was seen. */
  | 'count-mismatch'
  | 'total-missing'
  | 'repeated-page'
  | 'page-too-long'
  | 'page-cap'
  | 'rejected'
  /** EMA answered 202 until the tries were used up. */
  | 'not-ready'
  /** A company was listed but its children may not be read. */
  | 'forbidden'
  | 'aborted'
  | 'error'

export type IncompleteReason = { code: IncompleteCode; detail: string; error: EmaError | null }

export type Completeness = {
  /** True = a company that is not in this listing did not exist (for this account) while it ran. */
  complete: boolean
  /** The first thing that went wrong in the last pass; `null` when complete. */
  reason: IncompleteReason | null
  /** HTTP calls, tokens and retries included. */
  calls: number
  /** How often all of it was listed: more than once when it moved meanwhile. What follows is of the last pass. */
  passes: number
  /** Distinct companies yielded, in all passes. */
  listed: number
  rejectedCount: number
  /** The first 100. */
  rejected: RejectedRow[]
  /** Rows beyond the first of the same GUID. */
  duplicates: number
  /** As the search said at the end of the listing; `null` = never said. */
  totalCount: number | null
}

export type Tally = ReturnType<typeof createTally>

/** What the passes of a listing share. */
export type Book = {
  callsBefore: number
  /** Everything yielded so far: 16 bytes per company, however often it is listed. */
  seen: GuidSet
  passes: number
}

export function openBook(client: EmaClient): Book {
  return { callsBefore: client.stats().calls, seen: new GuidSet(), passes: 0 }
}

const REJECTED_SHOWN = 100
/** Of 100 and more rows: above this share the listing proves no absence. */
const REJECTED_SHARE = 0.01

export function createTally(client: EmaClient, book: Book = openBook(client)) {
  const { callsBefore, seen } = book
  book.passes += 1
  const { passes } = book
  /** Yielded in this pass, and everything the search named: the first proves no double, the second is compared to the total. */
  const yielded = passes === 1 ? seen : new GuidSet()
  const searched = new GuidSet()
  const rejected: RejectedRow[] = []
  let rejectedCount = 0
  let withoutId = 0
  let duplicates = 0
  let totalCount: number | null = null
  let reason: IncompleteReason | null = null

  const flag = (code: IncompleteCode, detail: string, error: EmaError | null = null): void => {
    reason ??= { code, detail, error }
  }

  return {
    flag,
    calls: () => client.stats().calls - callsBefore,
    listed: () => seen.size,
    yieldedNow: () => yielded.size,
    totalCount: () => totalCount,
    wasYielded: (guid: string) => yielded.has(guid),
    /** True when this GUID has not been yielded before in this pass. */
    toYield(guid: string): boolean {
      if (yielded !== seen) seen.add(guid)
      return yielded.add(guid)
    },
    /** For whoever knows already that it is no double. */
    yields: (guid: string): void => void seen.add(guid),
    /** True when the search had not named it before. */
    searched(guid: string): boolean {
      const isNew = searched.add(guid)
      if (!isNew) duplicates += 1
      return isNew
    },
    /** Rows shared by design are no duplicates. */
    expectShared: (rows: number): void => {
      duplicates -= rows
    },
    doubled: (): void => {
      duplicates += 1
    },
    reject(row: RejectedRow): void {
      rejectedCount += 1
      if (row.guid === null) withoutId += 1
      if (rejected.length < REJECTED_SHOWN) rejected.push(row)
    },
    total(count: number | null): void {
      if (count === null) flag('total-missing', 'a page came without a usable totalCount')
      else if (totalCount !== null && count !== totalCount)
        flag('drift', `totalCount went from ${totalCount} to ${count}`)
      totalCount = count ?? totalCount
    },
    /** To be called once after the sweep, with how many ids it was supposed to find beside the own company. */
    settle(): void {
      if (searched.size === totalCount) return
      if (withoutId > 0) flag('rejected', `${withoutId} rows without a usable id`)
      flag('count-mismatch', `${searched.size} distinct companies, totalCount ${totalCount}`)
    },
    /** Why this pass may be worth another one, and what must have changed for a third. */
    verdict: () => ({ code: reason?.code, distinct: searched.size, totalCount }),
    fail(error: EmaError): void {
      flag(codeOf(error), error.message, error)
    },
    close(): Completeness {
      const rows = searched.size + withoutId
      if (withoutId > 0) flag('rejected', `${withoutId} rows without a usable id`)
      if (rows >= 100 && rejectedCount > rows * REJECTED_SHARE) flag('rejected', `${rejectedCount} of ${rows} rows`)
      const calls = client.stats().calls - callsBefore
      const books = { calls, passes, listed: seen.size, rejectedCount, rejected, duplicates, totalCount }
      return { complete: reason === null, reason, ...books }
    },
  }
}

function codeOf(error: EmaError): IncompleteCode {
  if (error.kind === 'aborted') return 'aborted'
  return error.status === 202 ? 'not-ready' : 'error'
}
