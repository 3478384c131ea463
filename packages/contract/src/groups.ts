import { z } from 'zod'
import { endpoint, GroupRef, HiddenId, Id, pageOf, PageQuery, Timestamp } from './endpoint.ts'
import { CustomerState, GroupKind, Presence, Setup, SourceStatus } from './hierarchy.ts'

/** Roll-up over the subtree, the group itself included; customers by icon. */
export const RollUp = z.object({
  companies: z.number().int(),
  notSetUp: z.number().int(),
  normal: z.number().int(),
  unlinked: z.number().int(),
  computers: z.number().int(),
})
export type RollUp = z.infer<typeof RollUp>

/** The name is what the source said; groups of our own (`all`, `companies`, …) are named by the UI from their kind. */
export const GroupLink = z.object({ id: Id, kind: GroupKind, name: z.string() })
export type GroupLink = z.infer<typeof GroupLink>

export const GroupRow = GroupLink.extend({
  state: CustomerState,
  setup: Setup,
  presence: Presence,
  sourceStatus: SourceStatus,
  childCount: z.number().int(),
  rollUp: RollUp,
})
export type GroupRow = z.infer<typeof GroupRow>

/** What the source said of a company. `null` = unknown, an empty string = known to be empty. */
export const CompanyFacts = z.object({
  guid: z.guid(),
  parentGuid: z.guid().nullable(),
  typeCode: z.number().int(),
  statusCode: z.number().int().nullable(),
  email: z.string().nullable(),
  vatId: z.string().nullable(),
  customIdentifier: z.string().nullable(),
  description: z.string().nullable(),
  formerNames: z.array(z.string()),
  tags: z.array(z.string()).nullable(),
  address: z
    .object({
      street: z.string(),
      city: z.string(),
      zipCode: z.string(),
      state: z.string(),
      countryCode: z.string(),
    })
    .nullable(),
  firstSeenAt: Timestamp,
  /** Derived while present: the start of the account's last complete run. */
  lastSeenAt: Timestamp.nullable(),
  changedAt: Timestamp,
  setupAt: Timestamp.nullable(),
  setupBy: z.string().nullable(),
})
export type CompanyFacts = z.infer<typeof CompanyFacts>

export const Group = GroupRow.extend({
  /** From the top of what the caller may see down to the parent. */
  ancestors: z.array(GroupLink),
  account: z.object({ id: Id, name: z.string(), state: z.enum(['connected', 'disconnected']) }).nullable(),
  company: CompanyFacts.nullable(),
  /** The same company in trees of other accounts. */
  elsewhere: z.array(GroupLink.extend({ accountName: z.string() })),
})
export type Group = z.infer<typeof Group>

export const EVENT_KINDS = [
  'created',
  'renamed',
  'moved',
  'typeChanged',
  'statusChanged',
  'changed',
  'suspected',
  'unlinked',
  'restored',
  'accessLost',
  'held',
  'rejected',
  'setup',
  'disconnected',
] as const
export const EventKind = z.enum(EVENT_KINDS)
export type EventKind = z.infer<typeof EventKind>

/** Values by field name: name, parent, kind, typeCode, sourceStatus, customIdentifier, email, …, setup, presence. */
const Values = z.record(z.string(), z.union([z.string(), z.number(), z.null()])).nullable()

export const GroupEvent = z.object({
  id: HiddenId,
  kind: EventKind,
  at: Timestamp,
  runId: HiddenId.nullable(),
  /** E-mail of the person; null = the source, or, with `outside`, somebody outside the view. */
  actor: z.string().nullable(),
  /** Something of this event lies outside the view and is not told: who did it, or a parent. */
  outside: z.boolean(),
  before: Values,
  after: Values,
})
export type GroupEvent = z.infer<typeof GroupEvent>

export const getGroup = endpoint({
  name: 'getGroup',
  access: { object: 'groups', level: 'read' },
  method: 'GET',
  path: '/groups/:id',
  summary: 'One group with its ancestors; the id may be an EMA GUID or `root`',
  params: z.strictObject({ id: GroupRef }),
  response: Group,
})

/** Siblings order: inner groups first, then customers; each by the instance's collation. */
export const listChildren = endpoint({
  name: 'listChildren',
  access: { object: 'groups', level: 'read' },
  method: 'GET',
  path: '/groups/:id/children',
  summary: 'Children of a group, a page at a time, with roll-up counts',
  params: z.strictObject({ id: GroupRef }),
  query: PageQuery,
  response: pageOf(GroupRow),
})

export const listGroupEvents = endpoint({
  name: 'listGroupEvents',
  access: { object: 'groups', level: 'read' },
  method: 'GET',
  path: '/groups/:id/events',
  summary: 'History of a group, newest first',
  params: z.strictObject({ id: GroupRef }),
  query: PageQuery,
  response: pageOf(GroupEvent),
})

/** Searches names, former names, identifiers, e-mails and GUIDs; every hit comes with its ancestors. */
export const searchGroups = endpoint({
  name: 'searchGroups',
  access: { object: 'groups', level: 'read' },
  method: 'GET',
  path: '/groups/search',
  summary: 'Find groups by text, each with its ancestors',
  query: z.strictObject({
    q: z.string().trim().min(1).max(200),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  response: z.object({ items: z.array(GroupRow.extend({ ancestors: z.array(GroupLink) })), total: z.number().int() }),
})
