import type { GroupLink, Run } from '@msp-console/contract'
import { z } from 'zod'
import { toId } from '../db/ids.ts'
import type { SyncRun } from '../db/generated/client.ts'

/** What sync writes: ids instead of names, because names change. */
const StoredReasons = z.array(
  z.object({
    rule: z.enum(['tooMany', 'tooManyOfParent', 'rootGone', 'managerGone', 'everythingGone']),
    count: z.number().int(),
    limit: z.number().int().nullable(),
    groupId: z.number().int().nullable(),
  }),
)
const StoredSamples = z.array(z.object({ reason: z.string(), sample: z.string() }))

export type RunRecord = SyncRun & { account: { name: string } }

/** Groups that the reasons of a run name. */
export function toReasonGroups(row: RunRecord): number[] {
  return StoredReasons.parse(row.heldReasons).flatMap(({ groupId }) => groupId ?? [])
}

/** @param links groups inside the caller's view, by id; a reason about another one names no group */
export function presentRun(row: RunRecord, links: ReadonlyMap<number, GroupLink>): Run {
  const { created, renamed, moved, typeChanged, statusChanged, changed, suspected, unlinked, restored, held } = row
  return {
    id: toId(row.id),
    accountId: toId(row.accountId),
    accountName: row.account.name,
    status: row.status,
    phase: row.phase,
    trigger: row.trigger,
    startedBy: row.startedBy,
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    strategy: row.strategy === 'flat' || row.strategy === 'breadthFirst' ? row.strategy : null,
    calls: row.calls,
    listed: row.listed,
    expected: row.expected,
    complete: row.complete,
    incompleteReason: row.incompleteReason,
    incompleteDetail: row.incompleteDetail,
    rejected: row.rejected,
    rejectedSamples: StoredSamples.parse(row.rejectedSamples),
    counts: { created, renamed, moved, typeChanged, statusChanged, changed, suspected, unlinked, restored, held },
    heldReasons: StoredReasons.parse(row.heldReasons).map(({ groupId, ...reason }) => ({
      ...reason,
      group: (groupId === null ? undefined : links.get(groupId)) ?? null,
    })),
    oddPairs: row.oddPairs,
    error: row.errorCode === null ? null : { code: row.errorCode, detail: row.errorDetail ?? '' },
  }
}
