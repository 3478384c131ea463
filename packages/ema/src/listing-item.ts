import type { EmaClient, RowPage } from './client.ts'
import type { CompanyExtras, ListedCompany, RejectedRow } from './company-row.ts'
import type { CompanyRef } from './profile.ts'
import type { Completeness } from './tally.ts'

/** `flat` = the search names parents; `levels` = breadth-first by children, then one search sweep. */
export type Strategy = 'flat' | 'levels'

export type ListingItem =
  /** First, unless even the sign-in failed. `ancestor` is the company above the account's own, where EMA shows it. */
  | { kind: 'root'; guid: string; ancestor: CompanyRef | null; strategy: Strategy }
  /**
   * Companies, each GUID at most once in a pass, and rows that could not be used. The set may move while it is listed; then it
   * is listed again, and a company that comes again has its newer row there (summary: `passes`).
   */
  | { kind: 'companies'; companies: ListedCompany[]; rejected: RejectedRow[] }
  /** What the search adds about companies that came in an earlier `companies` item (strategy `levels` only). */
  | { kind: 'extras'; extras: CompanyExtras[]; rejected: RejectedRow[] }
  /** Last, always. */
  | { kind: 'summary'; summary: Completeness }

export type ListingProgress = { listed: number; totalCount: number | null; calls: number }

export type ListingOptions = {
  /** Calls in flight. Default 8. */
  concurrency?: number
  /** Rows that neighbouring search pages share and must agree on. Default 0: it costs calls and finds drift earlier. */
  overlap?: number
  /** Rows of a page, 1…100. Default 100. */
  take?: number
  onProgress?: (progress: ListingProgress) => void
  signal?: AbortSignal
}

export type ListingRun = {
  client: EmaClient
  own: ListedCompany
  /** The first page of the search, where it is known already. */
  first: RowPage | null
  concurrency: number
  overlap: number
  take: number
  signal: AbortSignal
}
