// Asking EMA 2: one client per account and run. It owns the token, the pace and the retries; it never decides what an
// answer means for a mirror (that is listing.ts) and keeps no answer.
import { z } from 'zod'
import { createCaller, type CallRecord, type CallStats } from './caller.ts'
import { systemClock, type Clock } from './clock.ts'
import { SEARCH_TYPE_TABLE, type SearchTypeTable } from './codes.ts'
import { createExchange, type Timeouts, type Transport } from './exchange.ts'
import { readDetail, readUser, type CompanyDetail, type CurrentUser } from './profile.ts'
import type * as requests from './requests.ts'
import { MAX_TRIES } from './retry.ts'
import * as wire from './wire.ts'

export type EmaClientOptions = {
  /** `https://mspapi.eset.com` or any origin whose API lies below `/api`. */
  baseUrl: string
  login: string
  password: string
  /** `null` = unpaced; EMA's own limit is not documented, 10 is a careful choice. */
  callsPerSecond: number | null
  /** How to connect. Default: the runtime's `fetch`. */
  transport?: Transport
  clock?: Clock
  timeouts?: Timeouts
  /** Tries per call, the first included. Default 6. */
  maxTries?: number
  searchTypes?: SearchTypeTable
  /** Ends everything this client does with an `aborted` error. */
  signal?: AbortSignal
  /** After every HTTP exchange; `status: null` = there was no answer. */
  onCall?: (call: CallRecord) => void
}

/** Rows as they came: read them with `readCompanyRow`. `totalCount: null` = not said or not a count. */
export type RowPage = { rows: unknown[]; totalCount: number | null }

type Per = { signal?: AbortSignal }

export type EmaClient = ReturnType<typeof createEmaClient>

/** Every method rejects with an `EmaError` only. `skip` ≥ 0, `take` 1…100. */
export function createEmaClient(options: EmaClientOptions) {
  const { searchTypes = SEARCH_TYPE_TABLE, clock = systemClock, signal, onCall, maxTries = MAX_TRIES } = options
  const { baseUrl, login, password, callsPerSecond } = options
  const exchange = createExchange(baseUrl, options.transport ?? fetch, options.timeouts ?? {})
  const caller = createCaller({ exchange, clock, login, password, callsPerSecond, maxTries, signal, onCall })

  const read = <S extends z.ZodType>(schema: S, path: string, body: unknown, per: Per = {}) =>
    caller.ask(schema, { path, body, idempotent: true, signal: per.signal })
  const write = <S extends z.ZodType>(schema: S, path: string, body: unknown) =>
    caller.ask(schema, { path, body, idempotent: false })
  const create = async (path: string, body: unknown): Promise<string> => {
    const { guid } = await write(wire.createdReply, path, body)
    return guid ?? '' // the schema refuses an answer without an id
  }
  const operate = async (path: string, companyId: string): Promise<string> =>
    (await write(wire.operationStartedReply, path, { companyId })) ?? '' // as above
  const change = async (path: string, body: unknown): Promise<void> => {
    await write(z.unknown(), path, body)
  }

  return {
    /** Numbering of `CompanyTypeId` that this client was told to assume. */
    searchTypes,
    stats: (): Readonly<CallStats> => ({ ...caller.stats }),

    async currentUser(per?: Per): Promise<CurrentUser> {
      return readUser(await read(wire.currentUserReply, '/User/Current', undefined, per))
    },
    async children(companyId: string, skip: number, take: number, per?: Per): Promise<RowPage> {
      return toPage(await read(wire.childrenReply, '/Company/Children', { companyId, skip, take }, per))
    },
    /** @param entityType a code of ENTITY_TYPE or `Any` */
    async descendants(companyId: string, entityType: number | 'Any', skip: number, take: number): Promise<RowPage> {
      const body = { companyId, entityType, skip, take }
      return toPage(await read(wire.childrenReply, '/Company/Descendants', body))
    },
    async detail(companyId: string, per?: Per): Promise<CompanyDetail> {
      return readDetail(await read(wire.detailReply, '/Company/Detail', { companyId }, per), companyId, searchTypes)
    },
    async searchCompanies(search: requests.CompanySearch, skip: number, take: number, per?: Per): Promise<RowPage> {
      const { search: rows, paging } = await read(wire.searchReply, '/Search/Companies', { search, skip, take }, per)
      return { rows, totalCount: paging?.totalCount ?? null }
    },
    async entityTypes(): Promise<{ id: number; name: string }[]> {
      return (await read(wire.entityTypesReply, '/Enum/EntityTypes', undefined)).entityTypes
    },

    /** The three creating calls return the new company's GUID. */
    createCustomer: (customer: requests.CreateCustomer) => create('/Company/Create/customer', customer),
    createMsp: (msp: requests.CreateMsp) => create('/Company/Create/msp', msp),
    createManagedMsp: (msp: requests.CreateManagedMsp) => create('/Company/Create/managedmsp', msp),
    updateCustomer: (customer: requests.UpdateCustomer) => change('/Company/Update/customer', customer),
    updateMsp: (msp: requests.UpdateMsp) => change('/Company/Update/msp', msp),
    updateManagedMsp: (msp: requests.UpdateManagedMsp) => change('/Company/Update/managedmsp', msp),
    /** These two run on in EMA: they return the id to ask `operation` about. */
    suspend: (companyId: string) => operate('/Company/Suspend', companyId),
    unsuspend: (companyId: string) => operate('/Company/Unsuspend', companyId),
    deleteCompany: (companyId: string) => change('/Company/Delete', { companyId }),
    async operation(id: string): Promise<{ state: number | string }> {
      return read(wire.operationReply, `/Operation/${encodeURIComponent(id)}`, undefined)
    },
  }
}

function toPage({ companies, paging }: z.output<typeof wire.childrenReply>): RowPage {
  return { rows: companies, totalCount: paging?.totalCount ?? null }
}
