import { CompanyFacts, type GroupLink, type GroupRow, type RollUp } from '@msp-console/contract'
import type { z } from 'zod'
import { toId } from '../db/ids.ts'

/** Columns of GROUP_COLUMNS. */
export interface GroupRecord {
  id: number
  kind: GroupLink['kind']
  name: string
  path: string
  leaf: boolean
  state: GroupRow['state']
  setup: GroupRow['setup']
  presence: GroupRow['presence']
  source_status: GroupRow['sourceStatus']
  size: number
  own: number
  child_count: number
  hidden: number
  not_set_up: number
  normal: number
  unlinked: number
  computers: number
}

export function presentLink({ id, kind, name }: Pick<GroupRecord, 'id' | 'kind' | 'name'>): GroupLink {
  return { id: toId(id), kind, name }
}

export function presentGroupRow(row: GroupRecord): GroupRow {
  return {
    ...presentLink(row),
    state: row.state,
    setup: row.setup,
    presence: row.presence,
    sourceStatus: row.source_status,
    childCount: row.child_count - row.hidden,
    rollUp: presentRollUp(row),
  }
}

function presentRollUp(row: GroupRecord): RollUp {
  const { size, own, not_set_up: notSetUp, normal, unlinked, computers } = row
  return { companies: size - own, notSetUp, normal, unlinked, computers }
}

/** Columns of company, null for groups of our own. */
export interface CompanyRecord {
  guid: string
  parent_guid: string | null
  type_code: number
  status_code: number | null
  email: string | null
  vat_id: string | null
  custom_identifier: string | null
  description: string | null
  former_names: string[]
  tags: string[] | null
  address: unknown
  first_seen_at: string
  last_seen_at: string | null
  changed_at: string
  setup_at: string | null
  setup_by: string | null
}

export function presentCompany(row: CompanyRecord): z.input<typeof CompanyFacts> {
  return {
    guid: row.guid,
    parentGuid: row.parent_guid,
    typeCode: row.type_code,
    statusCode: row.status_code,
    email: row.email,
    vatId: row.vat_id,
    customIdentifier: row.custom_identifier,
    description: row.description,
    formerNames: row.former_names,
    tags: row.tags,
    // Stored by ourselves in this shape; anything else reads as unknown instead of failing the page.
    address: CompanyFacts.shape.address.catch(null).parse(row.address),
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    changedAt: row.changed_at,
    setupAt: row.setup_at,
    setupBy: row.setup_by,
  }
}
