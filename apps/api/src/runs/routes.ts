/**
 * Sync runs: the list, one with its progress, what it changed, and starting one.
 * Starting goes through the sync it was given; a run under way is an answer, not an error. It never touches the tree.
 */
import { getRun, listRunChanges, listRuns, type Run, startRun } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { z } from 'zod'
import { loadPaths } from '../access/paths.ts'
import { scopeOf, type Scope } from '../access/scope.ts'
import { userOf } from '../access/session.ts'
import { fromId, toId } from '../db/ids.ts'
import { fromCursor, toCursor, toPage } from '../http/cursor.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import { countChanges, listChangeRows, type ChangeRecord, type RunReader } from './queries.ts'

export interface RunDeps {
  pool: pg.Pool
  runs: RunReader
  startSync: (accountId: number, startedBy: string) => Promise<{ started: boolean; runId: number }>
}

const OneId = z.tuple([z.number().int()])

export function serveRuns(app: FastifyInstance, { pool, runs, startSync }: RunDeps): void {
  serve(app, listRuns, async ({ query }, request) => {
    const accountId = query.account === undefined ? undefined : fromId(query.account)
    const list = ['runs', accountId ?? null]
    const before = fromCursor(list, query.cursor, OneId)?.[0]
    const by = { ...(accountId === undefined ? {} : { accountId }), ...(before === undefined ? {} : { before }) }
    const rows = await runs.page(scopeOf(request), { ...by, limit: query.limit + 1 })
    const { page, last } = toPage(rows, query.limit)
    return { items: page, nextCursor: last && toCursor(list, [Number(last.id)]), total: await runs.count(accountId) }
  })

  serve(app, getRun, ({ params }, request) => requireRun(runs, scopeOf(request), fromId(params.id)))

  serve(app, listRunChanges, async ({ params, query }, request) => {
    const scope = scopeOf(request)
    const runId = Number((await requireRun(runs, scope, fromId(params.id))).id)
    const kind = query.kind ?? null
    const list = ['changes', runId, kind]
    const after = fromCursor(list, query.cursor, OneId)?.[0] ?? 0
    const rows = await listChangeRows(pool, scope, { runId, kind, after, limit: query.limit + 1 })
    const { page, last } = toPage(rows, query.limit)
    const toLinks = await loadPaths(
      pool,
      scope,
      page.map(({ path }) => path),
    )
    return {
      items: page.map((row) => ({ ...presentChange(row, runId), path: toLinks(row.path) })),
      nextCursor: last && toCursor(list, [last.id]),
      total: await countChanges(pool, scope, runId, kind),
    }
  })

  serve(app, startRun, async ({ params }, request) => {
    const accountId = fromId(params.id)
    await requireConnected(pool, accountId)
    const { started, runId } = await startSync(accountId, userOf(request).email)
    return { started, run: await requireRun(runs, scopeOf(request), runId) }
  })
}

async function requireRun(runs: RunReader, scope: Scope, id: number): Promise<Run> {
  const run = await runs.get(scope, id)
  if (run === null) throw new ProblemError('not-found', 'There is no such run.')
  return run
}

async function requireConnected(pool: pg.Pool, accountId: number): Promise<void> {
  const { rows } = await pool.query<{ state: string }>('select state from account where id = $1', [accountId])
  const state = rows[0]?.state
  if (state === undefined) throw new ProblemError('not-found', 'There is no such account.')
  if (state === 'disconnected') throw new ProblemError('account-disconnected', 'Connect the account again first.')
}

function presentChange(row: ChangeRecord, runId: number) {
  const { kind, at, actor, before, after } = row
  const group = { id: toId(row.group_id), kind: row.group_kind, name: row.group_name }
  return { id: toId(row.id), kind, at, runId: toId(runId), actor, before, after, group }
}
