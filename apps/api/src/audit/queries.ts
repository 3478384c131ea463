import { type AuditEntry, type AuditFilter, fold } from '@msp-console/contract'
import { loadLinks, loadPaths } from '../access/paths.ts'
import { rangeOf, type Scope, toPersonSql } from '../access/scope.ts'
import { toHiddenId } from '../http/hidden.ts'
import type { Db } from '../db/tx.ts'

interface AuditRecord {
  id: number
  at: string
  action: string
  outcome: AuditEntry['outcome']
  /** Null also where the view may not know the person; then neither token nor address are told. */
  actor: string | null
  token: string | null
  group_id: number
  path: string
  target: string | null
  before: AuditEntry['before']
  after: AuditEntry['after']
  ip_address: string | null
  request_id: string | null
}

/**
 * One range: what may not be known cannot be searched for either, neither a person at home elsewhere nor the names around a group
 * that has left the view since. Who sees everything also reads of groups that are gone. Index: primary key, or audit_event_by_path.
 */
function toSource(scope: Scope): string {
  const told = (column: string) =>
    scope.rootId === 1
      ? `e.${column}`
      : `case when exists (select from static_group g where g.id = e.group_id) then e.${column} end as ${column}`
  return `(select e.id, e.at, e.action, e.outcome, e.group_id, e.path, ${told('target')}, ${told('before')}, ${told('after')}, e.request_id, e.token as own_token,
     e.ip_address as own_ip, e.actor is null as unknown, ${toPersonSql(scope, 'e.actor')} as actor
   from audit_event e where e.path >= $1 and e.path < $2) e`
}

const CONDITIONS = `($3::text is null or strpos(fold(concat_ws(' ', e.action, e.actor, e.target)), $3) > 0)
  and ($4::text is null or e.action = $4) and ($5::audit_outcome is null or e.outcome = $5)
  and ($6::timestamptz is null or e.at >= $6) and ($7::timestamptz is null or e.at < $7)`

function toValues(scope: Scope, { q, action, outcome, from, to }: AuditFilter): unknown[] {
  const needle = q === undefined || q === '' ? null : fold(q)
  return [...rangeOf(scope.path), needle, action ?? null, outcome ?? null, from ?? null, to ?? null]
}

/** Newest first. @param before id of the last entry of the page before */
export async function listEntries(
  db: Db,
  scope: Scope,
  filter: AuditFilter,
  { before, limit }: { before: number | null; limit: number },
): Promise<AuditEntry[]> {
  const { rows } = await db.query<AuditRecord>(
    `select e.id, e.at, e.action, e.outcome, e.actor, e.group_id, e.path, e.target, e.before, e.after, e.request_id,
       case when e.actor is not null then e.own_token end as token,
       case when e.actor is not null or e.unknown then e.own_ip end as ip_address
     from ${toSource(scope)} where ${CONDITIONS} and ($8::bigint is null or e.id < $8) order by e.id desc limit $9`,
    [...toValues(scope, filter), before, limit],
  )
  return present(db, scope, rows)
}

export async function countEntries(db: Db, scope: Scope, filter: AuditFilter): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*) from ${toSource(scope)} where ${CONDITIONS}`,
    toValues(scope, filter),
  )
  return rows[0]?.count ?? 0
}

async function present(db: Db, scope: Scope, rows: readonly AuditRecord[]): Promise<AuditEntry[]> {
  const named = rows.flatMap(({ group_id, before, after }) => [group_id, ...toGroupIds(before), ...toGroupIds(after)])
  const links = await loadLinks(db, scope, named)
  const toLinks = await loadPaths(
    db,
    scope,
    rows.map(({ path }) => path),
  )
  const isKnown = (groupId: number) => links.has(groupId)
  return rows.map((row) => ({
    id: toHiddenId('auditEntry', row.id),
    at: row.at,
    action: row.action,
    outcome: row.outcome,
    actor: row.actor,
    token: row.token,
    group: links.get(row.group_id) ?? null,
    path: toLinks(row.path),
    target: row.target,
    before: withoutForeign(row.before, isKnown),
    after: withoutForeign(row.after, isKnown),
    ipAddress: row.ip_address,
    requestId: row.request_id,
  }))
}

/** Of a value that names a group (see access/audit.ts). */
function groupIdOf(value: unknown): number | null {
  return typeof value === 'object' && value !== null && 'groupId' in value ? Number(value.groupId) : null
}

function toGroupIds(value: unknown): number[] {
  if (typeof value !== 'object' || value === null) return []
  return [groupIdOf(value) ?? [], Object.values(value).flatMap(toGroupIds)].flat()
}

/** A group outside the view becomes null, and in a list it is not there at all. */
function withoutForeign(values: AuditEntry['before'], isKnown: (groupId: number) => boolean): AuditEntry['before'] {
  const mayTell = (value: unknown) => {
    const groupId = groupIdOf(value)
    return groupId === null || isKnown(groupId)
  }
  const toTold = (value: unknown): unknown => {
    if (!mayTell(value)) return null
    if (Array.isArray(value)) return (value as unknown[]).filter(mayTell).map(toTold)
    return typeof value === 'object' && value !== null ? toToldRecord(value) : value
  }
  const toToldRecord = (record: object): Record<string, unknown> =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, toTold(value)]))
  return values === null ? null : toToldRecord(values)
}
