/**
 * Sync runs: the list, one with its progress, what it changed, and starting one.
 * Starting goes through the sync it was given; a run under way is an answer, not an error. It never touches the tree.
 */
import { getRun, listRunChanges, listRuns, type Run, startRun } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { audit } from '../access/audit.ts'
import { presentEvents } from '../access/events.ts'
import { loadPaths } from '../access/paths.ts'
import { scopeOf, type Scope } from '../access/scope.ts'
import { userOf } from '../access/session.ts'
import { fromId, toId } from '../db/ids.ts'
import { fromHiddenId } from '../http/hidden.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { fromCursor, toCursor, toPage } from '../http/cursor.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import {
  type ChangeRecord,
  countChanges,
  countRuns,
  findAccountState,
  getRunRow,
  listChangeRows,
  listRunRows,
} from './queries.ts'

export interface RunDeps {
  inScope: InScope
  startSync: (accountId: number, startedBy: string) => Promise<{ started: boolean; runId: number }>
}

const OneId = z.tuple([z.number().int()])

export function serveRuns(app: FastifyInstance, { inScope, startSync }: RunDeps): void {
  serve(app, listRuns, ({ query }, request) => {
    const scope = scopeOf(request)
    return inScope(scope, async (db) => {
      const accountId = query.account === undefined ? null : fromId(query.account)
      const list = ['runs', accountId]
      const before = fromCursor(list, query.cursor, OneId)?.[0] ?? null
      const rows = await listRunRows(db, scope, { accountId, before, limit: query.limit + 1 })
      const { page, last } = toPage(rows, query.limit)
      return {
        items: page,
        nextCursor: last && toCursor(list, [fromHiddenId('run', last.id)]),
        total: await countRuns(db, scope, accountId),
      }
    })
  })

  serve(app, getRun, ({ params }, request) => {
    const scope = scopeOf(request)
    return inScope(scope, (db) => requireRun(db, scope, fromHiddenId('run', params.id)))
  })

  serve(app, listRunChanges, ({ params, query }, request) => {
    const scope = scopeOf(request)
    return inScope(scope, async (db) => {
      const runId = fromHiddenId('run', params.id)
      await requireRun(db, scope, runId)
      const kind = query.kind ?? null
      const list = ['changes', runId, kind]
      const after = fromCursor(list, query.cursor, OneId)?.[0] ?? 0
      const rows = await listChangeRows(db, scope, { runId, kind, after, limit: query.limit + 1 })
      const { page, last } = toPage(rows, query.limit)
      return {
        items: await presentChanges(db, scope, page),
        nextCursor: last && toCursor(list, [last.id]),
        total: await countChanges(db, scope, runId, kind),
      }
    })
  })

  serve(app, startRun, async ({ params }, request) => {
    const scope = scopeOf(request)
    const accountId = fromId(params.id)
    await inScope(scope, (db) => requireConnected(db, scope, accountId))
    const { started, runId } = await startSync(accountId, userOf(request).email)
    // The run is another transaction, of another role: told once it is there, also that it was under way already.
    const run = await inScope(scope, async (db) => {
      const found = await requireRun(db, scope, runId)
      const where = { groupId: scope.rootId }
      const after = { started, runId: found.id }
      await audit(db, request, { action: 'startRun', where, target: found.accountName, after })
      return found
    })
    return { started, run }
  })
}

async function requireRun(db: Db, scope: Scope, id: number): Promise<Run> {
  const run = await getRunRow(db, scope, id)
  if (run === null) throw new ProblemError('not-found', 'There is no such run.')
  return run
}

/** Whoever sees a part of an account's tree may ask for news of it. */
async function requireConnected(db: Db, scope: Scope, accountId: number): Promise<void> {
  const state = await findAccountState(db, scope, accountId)
  if (state === null) throw new ProblemError('not-found', 'There is no such account.')
  if (state === 'disconnected') throw new ProblemError('account-disconnected', 'Connect the account again first.')
}

async function presentChanges(db: Db, scope: Scope, rows: readonly ChangeRecord[]) {
  const events = await presentEvents(db, scope, rows)
  const toLinks = await loadPaths(
    db,
    scope,
    rows.map(({ path }) => path),
  )
  return rows.flatMap((row, i) => {
    const event = events[i]
    if (event === undefined) return []
    const group = { id: toId(row.group_id), kind: row.group_kind, name: row.group_name }
    return { ...event, group, path: toLinks(row.path) }
  })
}
