import { z } from 'zod'
import { endpoint, Id, pageOf, PageQuery, Timestamp } from './endpoint.ts'
import { GroupLink } from './groups.ts'
import { CustomerState, GroupKind, Presence, Setup, SourceStatus } from './hierarchy.ts'

export const CustomerRow = z.object({
  id: Id,
  guid: z.guid(),
  name: z.string(),
  state: CustomerState,
  setup: Setup,
  presence: Presence,
  sourceStatus: SourceStatus,
  /** From the top of what the caller may see down to the parent. */
  path: z.array(GroupLink),
  account: z.object({ id: Id, name: z.string() }),
  customIdentifier: z.string().nullable(),
  email: z.string().nullable(),
  tags: z.array(z.string()).nullable(),
  computers: z.number().int(),
  firstSeenAt: Timestamp,
  lastSeenAt: Timestamp.nullable(),
  changedAt: Timestamp,
})
export type CustomerRow = z.infer<typeof CustomerRow>

/** Several values separated by commas, or the parameter once. */
function listOf<T extends z.ZodType<string, string>>(value: T) {
  return z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(value).min(1).max(20))
}

/** What narrows the list; the same object names "everything that matches" for a bulk operation. */
export const CustomerFilter = z.strictObject({
  q: z.string().trim().max(200).optional(),
  state: listOf(CustomerState).optional(),
  setup: listOf(Setup).optional(),
  presence: listOf(Presence).optional(),
  sourceStatus: listOf(SourceStatus).optional(),
  parentKind: listOf(GroupKind).optional(),
  account: Id.optional(),
  /** Only customers below this group. */
  under: Id.optional(),
})
export type CustomerFilter = z.output<typeof CustomerFilter>

export const CustomerSort = z.enum([
  'name',
  '-name',
  'state',
  '-state',
  'firstSeen',
  '-firstSeen',
  'changed',
  '-changed',
  'identifier',
  '-identifier',
])
export type CustomerSort = z.infer<typeof CustomerSort>

export const listCustomers = endpoint({
  name: 'listCustomers',
  access: { object: 'groups', level: 'read' },
  method: 'GET',
  path: '/customers',
  summary: 'Managed customers: filter, search, sort, a page at a time',
  query: z.strictObject({ ...CustomerFilter.shape, ...PageQuery.shape, sort: CustomerSort.default('name') }),
  response: pageOf(CustomerRow),
})

export const exportCustomers = endpoint({
  name: 'exportCustomers',
  access: { object: 'groups', level: 'read' },
  method: 'GET',
  path: '/customers.csv',
  summary: 'The same list as a file, all of it',
  query: z.strictObject({ ...CustomerFilter.shape, sort: CustomerSort.default('name') }),
  format: 'csv',
  response: z.string(),
})

export const SetupChange = z.object({
  /** Customers whose setup is different now. */
  changed: z.number().int(),
  /** Customers asked for that had that setup already. */
  unchanged: z.number().int(),
  /** What undoes it: the ids by their former setup, at most 1,000 in all; null when there were more. */
  undo: z.array(z.object({ state: Setup, ids: z.array(Id) })).nullable(),
})
export type SetupChange = z.infer<typeof SetupChange>

export const putSetup = endpoint({
  name: 'putSetup',
  access: { object: 'setup', level: 'write' },
  method: 'PUT',
  path: '/customers/:id/setup',
  summary: 'Mark one customer set up, skipped, or neither',
  params: z.strictObject({ id: Id }),
  body: z.strictObject({ state: Setup }),
  response: SetupChange,
})

/** Ids, or everything that matches a filter ("all new" = `{setup: 'none'}`); all of them or none. */
export const changeSetup = endpoint({
  name: 'changeSetup',
  access: { object: 'setup', level: 'write' },
  method: 'POST',
  path: '/customers/setup',
  summary: 'Mark several customers set up, skipped, or neither, in one transaction',
  body: z.strictObject({
    state: Setup,
    ids: z.array(Id).min(1).max(1000).optional(),
    filter: CustomerFilter.optional(),
  }),
  response: SetupChange,
})
