/** Entity type codes of EMA 2 (`Enum/EntityTypes`). The list is open: a code that is not here is kept raw. */
export const ENTITY_TYPE = {
  hq: 1001,
  distributor: 1002,
  division: 1003,
  mspManager: 1004,
  msp: 1005,
  managedMsp: 1006,
  customer: 1007,
} as const

/**
 * Company status codes. EMA documents the states by name only, so the numbers are an assumption shared with nobody:
 * an unknown number is kept raw, and a state name wins where one is sent.
 */
export const COMPANY_STATUS = { normal: 1, waiting: 2, suspended: 3 } as const

/** Levels of access of a user to a company, inherited downwards. */
export const PERMISSION = { write: 1, read: 2, none: 3 } as const

/** `CompanyTypeId` of `Search/Companies` counts 0…n instead of 1001…; the documentation shows only the first three. */
export type SearchTypeTable = Readonly<Record<number, number>>

export const SEARCH_TYPE_TABLE: SearchTypeTable = {
  0: ENTITY_TYPE.hq,
  1: ENTITY_TYPE.distributor,
  2: ENTITY_TYPE.mspManager,
  3: ENTITY_TYPE.msp,
  4: ENTITY_TYPE.managedMsp,
  5: ENTITY_TYPE.customer,
  6: ENTITY_TYPE.division,
}

const TYPE_BY_NAME = new Map<string, number>([
  ['hq', ENTITY_TYPE.hq],
  ['esethq', ENTITY_TYPE.hq],
  ['distributor', ENTITY_TYPE.distributor],
  ['division', ENTITY_TYPE.division],
  ['mspmanager', ENTITY_TYPE.mspManager],
  ['manager', ENTITY_TYPE.mspManager],
  ['msp', ENTITY_TYPE.msp],
  ['managedmsp', ENTITY_TYPE.managedMsp],
  ['customer', ENTITY_TYPE.customer],
  ['mspcustomer', ENTITY_TYPE.customer],
])

const STATUS_BY_NAME = new Map<string, number>([
  ['normal', COMPANY_STATUS.normal],
  ['active', COMPANY_STATUS.normal],
  ['waiting', COMPANY_STATUS.waiting],
  ['waitingforactivation', COMPANY_STATUS.waiting],
  ['suspended', COMPANY_STATUS.suspended],
])

const lettersOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, '')

/** Codes have four digits; what no 32-bit column can keep is no code. */
const CODE_MOST = 2_147_483_647

function toCode(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= CODE_MOST
    ? number
    : undefined
}

/**
 * Entity type code of a row, or `undefined` when the row does not say.
 * Order of trust: a code ≥ 1000 in either field, a known name, the small numbering, the raw unknown number.
 */
export function toTypeCode(type: unknown, typeId: unknown, table: SearchTypeTable): number | undefined {
  const codes = [toCode(typeId), toCode(type)]
  const entity = codes.find((code) => code !== undefined && code >= 1000)
  if (entity !== undefined) return entity
  const named = typeof type === 'string' ? TYPE_BY_NAME.get(lettersOf(type)) : undefined
  if (named !== undefined) return named
  const small = codes.find((code) => code !== undefined)
  return small === undefined ? undefined : (table[small] ?? small)
}

/** Status code of a row, or `undefined` when the row does not say. */
export function toStatusCode(status: unknown, statusId: unknown, state: unknown): number | undefined {
  const named = [state, status].find((name) => typeof name === 'string' && STATUS_BY_NAME.has(lettersOf(name)))
  if (typeof named === 'string') return STATUS_BY_NAME.get(lettersOf(named))
  return toCode(statusId) ?? toCode(status) ?? toCode(state)
}
