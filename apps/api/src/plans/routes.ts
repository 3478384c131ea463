/**
 * Plans: what a preview would change, what a run held, and what somebody decides about it; a preview and a run of one company.
 * Invariant: nobody decides on what is outside their view. Applying is the sync's; here is only who may ask for it.
 */
import {
  approveRun,
  exportPlan,
  listHolds,
  listPlan,
  type PlanItem,
  previewRun,
  rejectRun,
  type Run,
  syncCompany,
} from '@msp-console/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { audit } from '../access/audit.ts'
import { scopeOf, type Scope } from '../access/scope.ts'
import { userOf } from '../access/session.ts'
import { fromId } from '../db/ids.ts'
import { fromHiddenId } from '../http/hidden.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { sendCsv } from '../http/csv.ts'
import { fromCursor, toCursor, toPage } from '../http/cursor.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import { COLUMNS, presentItems } from './present.ts'
import { type AfterItem, countKinds, type ItemFilter, listDecidable, listItemRows, listOpenPlans } from './queries.ts'

export interface PlanDeps {
  inScope: InScope
  /** One run in view, or null. */
  readRun: (db: Db, scope: Scope, id: number) => Promise<Run | null>
  findAccountState: (db: Db, scope: Scope, id: number) => Promise<string | null>
  findGroup: (
    db: Db,
    scope: Scope,
    ref: string,
  ) => Promise<{ id: number; name: string; accountId: number; isRoot: boolean } | null>
  startSync: (
    accountId: number,
    by: { startedBy: string; preview?: boolean; companyId?: number },
  ) => Promise<{ started: boolean; runId: number }>
  decide: (decision: {
    runId: number
    items: readonly string[]
    decision: 'approved' | 'rejected'
    actor: string
  }) => Promise<{ outcome: 'done'; decided: number } | { outcome: 'stale' | 'expired' }>
}

const After = z.tuple([z.string(), z.string(), z.uuid()])
const ROWS_PER_READ = 1000

export function servePlans(app: FastifyInstance, deps: PlanDeps): void {
  const { inScope } = deps

  serve(app, listPlan, ({ params, query }, request) => {
    const scope = scopeOf(request)
    return inScope(scope, async (db) => {
      const runId = await requireRunId(deps, db, scope, params.id)
      const filter = toFilter(query)
      const list = ['plan', runId, filter.kind, filter.state]
      const after = fromCursor(list, query.cursor, After)
      const rows = await listItemRows(db, scope, runId, filter, { after, limit: query.limit + 1 })
      const { page, last } = toPage(rows, query.limit)
      const kinds = await countKinds(db, scope, runId, filter)
      return {
        items: await presentItems(db, scope, page),
        nextCursor: last && toCursor(list, [last.path, last.name, last.id]),
        total: kinds.reduce(
          (sum, { kind, count }) => sum + (filter.kind === null || filter.kind === kind ? count : 0),
          0,
        ),
        kinds,
      }
    })
  })

  serve(app, exportPlan, async ({ params, query }, request, reply) => {
    const scope = scopeOf(request)
    const write = async (db: Db) => {
      const runId = await requireRunId(deps, db, scope, params.id)
      await sendCsv(reply, 'plan', COLUMNS, readPages(db, scope, runId, toFilter(query)))
    }
    await inScope(scope, write, { snapshot: true })
    return reply
  })

  serve(app, listHolds, (_, request) => {
    const scope = scopeOf(request)
    return inScope(scope, async (db) => {
      const items = []
      for (const { run_id: id, confirmed_at: confirmedAt } of await listOpenPlans(db)) {
        const run = await deps.readRun(db, scope, id)
        if (run?.hold && run.hold.waiting + run.hold.rejected > 0)
          items.push({ run, reasons: run.heldReasons, confirmedAt })
      }
      return { items }
    })
  })

  serve(app, approveRun, ({ params, body }, request) => decide(deps, request, params.id, body.items, 'approved'))
  serve(app, rejectRun, ({ params, body }, request) => decide(deps, request, params.id, body.items, 'rejected'))

  serve(app, previewRun, async ({ params }, request) => {
    const scope = scopeOf(request)
    const accountId = fromId(params.id)
    await inScope(scope, async (db) => requireConnected(await deps.findAccountState(db, scope, accountId)))
    return start(deps, request, { action: 'previewRun', where: null }, accountId, { preview: true })
  })

  serve(app, syncCompany, async ({ params }, request) => {
    const scope = scopeOf(request)
    const group = await inScope(scope, async (db) => {
      const found = await deps.findGroup(db, scope, params.id)
      if (found === null) throw new ProblemError('not-found', 'There is no such company.')
      requireConnected(await deps.findAccountState(db, scope, found.accountId))
      return found
    })
    // The name of the account may lie above those who read about this company.
    const where = { groupId: group.id, target: group.name }
    return start(
      deps,
      request,
      { action: 'syncCompany', where },
      group.accountId,
      group.isRoot ? {} : { companyId: group.id },
    )
  })
}

