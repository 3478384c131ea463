/**
 * History as a view may know it: people and parents outside of it are not named, and the event says that something is not
 * told. So a group that came from elsewhere brings its history along, but not where it came from.
 */
import type { GroupEvent } from '@msp-console/contract'
import { toHiddenId } from '../http/hidden.ts'
import type { Db } from '../db/tx.ts'
import { loadLinks } from './paths.ts'
import type { Scope } from './scope.ts'

export interface EventRecord {
  id: number
  kind: GroupEvent['kind']
  at: string
  run_id: number | null
  /** E-mail of the person, null also where the view may not know it. */
  actor: string | null
  by_person: boolean
  before: GroupEvent['before']
  after: GroupEvent['after']
}

export async function presentEvents(db: Db, scope: Scope, rows: readonly EventRecord[]): Promise<GroupEvent[]> {
  const tell = await tellValues(
    db,
    scope,
    rows.flatMap(({ before, after }) => [before, after]),
  )
  return rows.map((row) => {
    const [before, after] = [tell(row.before), tell(row.after)]
    const outside = (row.by_person && row.actor === null) || before !== row.before || after !== row.after
    const { id, kind, at, actor, run_id: runId } = row
    return {
      id: toHiddenId('event', id),
      kind,
      at,
      runId: runId === null ? null : toHiddenId('run', runId),
      actor,
      outside,
      before,
      after,
    }
  })
}

function parentOf(values: GroupEvent['before']): number | null {
  const id = values?.['parentId']
  return id === undefined || id === null ? null : Number(id)
}

type Values = GroupEvent['before']

/** What a view may be told of some values: the same object, or one without a parent outside the view. */
export async function tellValues(db: Db, scope: Scope, all: readonly Values[]): Promise<(values: Values) => Values> {
  const known = await loadLinks(
    db,
    scope,
    all.flatMap((values) => parentOf(values) ?? []),
  )
  return (values) => {
    const parent = parentOf(values)
    return parent === null || known.has(parent) ? values : { ...values, parent: null, parentId: null }
  }
}
