import { z } from 'zod'
import { endpoint, Id, pageOf, PageQuery, Timestamp } from './endpoint.ts'
import { EventKind, GroupEvent, GroupLink } from './groups.ts'

/** Why removals were held: which limit, what for, how many. */
export const HoldReason = z.object({
  rule: z.enum(['tooMany', 'tooManyOfParent', 'rootGone', 'managerGone', 'everythingGone']),
  count: z.number().int(),
  limit: z.number().int().nullable(),
  group: GroupLink.nullable(),
})
export type HoldReason = z.infer<typeof HoldReason>

export const Run = z.object({
  id: Id,
  accountId: Id,
  accountName: z.string(),
  /**
   * True where the view holds only a part of the account's tree: counts are of that part then, and what tells of the rest
   * (calls, listed, rejected, who started it, details) is zero, null or empty.
   */
  partial: z.boolean(),
  status: z.enum(['running', 'succeeded', 'failed', 'interrupted']),
  phase: z.enum(['listing', 'planning', 'applying', 'done']),
  trigger: z.enum(['connect', 'manual', 'schedule', 'demo']),
  startedBy: z.string().nullable(),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  strategy: z.enum(['flat', 'breadthFirst']).nullable(),
  calls: z.number().int(),
  listed: z.number().int(),
  expected: z.number().int().nullable(),
  /** Null while running. False: the listing proves no absence, so removals were off for this run. */
  complete: z.boolean().nullable(),
  incompleteReason: z.string().nullable(),
  incompleteDetail: z.string().nullable(),
  rejected: z.number().int(),
  rejectedSamples: z.array(z.object({ reason: z.string(), sample: z.string() })),
  counts: z.object({
    created: z.number().int(),
    renamed: z.number().int(),
    moved: z.number().int(),
    typeChanged: z.number().int(),
    statusChanged: z.number().int(),
    changed: z.number().int(),
    suspected: z.number().int(),
    unlinked: z.number().int(),
    restored: z.number().int(),
    held: z.number().int(),
  }),
  heldReasons: z.array(HoldReason),
  /** Parent and kind outside the documented pairs: kept, shown, flagged. */
  oddPairs: z.number().int(),
  error: z.object({ code: z.string(), detail: z.string() }).nullable(),
})
export type Run = z.infer<typeof Run>

export const listRuns = endpoint({
  name: 'listRuns',
  access: { object: 'sync', level: 'read' },
  method: 'GET',
  path: '/runs',
  summary: 'Sync runs, newest first',
  query: z.strictObject({ ...PageQuery.shape, account: Id.optional() }),
  response: pageOf(Run),
})

export const getRun = endpoint({
  name: 'getRun',
  access: { object: 'sync', level: 'read' },
  method: 'GET',
  path: '/runs/:id',
  summary: 'One sync run with progress and counts',
  params: z.strictObject({ id: Id }),
  response: Run,
})

export const listRunChanges = endpoint({
  name: 'listRunChanges',
  access: { object: 'sync', level: 'read' },
  method: 'GET',
  path: '/runs/:id/changes',
  summary: 'What a run changed, each with before, after and where it is',
  params: z.strictObject({ id: Id }),
  query: z.strictObject({ ...PageQuery.shape, kind: EventKind.optional() }),
  response: pageOf(GroupEvent.extend({ group: GroupLink, path: z.array(GroupLink) })),
})

/** "Already running" is an answer, not an error: `started` is false and `run` is the one under way. */
export const startRun = endpoint({
  name: 'startRun',
  access: { object: 'sync', level: 'use' },
  method: 'POST',
  path: '/accounts/:id/runs',
  summary: 'Sync an account now',
  params: z.strictObject({ id: Id }),
  response: z.object({ started: z.boolean(), run: Run }),
  status: 202,
})
