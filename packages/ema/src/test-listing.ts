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

/** @throws when the listing breaks its promises: a GUID twice in a pass, no summary, or something after it */
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
  return collect(createEmaClient({ baseUrl, login, password, callsPerSecond: null, clock }), options)
}

/** The same with a client that is there already. */
export async function collect(client: EmaClient, options: ListingOptions = {}): Promise<Collected> {
  const companies = new Map<string, ListedCompany>()
  const extras: CompanyExtras[] = []
  let strategy: Strategy | undefined
  let ancestor: string | undefined
  let own: string | undefined
  let summary: Completeness | undefined
  /** GUIDs of the pass under way, which begins with the own company. */
  const pass = new Set<string>()
  for await (const item of listCompanies(client, options)) {
    if (summary !== undefined) throw new Error('an item after the summary')
    if (item.kind === 'root') [strategy, ancestor, own] = [item.strategy, item.ancestor?.name, item.guid]
    else if (item.kind === 'extras') extras.push(...item.extras)
    else if (item.kind === 'summary') summary = item.summary
    else
      for (const company of item.companies) {
        if (company.guid === own) pass.clear()
        if (pass.has(company.guid)) throw new Error(`${company.guid} came twice`)
        pass.add(company.guid)
        companies.set(company.guid, company)
      }
  }
  if (summary === undefined) throw new Error('no summary')
  return { client, strategy, ancestor, companies, extras, summary }
}
