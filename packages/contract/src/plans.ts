import { z } from 'zod'
import { endpoint, GroupRef, HiddenId, Id, pageOf, PageQuery, Timestamp } from './endpoint.ts'
import { EventKind, GroupEvent, GroupLink } from './groups.ts'
import { GroupKind } from './hierarchy.ts'
import { HoldReason, HoldRule, Run } from './runs.ts'

// Plans: what a run would change, or did not change until somebody decides. What it did change is in its history.

/**
 * `planned`: of a preview · `waiting`: for a decision · `approved`: and applied · `rejected`: kept as it is, and not asked again ·
 * `replaced`: a newer run no longer asked for it
 */
export const PLAN_ITEM_STATES = ['planned', 'waiting', 'approved', 'rejected', 'replaced'] as const
export const PlanItemState = z.enum(PLAN_ITEM_STATES)
export type PlanItemState = z.infer<typeof PlanItemState>

export const PlanItem = GroupEvent.pick({ kind: true, outside: true, before: true, after: true }).extend({
  id: z.uuid(),
  /** Null where the company is not in the tree yet. */
  group: GroupLink.nullable(),
  companyKind: GroupKind,
  name: z.string(),
  guid: z.guid().nullable(),
  /** From the top of the view down to the nearest group above that is in the tree. */
  path: z.array(GroupLink),
  /** Companies between `path` and this one that are not in the tree yet, by name, from the top. */
  above: z.array(z.string()),
  /** What holds it; null = nothing. */
  rule: HoldRule.nullable(),
  state: PlanItemState,
  /** E-mail; null also where that person is outside the view. */
  decidedBy: z.string().nullable(),
  decidedAt: Timestamp.nullable(),
})
export type PlanItem = z.infer<typeof PlanItem>

const PlanFilter = { kind: EventKind.optional(), state: PlanItemState.optional() }

/** In the order of the tree: what stands together comes together. */
export const listPlan = endpoint({
  name: 'listPlan',
  access: { object: 'sync', level: 'read' },
  method: 'GET',
  path: '/runs/:id/plan',
  summary: 'What a preview would change, or a run held, each with before, after and reason',
  params: z.strictObject({ id: HiddenId }),
  query: z.strictObject({ ...PageQuery.shape, ...PlanFilter }),
  response: pageOf(PlanItem).extend({
    /** How many of each kind there are, whichever kind is asked for; the most first. */
    kinds: z.array(z.object({ kind: EventKind, count: z.number().int() })),
  }),
})

export const exportPlan = endpoint({
  name: 'exportPlan',
  access: { object: 'sync', level: 'read' },
  method: 'GET',
  path: '/runs/:id/plan.csv',
  summary: 'The same as a file of comma-separated values',
  params: z.strictObject({ id: HiddenId }),
  query: z.strictObject(PlanFilter),
  response: z.string(),
  format: 'csv',
})

/** An account whose plan is open: something waits, or was rejected and is asked for ever since. */
export const Hold = z.object({
  run: Run,
  reasons: z.array(HoldReason),
  /** Start of the last complete run that asked for the same. */
  confirmedAt: Timestamp,
})
export type Hold = z.infer<typeof Hold>

export const listHolds = endpoint({
  name: 'listHolds',
  access: { object: 'sync', level: 'read' },
  method: 'GET',
  path: '/holds',
  summary: 'Open plans: runs with changes in view that wait for a decision, or were rejected',
  response: z.object({ items: z.array(Hold) }),
})

const Decision = z.strictObject({
  /** Default: everything of the plan that waits and is in view. */
  items: z.array(z.uuid()).min(1).max(1000).optional(),
})
const Decided = z.object({ decided: z.number().int(), run: Run })

/**
 * Applies what was held, at once and without asking EMA again. It binds as long as the newest run asks for the same, and 24 hours:
 * `plan-stale`, `plan-expired` otherwise. Decides only on what is in view.
 */
export const approveRun = endpoint({
  name: 'approveRun',
  access: { object: 'sync', level: 'write', fresh: true },
  method: 'POST',
  path: '/runs/:id/approve',
  summary: 'Approve held changes: they are applied',
  params: z.strictObject({ id: HiddenId }),
  body: Decision,
  response: Decided,
})

export const rejectRun = endpoint({
  name: 'rejectRun',
  access: { object: 'sync', level: 'write', fresh: true },
  method: 'POST',
  path: '/runs/:id/reject',
  summary: 'Reject held changes: everything stays, and the same is not asked again',
  params: z.strictObject({ id: HiddenId }),
  body: Decision,
  response: Decided,
})

export const previewRun = endpoint({
  name: 'previewRun',
  access: { object: 'sync', level: 'use' },
  method: 'POST',
  path: '/accounts/:id/previews',
  summary: 'See what a sync would change, without changing anything',
  params: z.strictObject({ id: Id }),
  response: z.object({ started: z.boolean(), run: Run }),
  status: 202,
})

/** Never removes anything elsewhere. `started: false`: the account is syncing already. */
export const syncCompany = endpoint({
  name: 'syncCompany',
  access: { object: 'sync', level: 'use' },
  method: 'POST',
  path: '/groups/:id/runs',
  summary: 'Sync one company and what is below it now',
  params: z.strictObject({ id: GroupRef }),
  response: z.object({ started: z.boolean(), run: Run }),
  status: 202,
})

/** Why a group cannot be deleted, and what would go with it. */
export const Removal = z.object({
  blockedBy: z.array(z.enum(['notRemoved', 'children', 'computers', 'accountRoot', 'notACompany'])),
  children: z.number().int(),
  computers: z.number().int(),
  /** Entries of its history that nobody could look up any more. */
  events: z.number().int(),
  /** Rights that people have on this very group. */
  grants: z.number().int(),
})
export type Removal = z.infer<typeof Removal>

export const getRemoval = endpoint({
  name: 'getRemoval',
  access: { object: 'groups', level: 'write' },
  method: 'GET',
  path: '/groups/:id/removal',
  summary: 'What deleting a group would mean',
  params: z.strictObject({ id: GroupRef }),
  response: Removal,
})

/** The only delete there is: a company that is removed at the source and has nothing in it. `group-in-use` otherwise. */
export const deleteGroup = endpoint({
  name: 'deleteGroup',
  access: { object: 'groups', level: 'write', fresh: true },
  method: 'DELETE',
  path: '/groups/:id',
  summary: 'Delete a removed, empty company for good',
  params: z.strictObject({ id: GroupRef }),
  response: z.object({ parentId: Id }),
})
