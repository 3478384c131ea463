import type { CustomerRow } from '@msp-console/contract'
import type { ToLinks } from '../access/paths.ts'
import { nameAccount, type Scope } from '../access/scope.ts'
import { toId } from '../db/ids.ts'

export interface CustomerRecord {
  id: number
  name: string
  path: string
  state: CustomerRow['state']
  setup: CustomerRow['setup']
  presence: CustomerRow['presence']
  source_status: CustomerRow['sourceStatus']
  account_id: number
  account_name: string | null
  root_group_id: number | null
  computers: number
  guid: string
  custom_identifier: string | null
  email: string | null
  tags: string[] | null
  first_seen_at: string
  last_seen_at: string | null
  changed_at: string
}

export function presentCustomer(row: CustomerRecord, scope: Scope, toLinks: ToLinks): CustomerRow {
  return {
    id: toId(row.id),
    guid: row.guid,
    name: row.name,
    state: row.state,
    setup: row.setup,
    presence: row.presence,
    sourceStatus: row.source_status,
    path: toLinks(row.path),
    account: { id: toId(row.account_id), name: nameAccount(scope, { ...row, name: row.account_name }) },
    customIdentifier: row.custom_identifier,
    email: row.email,
    tags: row.tags,
    computers: row.computers,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    changedAt: row.changed_at,
  }
}
