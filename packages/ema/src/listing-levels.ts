// Strategy 2: Company/Children from the own company downwards, then one search sweep for identifiers, e-mails and the
// companies that no parent shows (holes made by NoAccess). Customers are leaves and never asked: asking costs 10×.
import type { RowPage } from './client.ts'
import { ENTITY_TYPE } from './codes.ts'
import { readCompanyRow, toExtras, type CompanyExtras, type ListedCompany, type RejectedRow } from './company-row.ts'
import { EmaError } from './errors.ts'
import type { ListingItem, ListingRun } from './listing-item.ts'
import { pump } from './pump.ts'
import { PAGES_UNTOLD, sweep } from './sweep.ts'
import type { Tally } from './tally.ts'

/** Pages of one parent share `series`: when one of them has nothing, those behind it are not asked for. */
type Job = { parent: string; skip: number; total: number | null; series: { isOver: boolean } }

/** A page of children cannot be had for a reason that concerns this one parent only. */
type Unreadable = { unreadable: 'forbidden' | 'gone' }

const PAGES_BEYOND = 16
/** Companies that only the search shows: their parents are looked up one by one, but only so many. */
const LOOK_UPS = 50

export async function* listByLevels(run: ListingRun, tally: Tally): AsyncGenerator<ListingItem> {
  tally.toYield(run.own.guid)
  yield { kind: 'companies', companies: [run.own], rejected: [] }
  yield* walk(run, tally)
  yield* addFromSearch(run, tally)
}

async function* walk(run: ListingRun, tally: Tally): AsyncGenerator<ListingItem> {
  const jobs: Job[] = [firstOf(run.own.guid)]
  for await (const { job, result } of pump(jobs, run.concurrency, (next) => askForChildren(run, next))) {
    if ('unreadable' in result) {
      // No right to the own company is a known kind of account: the sweep finds what it may see.
      if (result.unreadable === 'gone') tally.flag('drift', `${job.parent} went away during the listing`)
      else if (job.parent !== run.own.guid) tally.flag('forbidden', `children of ${job.parent}`)
      continue
    }
    const { companies, rejected } = readChildren(run, job.parent, result, tally)
    for (const child of companies) {
      if (child.typeCode !== ENTITY_TYPE.customer) jobs.push(firstOf(child.guid))
    }
    if (result.rows.length === 0) job.series.isOver = true
    // Children that came before already, all of them: it would go on for ever.
    const isNew = companies.length + rejected.length > 0
    planFurtherPages(jobs, job, result, { take: run.take, isNew }, tally)
    yield { kind: 'companies', companies, rejected }
  }
}

const firstOf = (parent: string): Job => ({ parent, skip: 0, total: null, series: { isOver: false } })

async function askForChildren({ client, take, signal }: ListingRun, job: Job): Promise<RowPage | Unreadable> {
  const { parent, skip, total, series } = job
  if (series.isOver) return { rows: [], totalCount: total }
  try {
    return await client.children(parent, skip, take, { signal })
  } catch (error) {
    if (error instanceof EmaError && error.kind === 'forbidden') return { unreadable: 'forbidden' }
    if (error instanceof EmaError && error.kind === 'not-found') return { unreadable: 'gone' }
    throw error
  }
}

function readChildren(run: ListingRun, parentGuid: string, { rows }: RowPage, tally: Tally) {
  const companies: ListedCompany[] = []
  const rejected: RejectedRow[] = []
  for (const value of rows) {
    const result = readCompanyRow(value, run.client.searchTypes)
    if (!result.ok) rejected.push(result.rejected)
    else if (tally.toYield(result.row.guid)) companies.push({ ...result.row, parentGuid })
    else tally.doubled()
  }
  for (const row of rejected) tally.reject(row)
  return { companies, rejected }
}

/** After the first page the total says how many more; without a total, one page after the other until one is short. */
function planFurtherPages(
  jobs: Job[],
  job: Job,
  { rows, totalCount }: RowPage,
  { take, isNew }: { take: number; isNew: boolean },
  tally: Tally,
): void {
  const { parent, skip, total } = job
  if (rows.length > take) tally.flag('page-too-long', `${rows.length} children of ${parent}`)
  if (skip > 0 && totalCount !== total) tally.flag('drift', `the number of children of ${parent} changed`)
  if (skip === 0 && totalCount !== null) {
    for (let next = take; next < totalCount; next += take) jobs.push({ ...job, skip: next, total: totalCount })
  }
  const isLast = skip + take >= (totalCount ?? 0)
  if (!isLast || rows.length < take) return
  const pagesBeyond = (skip + take - (totalCount ?? 0)) / take
  const most = totalCount === null ? PAGES_UNTOLD : PAGES_BEYOND
  if (!isNew) tally.flag('repeated-page', `children of ${parent}`)
  else if (pagesBeyond > most) tally.flag('page-cap', `children of ${parent}`)
  else jobs.push({ ...job, skip: skip + take, total: totalCount })
}

async function* addFromSearch(run: ListingRun, tally: Tally): AsyncGenerator<ListingItem> {
  const { client, own, take, signal } = run
  const walked = tally.yieldedNow()
  let found = 0
  let lookUps = 0
  const first = await client.searchCompanies({}, 0, take, { signal })
  for await (const { rows, rejected } of sweep(run, first, tally)) {
    const extras: CompanyExtras[] = []
    const orphans: ListedCompany[] = []
    for (const row of rows) {
      if (tally.wasYielded(row.guid)) {
        found += row.guid === own.guid ? 0 : 1
        if (row.guid !== own.guid) extras.push(toExtras(row))
        continue
      }
      tally.toYield(row.guid)
      lookUps += 1
      orphans.push({ ...row, parentGuid: lookUps > LOOK_UPS ? null : await findParent(run, row.guid) })
    }
    yield { kind: 'extras', extras, rejected }
    if (orphans.length > 0) yield { kind: 'companies', companies: orphans, rejected: [] }
  }
  if (found < walked - 1)
    tally.flag('drift', `${walked - 1 - found} companies seen at their parents were not found by the search`)
}

/** Its detail names the company above, which tells a hole from a company that was made during the walk. */
async function findParent({ client, signal }: ListingRun, guid: string): Promise<string | null> {
  try {
    return (await client.detail(guid, { signal })).parentGuid
  } catch (error) {
    if (error instanceof EmaError && (error.kind === 'forbidden' || error.kind === 'not-found')) return null
    throw error
  }
}
