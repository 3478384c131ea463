import { z } from 'zod'
import { endpoint, HiddenId, Id, pageOf, PageQuery, Timestamp } from './endpoint.ts'
import { EventKind, GroupEvent, GroupLink } from './groups.ts'

/** What keeps a change from being applied until somebody decides; apps/api/src/sync/guard.ts says when. */
export const HOLD_RULES = [
  'everythingGone',
  'tooMany',
  'rootGone',
  'managerGone',
  'tooManyOfParent',
  'childrenStay',
  'accessLost',
  'tooManyMoves',
  'depthCollapse',
  'tooManyTypes',
  'otherCompanies',
] as const
export const HoldRule = z.enum(HOLD_RULES)
export type HoldRule = z.infer<typeof HoldRule>

/** Why changes were held: which limit, what for, how many. */
export const HoldReason = z.object({
  rule: HoldRule,
  count: z.number().int(),
  limit: z.number().int().nullable(),
  group: GroupLink.nullable(),
})
export type HoldReason = z.infer<typeof HoldReason>

export const Run = z.object({
  id: HiddenId,
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
  /** Nothing was applied; `/runs/{id}/plan` has what would have been. */
  preview: z.boolean(),
  /** The one company that was asked for, with what is below it; null = the whole account, or a company outside the view. */
  company: GroupLink.nullable(),
  startedBy: z.string().nullable(),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  /** How long the last such run took that succeeded; null when this one has ended, or there was none. */
  expectedSeconds: z.number().nonnegative().nullable(),
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
    accessLost: z.number().int(),
    held: z.number().int(),
  }),
  heldReasons: z.array(HoldReason),
  /** Changes of this plan that wait for a decision or got one, as far as they are in view; null when nothing was held. */
  hold: z
    .object({
      waiting: z.number().int(),
      approved: z.number().int(),
      rejected: z.number().int(),
      /** A newer run no longer asked for them. */
      replaced: z.number().int(),
      /** Until then it can be decided on; null when it cannot any more. */
      decideUntil: Timestamp.nullable(),
    })
    .nullable(),
  /** What EMA answered when it was asked for missing companies one by one; null when it was not asked. */
  lookUps: z
    .object({
      asked: z.number().int(),
      gone: z.number().int(),
      noAccess: z.number().int(),
      there: z.number().int(),
      unsure: z.number().int(),
    })
    .nullable(),
  /** Parent and kind outside the documented pairs: kept, shown, flagged. */
  oddPairs: z.number().int(),
  /** How often the source was listed: again when it moved under the listing, three times at most. */
  passes: z.number().int(),
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
  params: z.strictObject({ id: HiddenId }),
  response: Run,
})

export const listRunChanges = endpoint({
  name: 'listRunChanges',
  access: { object: 'sync', level: 'read' },
  method: 'GET',
  path: '/runs/:id/changes',
  summary: 'What a run changed, each with before, after and where it is',
  params: z.strictObject({ id: HiddenId }),
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
