// The list as a file: the names of its columns are those of the API, its words are the API's codes, so that programs read it too.
import type { CustomerFilter, CustomerRow, CustomerSort } from '@msp-console/contract'
import type { Db } from '../db/tx.ts'
import type { Columns } from '../http/csv.ts'
import type { CustomerRecord } from './present.ts'
import { listCustomerRows, type Within } from './queries.ts'
import { toSortPlan } from './sort.ts'

const ROWS_PER_READ = 1000

export const COLUMNS: Columns<CustomerRow> = {
  id: ({ id }) => id,
  guid: ({ guid }) => guid,
  name: ({ name }) => name,
  path: ({ path }) => path.map(({ name }) => name).join(' / '),
  state: ({ state }) => state,
  setup: ({ setup }) => setup,
  presence: ({ presence }) => presence,
  sourceStatus: ({ sourceStatus }) => sourceStatus,
  account: ({ account }) => account.name,
  customIdentifier: ({ customIdentifier }) => customIdentifier,
  email: ({ email }) => email,
  tags: ({ tags }) => tags?.join(', ') ?? null,
  computers: ({ computers }) => computers,
  firstSeenAt: ({ firstSeenAt }) => firstSeenAt,
  lastSeenAt: ({ lastSeenAt }) => lastSeenAt,
  changedAt: ({ changedAt }) => changedAt,
}

/** @param db in a snapshot: pages of one picture, so none is twice or missing */
export async function* readRecords(
  db: Db,
  within: Within,
  sizes: { total: number; all: number },
  { filter, sort }: { filter: CustomerFilter; sort: CustomerSort },
): AsyncGenerator<CustomerRecord[]> {
  const plan = toSortPlan(sort)
  let after: (string | number)[] | null = null
  for (;;) {
    const page: CustomerRecord[] = await listCustomerRows(db, within, sizes, {
      filter,
      sort,
      after,
      limit: ROWS_PER_READ,
    })
    yield page
    const last = page.at(-1)
    if (last === undefined || page.length < ROWS_PER_READ) return
    after = plan.toCursorValues(last)
  }
}
