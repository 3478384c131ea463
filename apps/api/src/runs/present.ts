import { type GroupLink, HoldRule, type Run } from '@msp-console/contract'
import { z } from 'zod'
import { nameAccount, type Scope, seesAccount } from '../access/scope.ts'
import { toId } from '../db/ids.ts'
import { toHiddenId } from '../http/hidden.ts'

/** What sync writes: ids instead of names, because names change. */
const StoredReasons = z.array(
  z.object({
    rule: HoldRule,
    count: z.number().int(),
    limit: z.number().int().nullable(),
    groupId: z.number().int().nullable(),
  }),
)
const StoredLookUps = z.object({
  asked: z.number().int(),
  gone: z.number().int(),
  noAccess: z.number().int(),
  there: z.number().int(),
  unsure: z.number().int(),
})
const StoredSamples = z.array(z.object({ reason: z.string(), sample: z.string() }))

type Counts = Run['counts']

/** Columns of RUN_COLUMNS. */
export interface RunRecord {
  id: number
  account_id: number
  account_name: string | null
  root_group_id: number | null
  status: Run['status']
  phase: Run['phase']
  trigger: Run['trigger']
  started_by: string | null
  started_at: string
  finished_at: string | null
  expected_seconds: number | null
  strategy: string | null
  calls: number
  listed: number
  expected: number | null
  complete: boolean | null
  incomplete_reason: string | null
  incomplete_detail: string | null
  rejected: number
  rejected_samples: unknown
  counts: Counts
  preview: boolean
  company_id: number | null
  held_reasons: unknown
  /** Items of the plan in view by state. */
  hold: Record<'waiting' | 'approved' | 'rejected' | 'replaced', number> | null
  decide_until: string | null
  look_ups: unknown
  odd_pairs: number
  passes: number
  error_code: string | null
  error_detail: string | null
}

/** Groups that a run names. */
export function toNamedGroups(row: RunRecord): number[] {
  return [...StoredReasons.parse(row.held_reasons).map(({ groupId }) => groupId), row.company_id].filter(
    (id) => id !== null,
  )
}

/** @param links groups inside the caller's view, by id; a reason about another one names no group */
export function presentRun(row: RunRecord, scope: Scope, links: ReadonlyMap<number, GroupLink>): Run {
  const run: Run = {
    id: toHiddenId('run', row.id),
    accountId: toId(row.account_id),
    accountName: nameAccount(scope, { ...row, name: row.account_name }),
    partial: false,
    status: row.status,
    phase: row.phase,
    trigger: row.trigger,
    preview: row.preview,
    company: links.get(row.company_id ?? 0) ?? null,
    startedBy: row.started_by,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    expectedSeconds: row.expected_seconds,
    strategy: row.strategy === 'flat' || row.strategy === 'breadthFirst' ? row.strategy : null,
    calls: row.calls,
    listed: row.listed,
    expected: row.expected,
    complete: row.complete,
    incompleteReason: row.incomplete_reason,
    incompleteDetail: row.incomplete_detail,
    rejected: row.rejected,
    rejectedSamples: StoredSamples.parse(row.rejected_samples),
    counts: row.counts,
    heldReasons: StoredReasons.parse(row.held_reasons).map(({ groupId, ...reason }) => ({
      ...reason,
      group: (groupId === null ? undefined : links.get(groupId)) ?? null,
    })),
    hold: row.hold && { ...row.hold, decideUntil: row.decide_until },
    lookUps: row.look_ups === null ? null : StoredLookUps.parse(row.look_ups),
    oddPairs: row.odd_pairs,
    passes: row.passes,
    error: row.error_code === null ? null : { code: row.error_code, detail: row.error_detail ?? '' },
  }
  return seesAccount(scope, row.root_group_id) ? run : toPart(run)
}

/** What a view inside the account's tree may know: that it ran, how it ended, and what changed in that part. */
function toPart(run: Run): Run {
  return {
    ...run,
    partial: true,
    startedBy: null,
    calls: 0,
    listed: 0,
    expected: null,
    incompleteDetail: null,
    rejected: 0,
    rejectedSamples: [],
    heldReasons: run.heldReasons.filter(({ group }) => group !== null),
    lookUps: null,
    oddPairs: 0,
    passes: 0,
    error: run.error && { ...run.error, detail: '' },
  }
}
