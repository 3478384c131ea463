// Listing an account's companies page by page. EMA pages by skip/take over a set that may move meanwhile, so a listing
// is only `complete` when everything about it agrees; anything else still yields its good pages, but proves no absence.
// Holds no pages: at most `concurrency` of them are in memory, plus 16 bytes per company for counting distinct ids.
import type { EmaClient } from './client.ts'
import type { ListedCompany } from './company-row.ts'
import { EmaError } from './errors.ts'
import { listFlat, saysParents } from './listing-flat.ts'
import { listByLevels } from './listing-levels.ts'
import type { ListingItem, ListingOptions } from './listing-item.ts'
import { createTally } from './tally.ts'
import { PAGE_MOST } from './wire.ts'

/** Never rejects for what EMA does: a failing call ends the listing with `complete: false` and its error as reason. */
export async function* listCompanies(client: EmaClient, options: ListingOptions = {}): AsyncGenerator<ListingItem> {
  const { concurrency = 8, overlap = 0, onProgress } = options
  const tally = createTally(client)
  const stop = new AbortController()
  const onAbort = () => stop.abort()
  if (options.signal?.aborted) stop.abort()
  options.signal?.addEventListener('abort', onAbort, { once: true })
  try {
    const { own, ancestor } = await findOwnCompany(client, stop.signal)
    const first = await client.searchCompanies({}, 0, PAGE_MOST, { signal: stop.signal })
    const strategy = saysParents(first, own.guid) ? 'flat' : 'levels'
    yield { kind: 'root', guid: own.guid, ancestor, strategy }
    const run = {
      client,
      own,
      first,
      concurrency,
      overlap: Math.min(Math.max(overlap, 0), PAGE_MOST / 2),
      signal: stop.signal,
    }
    for await (const item of strategy === 'flat' ? listFlat(run, tally) : listByLevels(run, tally)) {
      yield item
      onProgress?.({ listed: tally.listed(), totalCount: tally.totalCount(), calls: tally.calls() })
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
