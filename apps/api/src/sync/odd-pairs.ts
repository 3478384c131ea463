import { type GroupKind, isKnownPair } from '@msp-console/contract'
import type { ClientBase } from 'pg'

/** Places of ours: a company hangs there because its parent is not visible, or because it is the root. */
const OURS: readonly GroupKind[] = ['companies', 'unresolved']

/**
 * Companies that this plan made, moved or gave another kind, and that now stand below a kind that EMA does not document.
 * They are kept and shown; the run says how many. To be asked after the groups were written.
 */
export async function countOddPairs(client: ClientBase): Promise<number> {
  // Grouped before the join: a first load has a hundred times more companies than parents.
  const { rows } = await client.query<{ parent: GroupKind; kind: GroupKind; n: number }>(
    `select g.kind as parent, p.kind, sum(p.n)::int as n
     from (
       select parent_id, kind, count(*) as n from plan
       where not is_missing and guid is not null
         and (is_new or parent_id is distinct from old_parent_id or kind is distinct from old_kind)
       group by parent_id, kind) p
     join static_group g on g.id = p.parent_id group by g.kind, p.kind`,
  )
  const odd = rows.filter(({ parent, kind }) => !OURS.includes(parent) && !isKnownPair(parent, kind))
  return odd.reduce((sum, { n }) => sum + n, 0)
}
