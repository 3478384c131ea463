// One company and everything below it, for a look at a part between two listings of the whole. It proves absence below that
// company only, and only when each parent has shown as many children as it says it has.
import type { EmaClient, RowPage } from './client.ts'
import { ENTITY_TYPE } from './codes.ts'
import { readCompanyRow, type ListedCompany, type RejectedRow } from './company-row.ts'
import { EmaError } from './errors.ts'
import type { ListingItem, ListingOptions } from './listing-item.ts'
import { createTally, type Tally } from './tally.ts'
import { PAGES_UNTOLD } from './sweep.ts'
import { PAGE_MOST } from './wire.ts'

/**
 * The items of a listing without a `root`: companies, then a summary. A company that EMA does not know, or does not show,
 * gives no companies; whether it is gone has to be asked for company by company.
 * @throws never; a failing call ends the listing with `complete: false`
 */
export async function* listCompany(
  client: EmaClient,
  guid: string,
  { signal, onProgress }: ListingOptions = {},
): AsyncGenerator<ListingItem> {
  const tally = createTally(client)
  const per = signal === undefined ? {} : { signal }
  try {
    const top = await findTop(client, guid, per)
    if (top !== null) {
      tally.toYield(top.guid)
      yield { kind: 'companies', companies: [top], rejected: [] }
      const parents = top.typeCode === ENTITY_TYPE.customer ? [] : [top.guid]
      for (const parent of parents) {
        for await (const { companies, rejected } of listChildren(client, parent, tally, per)) {
          for (const { guid: child, typeCode } of companies) if (typeCode !== ENTITY_TYPE.customer) parents.push(child)
          yield { kind: 'companies', companies, rejected }
          onProgress?.({ listed: tally.listed(), totalCount: null, calls: tally.calls() })
        }
      }
    }
  } catch (error) {
    if (!(error instanceof EmaError)) throw error
    tally.fail(error)
  }
  yield { kind: 'summary', summary: tally.close() }
}

type Per = { signal?: AbortSignal }

async function findTop(client: EmaClient, guid: string, per: Per): Promise<ListedCompany | null> {
  try {
    return await client.detail(guid, per)
  } catch (error) {
    if (error instanceof EmaError && (error.kind === 'not-found' || error.kind === 'forbidden')) return null
    throw error
  }
}

async function* listChildren(client: EmaClient, parentGuid: string, tally: Tally, per: Per) {
  let total: number | null = null
  let seen = 0
  for (let skip = 0; ; skip += PAGE_MOST) {
    const page: RowPage = await client.children(parentGuid, skip, PAGE_MOST, per)
    if (skip > 0 && page.totalCount !== total) tally.flag('drift', `the number of children of ${parentGuid} changed`)
    if (page.totalCount === null) tally.flag('total-missing', `children of ${parentGuid}`)
    if (page.rows.length > PAGE_MOST) tally.flag('page-too-long', `${page.rows.length} children of ${parentGuid}`)
    total = page.totalCount
    const companies: ListedCompany[] = []
    const rejected: RejectedRow[] = []
    for (const value of page.rows) {
      const result = readCompanyRow(value, client.searchTypes)
      if (!result.ok) rejected.push(result.rejected)
      else if (tally.toYield(result.row.guid)) companies.push({ ...result.row, parentGuid })
      else tally.doubled()
    }
    for (const row of rejected) tally.reject(row)
    seen += companies.length + rejected.length
    yield { companies, rejected }
    const isFull = page.rows.length >= PAGE_MOST
    if (isFull && companies.length + rejected.length === 0) {
      tally.flag('repeated-page', `children of ${parentGuid}`)
      break
    }
    if (skip >= PAGES_UNTOLD * PAGE_MOST) {
      tally.flag('page-cap', `children of ${parentGuid}`)
      break
    }
    if (!isFull || (total !== null && skip + PAGE_MOST >= total)) break
  }
  if (total !== null && seen !== total)
    tally.flag('count-mismatch', `${seen} distinct children of ${parentGuid}, totalCount ${total}`)
}
