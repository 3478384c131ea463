import { z } from 'zod'
import { endpoint, HiddenId, pageOf, PageQuery, Timestamp } from './endpoint.ts'
import { GroupLink } from './groups.ts'

/** What was done: the name of the operation, or one of those that are no operation of the API. */
export const AuditAction = z.string().max(60)

export const AuditEntry = z.object({
  id: HiddenId,
  at: Timestamp,
  action: AuditAction,
  outcome: z.enum(['done', 'refused', 'failed']),
  /** E-mail; null = somebody outside the view, or nobody who could be told. */
  actor: z.string().nullable(),
  /** Name of the API token it was done with. */
  token: z.string().nullable(),
  /** Where in the tree. */
  group: GroupLink.nullable(),
  path: z.array(GroupLink),
  /** What it was done to, in words: a user's e-mail, an account's name, how many customers. */
  target: z.string().nullable(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  ipAddress: z.string().nullable(),
  requestId: z.string().nullable(),
})
export type AuditEntry = z.infer<typeof AuditEntry>

export const AuditFilter = z.strictObject({
  q: z.string().trim().max(200).optional(),
  action: AuditAction.optional(),
  outcome: AuditEntry.shape.outcome.optional(),
  from: Timestamp.optional(),
  to: Timestamp.optional(),
})
export type AuditFilter = z.infer<typeof AuditFilter>

export const listAudit = endpoint({
  name: 'listAudit',
  access: { object: 'audit', level: 'read' },
  method: 'GET',
  path: '/audit',
  summary: 'Who did what in view, newest first',
  query: z.strictObject({ ...AuditFilter.shape, ...PageQuery.shape }),
  response: pageOf(AuditEntry),
})

export const exportAudit = endpoint({
  name: 'exportAudit',
  access: { object: 'audit', level: 'read' },
  method: 'GET',
  path: '/audit.csv',
  summary: 'The same as a file',
  query: AuditFilter,
  format: 'csv',
  response: z.string(),
})
