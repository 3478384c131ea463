// Listing an account's companies page by page. EMA pages by skip/take over a set that may move meanwhile, so a listing
// is only `complete` when everything about one pass agrees; anything else still yields its good pages, but proves no absence.
// A pass that the set has moved under is followed by another one (docs/decisions/012-listing-again.md).
// Holds no pages: at most `concurrency` of them are in memory, plus 16 bytes per company for counting distinct ids.
import type { EmaClient } from './client.ts'
import type { ListedCompany } from './company-row.ts'
import { EmaError } from './errors.ts'
import { listFlat, saysParents } from './listing-flat.ts'
import { listByLevels } from './listing-levels.ts'
import type { ListingItem, ListingOptions, ListingRun } from './listing-item.ts'
import { createTally, openBook, type IncompleteCode, type Tally } from './tally.ts'
import { PAGE_MOST } from './wire.ts'

const PASSES_MOST = 3
/** Rows that pages share when listing again; the first pass takes the risk, because most sets stand still. */
const OVERLAP_AGAIN = 10
/** What another pass may cure. */
const BY_DRIFT: ReadonlySet<IncompleteCode | undefined> = new Set(['drift', 'count-mismatch', 'repeated-page'])

/** Never rejects for what EMA does: a failing call ends the listing with `complete: false` and its error as reason. */
export async function* listCompanies(client: EmaClient, options: ListingOptions = {}): AsyncGenerator<ListingItem> {
  const { concurrency = 8, onProgress } = options
  const take = within(options.take ?? PAGE_MOST, 1, PAGE_MOST)
  const overlapOf = (rows: number) => within(rows, 0, Math.floor(take / 2))
  const book = openBook(client)
  let tally = createTally(client, book)
  const stop = new AbortController()
  const onAbort = () => stop.abort()
  if (options.signal?.aborted) stop.abort()
  options.signal?.addEventListener('abort', onAbort, { once: true })
  try {
    const { own, ancestor } = await findOwnCompany(client, stop.signal)
    const first = await client.searchCompanies({}, 0, take, { signal: stop.signal })
    const strategy = saysParents(first, own.guid) ? 'flat' : 'levels'
    yield { kind: 'root', guid: own.guid, ancestor, strategy }
    const overlap = overlapOf(options.overlap ?? 0)
    let run: ListingRun = { client, own, first, concurrency, take, overlap, signal: stop.signal }
    for (let before: Verdict | null = null; ;) {
      for await (const item of strategy === 'flat' ? listFlat(run, tally) : listByLevels(run, tally)) {
        yield item
        onProgress?.({ listed: tally.listed(), totalCount: tally.totalCount(), calls: tally.calls() })
      }
      const verdict = tally.verdict()
      if (book.passes >= PASSES_MOST || !BY_DRIFT.has(verdict.code) || isSame(verdict, before)) break
      before = verdict
      run = { ...run, first: null, overlap: overlapOf(Math.max(run.overlap, OVERLAP_AGAIN)) }
      tally = createTally(client, book)
    }
  } catch (error) {
    if (!(error instanceof EmaError)) throw error
    tally.fail(error)
  } finally {
    stop.abort()
    options.signal?.removeEventListener('abort', onAbort)
  }
  yield { kind: 'summary', summary: tally.close() }
}

const within = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most)

type Verdict = ReturnType<Tally['verdict']>

/** A source whose figures never agree would say the same for ever. Drift is seen happening, so it is worth all passes. */
function isSame(now: Verdict, before: Verdict | null): boolean {
  if (now.code === 'drift' || before === null) return false
  return now.code === before.code && now.distinct === before.distinct && now.totalCount === before.totalCount
}

/** The account's own company: with all of its fields when its detail may be read, else as far as the user record says. */
async function findOwnCompany(client: EmaClient, signal: AbortSignal) {
  const { company } = await client.currentUser({ signal })
  try {
    const { ancestor, ...detail } = await client.detail(company.guid, { signal })
    const { guid, name, statusCode, email, vatId, customIdentifier, description } = detail
    const typeCode = detail.typeCode ?? company.typeCode
    const texts = { email, vatId, customIdentifier, description }
    const own: ListedCompany = { guid, parentGuid: null, name, typeCode, statusCode, ...texts }
    return { own, ancestor: ancestor ?? null }
  } catch (error) {
    // An account may have rights to some customers only, and none to its own company.
    if (!(error instanceof EmaError) || error.kind !== 'forbidden') throw error
    const { guid, name = guid, typeCode } = company
    const texts = { email: undefined, vatId: undefined, customIdentifier: undefined, description: undefined }
    const own: ListedCompany = { guid, parentGuid: null, name, typeCode, statusCode: undefined, ...texts }
    return { own, ancestor: null }
  }
}
