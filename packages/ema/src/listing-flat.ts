// Strategy 1: Search/Companies {} alone, N/100 calls. Only when its rows name their parents, which no page promises.
import type { RowPage } from './client.ts'
import { reject, type CompanyRow, type ListedCompany } from './company-row.ts'
import type { ListingItem, ListingRun } from './listing-item.ts'
import { sweep } from './sweep.ts'
import type { Tally } from './tally.ts'
import { toCamelKeys } from './text.ts'

/** Every row of the probe has the field, and some other row than the own company's has a value in it. */
export function saysParents({ rows }: RowPage, ownGuid: string): boolean {
  const fields = rows.map((row) => toCamelKeys(row) as Record<string, unknown> | null) // read with ?. below
  const isOwn = (row: Record<string, unknown> | null) => String(row?.['companyId']).toLowerCase() === ownGuid
  return (
    fields.every((row) => row?.['parentId'] !== undefined) &&
    fields.some((row) => !isOwn(row) && typeof row?.['parentId'] === 'string')
  )
}

export async function* listFlat(run: ListingRun, tally: Tally): AsyncGenerator<ListingItem> {
  tally.yields(run.own.guid)
  yield { kind: 'companies', companies: [run.own], rejected: [] }
  const first = run.first ?? (await run.client.searchCompanies({}, 0, run.take, { signal: run.signal }))
  for await (const { rows, rejected } of sweep(run, first, tally)) {
    const companies: ListedCompany[] = []
    for (const row of rows) {
      if (row.guid === run.own.guid) continue
      if (hasParentField(row)) {
        tally.yields(row.guid)
        companies.push(row)
        continue
      }
      // Taking it for an orphan would tear it from its place in the tree.
      const rejection = reject('no-parent', row.guid, row)
      tally.reject(rejection)
      rejected.push(rejection)
    }
    yield { kind: 'companies', companies, rejected }
  }
}

function hasParentField(row: CompanyRow): row is CompanyRow & { parentGuid: string | null } {
  return row.parentGuid !== undefined
}
