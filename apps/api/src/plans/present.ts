import type { GroupLink, PlanItem } from '@msp-console/contract'
import { tellValues } from '../access/events.ts'
import { loadPaths } from '../access/paths.ts'
import type { Scope } from '../access/scope.ts'
import { toId } from '../db/ids.ts'
import type { Db } from '../db/tx.ts'
import type { Columns } from '../http/csv.ts'
import type { ItemRecord } from './queries.ts'

/** People and parents outside the view are not named, as in history. */
export async function presentItems(db: Db, scope: Scope, rows: readonly ItemRecord[]): Promise<PlanItem[]> {
  const tell = await tellValues(
    db,
    scope,
    rows.flatMap(({ before, after }) => [before, after]),
  )
  const toLinks = await loadPaths(
    db,
    scope,
    rows.map(({ path }) => path),
  )
  return rows.map((row) => {
    const [before, after] = [tell(row.before), tell(row.after)]
    const anchor: GroupLink = { id: toId(row.group_id ?? lastOf(row.path)), kind: row.group_kind, name: row.group_name }
    const isNew = row.group_id === null
    return {
      id: row.id,
      kind: row.kind,
      outside: (row.by_person && row.decided_by === null) || before !== row.before || after !== row.after,
      before,
      after,
      group: isNew ? null : anchor,
      companyKind: row.company_kind,
      name: row.name,
      guid: row.guid,
      path: isNew ? [...toLinks(row.path), anchor] : toLinks(row.path),
      above: row.above,
      rule: row.rule,
      state: row.state,
      decidedBy: row.decided_by,
      decidedAt: row.decided_at,
    }
  })
}

function lastOf(path: string): number {
  return Number(path.split('/').at(-2))
}

const toText = (values: PlanItem['before']) =>
  Object.entries(values ?? {})
    .map(([field, value]) => `${field}: ${value ?? ''}`)
    .join('; ')

export const COLUMNS: Columns<PlanItem> = {
  change: ({ kind }) => kind,
  state: ({ state }) => state,
  rule: ({ rule }) => rule,
  name: ({ name }) => name,
  kind: ({ companyKind }) => companyKind,
  path: ({ path, above }) => [...path.map(({ name }) => name), ...above].join(' / '),
  guid: ({ guid }) => guid,
  groupId: ({ group }) => group?.id ?? null,
  before: ({ before }) => toText(before),
  after: ({ after }) => toText(after),
  decidedBy: ({ decidedBy }) => decidedBy,
  decidedAt: ({ decidedAt }) => decidedAt,
}
