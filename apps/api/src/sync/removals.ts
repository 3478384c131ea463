import type { GroupKind } from '@msp-console/contract'
import type { ClientBase } from 'pg'
import { guardRemovals, type Removal, type Verdict } from './guard.ts'
import type { ApplyInput } from './apply.ts'

// From missing to removed, inside the apply transaction: which companies have the proof, and which the guard lets go.

/** Marks in `plan` what becomes unlinked; everything else that is missing is or stays suspect. */
export async function decideRemovals(client: ClientBase, input: ApplyInput): Promise<Verdict> {
  // Proof: absent from two complete listings of different runs, at least the gap apart.
  const proven = await client.query<{ id: number; parent_id: number; kind: GroupKind; is_root: boolean }>(
    `select id, old_parent_id as parent_id, old_kind as kind, id = (select root_group_id from account where id = $1) as is_root
     from plan
     where is_missing and old_presence = 'suspect' and suspect_run_id <> $2
       and suspect_since <= (select started_at from sync_run where id = $2) - make_interval(secs => $3)`,
    [input.accountId, input.runId, input.removalGapSeconds],
  )
  const removals: Removal[] = proven.rows.map((row) => ({
    id: row.id,
    parentId: row.parent_id,
    kind: row.kind,
    isRoot: row.is_root,
  }))
  if (removals.length === 0) return guardRemovals([], 0, new Map())
  const verdict = guardRemovals(
    removals,
    await countLive(client, input.accountId),
    await countChildren(client, removals),
  )
  await client.query(`update plan set presence = 'unlinked' where id = any($1)`, [verdict.allowed])
  return verdict
}

async function countLive(client: ClientBase, accountId: number): Promise<number> {
  const { rows } = await client.query<{ live: number }>(
    `select count(*)::int as live from company c join static_group g on g.id = c.group_id
     where c.account_id = $1 and g.presence <> 'unlinked'`,
    [accountId],
  )
  return rows[0]?.live ?? 0
}

/** By the sibling index (parent_id, …). */
async function countChildren(client: ClientBase, removals: readonly Removal[]): Promise<Map<number, number>> {
  const parents = [...new Set(removals.map((removal) => removal.parentId))]
  const { rows } = await client.query<{ parent_id: number; live: number }>(
    `select parent_id, count(*)::int as live from static_group
     where parent_id = any($1) and presence <> 'unlinked' and kind <> 'staticGroup' group by parent_id`,
    [parents],
  )
  return new Map(rows.map((row) => [row.parent_id, row.live]))
}
