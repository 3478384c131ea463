import type { EventKind, GroupEvent, GroupLink, Run } from '@msp-console/contract'
import type pg from 'pg'
import { rangeOf, type Scope } from '../access/scope.ts'
import { loadLinks } from '../access/paths.ts'
import type { PrismaClient } from '../db/generated/client.ts'
import { presentRun, type RunRecord, toReasonGroups } from './present.ts'

const WITH_NAME = { account: { select: { name: true } } } as const

export interface RunReader {
  /** Newest first; one more than asked tells that there is a next page. */
  page: (scope: Scope, by: { accountId?: number; before?: number; limit: number }) => Promise<Run[]>
  count: (accountId?: number) => Promise<number>
  get: (scope: Scope, id: number) => Promise<Run | null>
  /** The last run of each account, by account id. */
  latest: (scope: Scope) => Promise<Map<number, Run>>
}

/** Prisma on sync_run: by primary key, or by sync_run_by_account. */
export function createRunReader(pool: pg.Pool, prisma: PrismaClient): RunReader {
  const present = async (scope: Scope, rows: readonly RunRecord[]): Promise<Run[]> => {
    const links = await loadLinks(pool, scope, rows.flatMap(toReasonGroups))
    return rows.map((row) => presentRun(row, links))
  }
  return {
    async page(scope, { accountId, before, limit }) {
      const where = { ...(accountId === undefined ? {} : { accountId }), ...(before ? { id: { lt: before } } : {}) }
      return present(
        scope,
        await prisma.syncRun.findMany({ where, include: WITH_NAME, orderBy: { id: 'desc' }, take: limit }),
      )
    },
    count: (accountId) => prisma.syncRun.count(accountId === undefined ? undefined : { where: { accountId } }),
    async get(scope, id) {
      const row = await prisma.syncRun.findUnique({ where: { id }, include: WITH_NAME })
      return row === null ? null : ((await present(scope, [row]))[0] ?? null)
    },
    async latest(scope) {
      // Few accounts: a step into sync_run_by_account for each.
      const newest = await pool.query<{ id: number }>(
        `select r.id from account a cross join lateral
           (select id from sync_run where account_id = a.id order by id desc limit 1) r`,
      )
      const ids = newest.rows.map(({ id }) => id)
      const rows = await prisma.syncRun.findMany({ where: { id: { in: ids } }, include: WITH_NAME })
      const runs = await present(scope, rows)
      return new Map(runs.map((run) => [Number(run.accountId), run]))
    },
  }
}

export interface ChangeRecord {
  id: number
  kind: GroupEvent['kind']
  at: string
  actor: string | null
  before: GroupEvent['before']
  after: GroupEvent['after']
  group_id: number
  group_kind: GroupLink['kind']
  group_name: string
  path: string
}

/** In the order in which they were written. Index: group_event_by_run, then groups by primary key. */
export async function listChangeRows(
  pool: pg.Pool,
  scope: Scope,
  by: { runId: number; kind: EventKind | null; after: number; limit: number },
): Promise<ChangeRecord[]> {
  const { rows } = await pool.query<ChangeRecord>(
    `select e.id, e.kind, e.at, e.actor, e.before, e.after, g.id as group_id, g.kind as group_kind, g.name as group_name, g.path
     from group_event e join static_group g on g.id = e.group_id
     where e.run_id = $1 and e.id > $2 and ($3::event_kind is null or e.kind = $3) and g.path >= $4 and g.path < $5
     order by e.id limit $6`,
    [by.runId, by.after, by.kind, ...rangeOf(scope.path), by.limit],
  )
  return rows
}

/** Who sees the whole tree needs no look at the groups: an index-only count, 15 ms for 100,000 changes instead of 250. */
export async function countChanges(
  pool: pg.Pool,
  scope: Scope,
  runId: number,
  kind: EventKind | null,
): Promise<number> {
  const kindIs = kind === null ? '' : 'and e.kind = $2'
  const inScope = `and exists (select from static_group g where g.id = e.group_id and starts_with(g.path, $${kind === null ? 2 : 3}))`
  const { rows } = await pool.query<{ count: number }>(
    `select count(*) from group_event e where e.run_id = $1 ${kindIs} ${scope.rootId === 1 ? '' : inScope}`,
    [runId, ...(kind === null ? [] : [kind]), ...(scope.rootId === 1 ? [] : [scope.path])],
  )
  return rows[0]?.count ?? 0
}
