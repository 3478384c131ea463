import type { GroupKind, Reply, getOverview } from '@msp-console/contract'
import type { Db } from '../db/tx.ts'

type Range = readonly [from: string, to: string]
type Counts = Reply<typeof getOverview>['customers']

/** One pass over the customers in scope. */
export async function readCounts(db: Db, range: Range): Promise<Counts> {
  const { rows } = await db.query<Counts>(
    `select count(*) as total, count(*) filter (where state = 'notSetUp') as "notSetUp",
       count(*) filter (where state = 'normal' and setup = 'done') as "setUp",
       count(*) filter (where state = 'normal' and setup = 'skipped') as skipped,
       count(*) filter (where state = 'unlinked') as unlinked,
       count(*) filter (where source_status = 'suspended' and presence <> 'unlinked') as suspended,
       count(*) filter (where presence in ('suspect', 'inaccessible')) as stale
     from static_group where leaf and path >= $1 and path < $2`,
    [...range],
  )
  return rows[0] ?? { total: 0, notSetUp: 0, setUp: 0, skipped: 0, unlinked: 0, suspended: 0, stale: 0 }
}

export interface DebtRecord {
  id: number
  kind: GroupKind
  name: string
  path: string
  not_set_up: number
  customers: number
}

/** Direct customers only, so that an MSP manager does not repeat what its managed MSPs say. */
export async function listDebtRows(db: Db, range: Range, most: number): Promise<DebtRecord[]> {
  const { rows } = await db.query<DebtRecord>(
    `select p.id, p.kind, p.name, p.path, d.not_set_up, d.customers
     from (select parent_id, count(*) filter (where state = 'notSetUp') as not_set_up, count(*) as customers
           from static_group where leaf and path >= $1 and path < $2 group by parent_id) d
       join static_group p on p.id = d.parent_id
     where p.kind in ('msp', 'managedMsp', 'mspManager') and d.not_set_up > 0
     order by d.not_set_up desc, p.name, p.id limit $3`,
    [...range, most],
  )
  return rows
}