async function start(
  { inScope, readRun, startSync }: PlanDeps,
  request: FastifyRequest,
  told: { action: string; where: { groupId: number; target: string } | null },
  accountId: number,
  how: { preview?: boolean; companyId?: number },
) {
  const scope = scopeOf(request)
  const { started, runId } = await startSync(accountId, { ...how, startedBy: userOf(request).email })
  const run = await inScope(scope, async (db) => {
    const found = await readRun(db, scope, runId)
    if (found === null) throw new ProblemError('not-found', 'There is no such run.')
    const { groupId, target } = told.where ?? { groupId: scope.rootId, target: found.accountName }
    const after = { started, runId: found.id }
    await audit(db, request, { action: told.action, where: { groupId }, target, after })
    return found
  })
  return { started, run }
}

async function decide(
  { inScope, readRun, decide: apply }: PlanDeps,
  request: FastifyRequest,
  id: string,
  wanted: readonly string[] | undefined,
  decision: 'approved' | 'rejected',
) {
  const scope = scopeOf(request)
  const { runId, items } = await inScope(scope, async (db) => {
    const found = await requireRunId({ readRun }, db, scope, id)
    return { runId: found, items: await listDecidable(db, scope, found, wanted ?? null) }
  })
  if (wanted !== undefined && items.length < new Set(wanted).size)
    throw new ProblemError('plan-stale', 'Not all of these changes wait for a decision any more; look again.')
  if (items.length === 0)
    throw new ProblemError('plan-stale', 'Nothing of this plan waits for a decision; look at the newest one.')
  const result = await apply({ runId, items, decision, actor: userOf(request).email })
  if (result.outcome !== 'done') {
    throw result.outcome === 'expired'
      ? new ProblemError('plan-expired', 'No complete sync has confirmed it for 24 hours; sync again, then decide.')
      : new ProblemError('plan-stale', 'A newer sync asks for something else; look at its plan.')
  }
  const run = await inScope(scope, async (db) => {
    const found = await readRun(db, scope, runId)
    if (found === null) throw new ProblemError('not-found', 'There is no such run.')
    const action = decision === 'approved' ? 'approveRun' : 'rejectRun'
    const after = { decided: result.decided, runId: found.id }
    await audit(db, request, { action, where: { groupId: scope.rootId }, target: found.accountName, after })
    return found
  })
  return { decided: result.decided, run }
}

async function requireRunId({ readRun }: Pick<PlanDeps, 'readRun'>, db: Db, scope: Scope, id: string): Promise<number> {
  const runId = fromHiddenId('run', id)
  if ((await readRun(db, scope, runId)) === null) throw new ProblemError('not-found', 'There is no such run.')
  return runId
}

function requireConnected(state: string | null): void {
  if (state === null) throw new ProblemError('not-found', 'There is no such account.')
  if (state === 'disconnected') throw new ProblemError('account-disconnected', 'Connect the account again first.')
}

function toFilter({ kind, state }: { kind?: ItemFilter['kind'] | undefined; state?: ItemFilter['state'] | undefined }) {
  return { kind: kind ?? null, state: state ?? null }
}

async function* readPages(db: Db, scope: Scope, runId: number, filter: ItemFilter): AsyncGenerator<PlanItem[]> {
  let after: AfterItem | null = null
  for (;;) {
    const rows = await listItemRows(db, scope, runId, filter, { after, limit: ROWS_PER_READ })
    yield await presentItems(db, scope, rows)
    const last = rows.at(-1)
    if (last === undefined || rows.length < ROWS_PER_READ) return
    after = [last.path, last.name, last.id]
  }
}
