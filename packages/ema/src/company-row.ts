// One row of Company/Children or Search/Companies → what a mirror needs, or a reason why the row cannot be used.
import { toStatusCode, toTypeCode, type SearchTypeTable } from './codes.ts'
import { isNameTooLong, toCamelKeys, toGuid, toSafeText } from './text.ts'
import { toKnownText, type KnownText } from './wire.ts'

/** A company as a listing found it. In every field `undefined` means unknown and `null` known to be empty. */
export type ListedCompany = {
  guid: string
  /** `null` = the account's own company, or a company whose parent EMA does not show. It may name an unlisted one. */
  parentGuid: string | null
  name: string
  typeCode: number | undefined
  statusCode: number | undefined
} & CompanyTexts

type CompanyTexts = {
  email: KnownText
  vatId: KnownText
  customIdentifier: KnownText
  description: KnownText
}

/** What only the search knows about a company that was listed level by level. */
export type CompanyExtras = { guid: string } & CompanyTexts

export type RejectReason = 'not-an-object' | 'bad-id' | 'bad-name' | 'name-too-long' | 'no-parent'

/** A row that could not be used. With a `guid` the company is known to exist: it must not be taken for absent. */
export type RejectedRow = { reason: RejectReason; guid: string | null; sample: string }

/** `parentGuid: undefined` = the row has no such field; `null` = it has one without a value. */
export type CompanyRow = Omit<ListedCompany, 'parentGuid'> & { parentGuid: string | null | undefined }

export type RowResult = { ok: true; row: CompanyRow } | { ok: false; rejected: RejectedRow }

const SAMPLE_MOST = 1024

export function readCompanyRow(value: unknown, table: SearchTypeTable): RowResult {
  const fields = toCamelKeys(value)
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    return unusable('not-an-object', null, value)
  const row = fields as Record<string, unknown> // an object that is no array, tested above
  const guid = toGuid(row['publicId']) ?? toGuid(row['companyId']) ?? toGuid(row['id'])
  if (guid === null) return unusable('bad-id', null, row)
  const said = row['name']
  if (typeof said !== 'string' || said.trim() === '') return unusable('bad-name', guid, row)
  const name = toSafeText(said)
  if (isNameTooLong(name)) return unusable('name-too-long', guid, row)
  const parent = row['parentId']
  const parentGuid = parent === undefined || parent === null ? parent : toGuid(parent)
  if (parentGuid === null && parent !== null && parent !== '') return unusable('no-parent', guid, row)
  return {
    ok: true,
    row: {
      guid,
      parentGuid,
      name,
      typeCode: toTypeCode(row['type'], row['companyTypeId'], table),
      statusCode: toStatusCode(row['status'], row['statusId'], row['state']),
      email: toKnownText(row['email']),
      vatId: toKnownText(row['vatId']),
      customIdentifier: toKnownText(row['customIdentifier']),
      description: toKnownText(row['description']),
    },
  }
}

export function toExtras({ guid, email, vatId, customIdentifier, description }: CompanyRow): CompanyExtras {
  return { guid, email, vatId, customIdentifier, description }
}

function unusable(reason: RejectReason, guid: string | null, value: unknown): RowResult {
  return { ok: false, rejected: reject(reason, guid, value) }
}

export function reject(reason: RejectReason, guid: string | null, value: unknown): RejectedRow {
  return { reason, guid, sample: sampleOf(value) }
}

/** At most 1 KiB and only the fields that identify a row: nothing that might be a secret. */
function sampleOf(value: unknown): string {
  const fields = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value: typeof value }
  const shown = Object.entries(fields)
    .filter(([key]) => /^(value|publicId|companyId|id|name|type|companyTypeId|status|parentId)$/.test(key))
    .map(([key, item]) => [
      key,
      typeof item === 'string' ? item.slice(0, 120) : typeof item === 'number' ? item : typeof item,
    ])
  return toSafeText(JSON.stringify(Object.fromEntries(shown))).slice(0, SAMPLE_MOST)
}
