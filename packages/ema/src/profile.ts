import type { z } from 'zod'
import { toTypeCode, type SearchTypeTable } from './codes.ts'
import { readCompanyRow, type ListedCompany } from './company-row.ts'
import { EmaError } from './errors.ts'
import { cutName, toSafeText } from './text.ts'
import type { currentUserReply, detailReply, KnownText } from './wire.ts'

export type CompanyRef = { guid: string; name: string | undefined; typeCode: number | undefined }

export type CurrentUser = { email: KnownText; fullName: string; company: CompanyRef }

export type CompanyDetail = ListedCompany & {
  /** The company above, also when it is outside the caller's view. `undefined` = the answer has no such section. */
  ancestor: CompanyRef | null | undefined
  comment: KnownText
  tags: string[] | undefined
  address: z.output<typeof detailReply>['address']
  /** ISO timestamps as EMA sends them. */
  created: string | undefined
  lastUpdate: string | undefined
}

export function readUser(user: z.output<typeof currentUserReply>): CurrentUser {
  const company = toRef(user.company)
  if (company === null) throw new EmaError('bad-shape', { path: '/User/Current', detail: 'no id of the own company' })
  return { email: user.email, fullName: [user.firstName, user.lastName].filter(Boolean).join(' '), company }
}

/** @throws EmaError `bad-shape` when the answer is about another company than asked */
export function readDetail(detail: z.output<typeof detailReply>, asked: string, table: SearchTypeTable): CompanyDetail {
  // One company's answer has no other rows to save by refusing it.
  const name = typeof detail['name'] === 'string' ? cutName(toSafeText(detail['name'])) : detail['name']
  const result = readCompanyRow({ ...detail, name }, table)
  if (!result.ok || result.row.guid !== asked.toLowerCase()) {
    throw new EmaError('bad-shape', {
      path: '/Company/Detail',
      detail: result.ok ? 'another company' : 'no usable company',
    })
  }
  const { comment, address, tags, created, lastUpdate } = detail
  const ancestor = detail.ancestor === undefined ? undefined : toRef(detail.ancestor)
  const parentGuid = ancestor?.guid ?? result.row.parentGuid ?? null
  return { ...result.row, parentGuid, ancestor, comment, address, tags, created, lastUpdate }
}

type WireRef = z.output<typeof currentUserReply>['company']

function toRef(ref: WireRef | null): CompanyRef | null {
  if (ref?.guid === undefined) return null
  return { guid: ref.guid, name: ref.name, typeCode: toTypeCode(ref.type, undefined, {}) }
}
