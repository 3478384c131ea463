// For tests only: runs a listing to its end, without real waits, and keeps everything it yielded.
import { createEmaClient, type EmaClient } from './client.ts'
import { systemClock } from './clock.ts'
import type { CompanyExtras, ListedCompany } from './company-row.ts'
import type { ListingOptions, Strategy } from './listing-item.ts'
import { listCompanies } from './listing.ts'
import type { Completeness } from './tally.ts'

export type Collected = {
  client: EmaClient
  strategy: Strategy | undefined
  ancestor: string | undefined
  companies: Map<string, ListedCompany>
  extras: CompanyExtras[]
  summary: Completeness
}

/** @throws when the listing breaks its promises: a GUID twice, no summary, or something after it */
export async function collectListing(
  baseUrl: string,
  login: string,
  password: string,
  options: ListingOptions = {},
): Promise<Collected> {
  let skipped = 0
  const clock = {
    ...systemClock,
    ticks: () => performance.now() + skipped,
    sleep: async (ms: number, signal?: AbortSignal) => {
      await systemClock.sleep(Math.min(ms, 2), signal)
      skipped += Math.max(0, ms - 2)
    },
  }
  const client = createEmaClient({ baseUrl, login, password, callsPerSecond: null, clock })
  const companies = new Map<string, ListedCompany>()
  const extras: CompanyExtras[] = []
  let strategy: Strategy | undefined
  let ancestor: string | undefined
  let summary: Completeness | undefined
  for await (const item of listCompanies(client, options)) {
    if (summary !== undefined) throw new Error('an item after the summary')
    if (item.kind === 'root') [strategy, ancestor] = [item.strategy, item.ancestor?.name]
    else if (item.kind === 'extras') extras.push(...item.extras)
    else if (item.kind === 'summary') summary = item.summary
    else for (const company of item.companies) keepOnce(companies, company)
  }
  if (summary === undefined) throw new Error('no summary')
  return { client, strategy, ancestor, companies, extras, summary }
}

function keepOnce(companies: Map<string, ListedCompany>, company: ListedCompany): void {
  if (companies.has(company.guid)) throw new Error(`${company.guid} came twice`)
  companies.set(company.guid, company)
}
