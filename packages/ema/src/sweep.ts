// One pass over Search/Companies, checked as it goes: the part that both strategies share.
import type { RowPage } from './client.ts'
import { readCompanyRow, type CompanyRow, type RejectedRow } from './company-row.ts'
import type { ListingRun } from './listing-item.ts'
import { pump } from './pump.ts'
import type { Tally } from './tally.ts'

export type SweptPage = { rows: CompanyRow[]; rejected: RejectedRow[] }

/** More pages than the total promises are read up to here, then the listing gives up. */
const PAGES_BEYOND = 16
/** Without a total: two million companies. */
export const PAGES_UNTOLD = 20_000
/** A total that promises more than there is must not cost a call per page of it. */
const EMPTY_MOST = 16

/** Rows are distinct. Every reason against completeness goes to the tally; a failed call ends the pass with its error. */
export async function* sweep(run: ListingRun, first: RowPage, tally: Tally): AsyncGenerator<SweptPage> {
  const { client, overlap, take, concurrency, signal } = run
  const step = take - overlap
  const promised = Math.max(1, Math.ceil(((first.totalCount ?? 0) - overlap) / step))
  const reader = createPageReader(run, tally)
  yield reader.read(first)

  const jobs = Array.from({ length: promised - 1 }, (_, index) => (index + 1) * step)
  // A total that is missing or too low must not hide rows: after a full last page, read on until one is short.
  let page = promised
  const pagesMost = promised + (first.totalCount === null ? PAGES_UNTOLD : PAGES_BEYOND)
  const readOn = () => {
    if (!reader.wasFull() || reader.isStuck()) return
    if (page >= pagesMost) tally.flag('page-cap', `${page} pages`)
    else jobs.push(page * step)
    page += 1
  }
  const lastPromised = (promised - 1) * step
  if (lastPromised === 0) readOn()
  const ask = (skip: number) => client.searchCompanies({}, skip, take, { signal })
  for await (const { job: skip, result } of pump(jobs, concurrency, ask)) {
    yield reader.read(result)
    if (reader.isStuck()) break
    if (skip >= lastPromised) readOn()
  }
  tally.settle()
}

function createPageReader({ client, take, overlap }: ListingRun, tally: Tally) {
  let previous: (string | null)[] = []
  let full = false
  let stuck = false
  let empty = 0
  return {
    wasFull: () => full,
    /** The same page came twice, or nothing comes any more: asking on would never end. */
    isStuck: () => stuck,
    read({ rows: values, totalCount }: RowPage): SweptPage {
      tally.total(totalCount)
      if (values.length > take) tally.flag('page-too-long', `${values.length} rows`)
      const results = values.map((value) => readCompanyRow(value, client.searchTypes))
      const ids = results.map((result) => (result.ok ? result.row.guid : result.rejected.guid))
      if (ids.length > 0 && ids.length === previous.length && ids.every((id, index) => id === previous[index])) {
        stuck = true
        tally.flag('repeated-page', 'two pages in a row were the same')
      } else checkOverlap(previous, ids)
      empty = ids.length === 0 ? empty + 1 : 0
      if (empty >= EMPTY_MOST) {
        stuck = true
        tally.flag('count-mismatch', `totalCount ${totalCount}, but ${empty} empty pages in a row`)
      }
      previous = ids
      full = values.length >= take

      const page: SweptPage = { rows: [], rejected: [] }
      for (const [index, result] of results.entries()) {
        const guid = ids[index] ?? null
        if (guid !== null && !tally.searched(guid)) continue
        if (result.ok) page.rows.push(result.row)
        else page.rejected.push(result.rejected)
      }
      for (const row of page.rejected) tally.reject(row)
      return page
    },
  }

  function checkOverlap(before: (string | null)[], ids: (string | null)[]): void {
    if (overlap === 0 || before.length === 0) return
    const shared = before.slice(take - overlap)
    if (shared.every((id, index) => id === ids[index])) tally.expectShared(shared.length)
    else tally.flag('drift', 'neighbouring pages disagree on the rows they share')
  }
}
