/**
 * Managed customers: the list with its filters, and marking them set up, skipped, or neither.
 * Invariant: list, total and bulk change read the same filter the same way, always inside the caller's scope.
 */
import { changeSetup, type CustomerRow, listCustomers, putSetup } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import { loadPaths } from '../access/paths.ts'
import { scopeOf, type Scope } from '../access/scope.ts'
import { userOf } from '../access/session.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { fromCursor, toCursor, toPage } from '../http/cursor.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import { type CustomerRecord, presentCustomer } from './present.ts'
import { countCustomers, findWithin, listCustomerRows, type Page, type Within } from './queries.ts'
import { applySetup } from './setup.ts'
import { toSortPlan } from './sort.ts'

/** Not set up, newest first. */
export async function listNewest(db: Db, scope: Scope, limit: number): Promise<CustomerRow[]> {
  const within = await requireWithin(db, scope, undefined)
  const filter = { state: ['notSetUp' as const] }
  const sizes = { total: within.notSetUp, all: within.size }
  const rows = await listCustomerRows(db, within, sizes, { filter, sort: '-firstSeen', after: null, limit })
  return presentAll(db, scope, rows)
}

export function serveCustomers(app: FastifyInstance, inScope: InScope): void {
  serve(app, listCustomers, ({ query: { limit, cursor, sort, ...filter } }, request) => {
    const scope = scopeOf(request)
    return inScope(scope, async (db) => {
      const within = await requireWithin(db, scope, filter.under)
      const plan = toSortPlan(sort)
      const list = ['customers', sort, filter]
      const page: Page = { filter, sort, after: fromCursor(list, cursor, plan.cursor), limit: limit + 1 }
      const total = await countCustomers(db, within, filter)
      const rows = await listCustomerRows(db, within, { total, all: await sizeOfAll(db, scope, within) }, page)
      const { page: shown, last } = toPage(rows, limit)
      return {
        items: await presentAll(db, scope, shown),
        nextCursor: last && toCursor(list, plan.toCursorValues(last)),
        total,
      }
    })
  })

  serve(app, putSetup, ({ params, body }, request) =>
    applySetup(inScope, scopeOf(request), { ids: [params.id] }, body.state, userOf(request).email),
  )

  serve(app, changeSetup, ({ body: { state, ids, filter } }, request) => {
    if ((ids === undefined) === (filter === undefined)) {
      throw new ProblemError('validation-failed', 'Give ids or a filter, one of them.', {
        errors: [{ pointer: '/body', detail: 'ids or filter, not both' }],
      })
    }
    const which = ids === undefined ? { filter: filter ?? {} } : { ids }
    return applySetup(inScope, scopeOf(request), which, state, userOf(request).email)
  })
}

async function requireWithin(db: Db, scope: Scope, under: string | undefined): Promise<Within> {
  const within = await findWithin(db, scope, under)
  if (within === null) throw new ProblemError('not-found', 'There is no such group.')
  return within
}

/** Groups in all that is in view, for choosing a plan. */
async function sizeOfAll(db: Db, scope: Scope, within: Within): Promise<number> {
  if (within.rootId === scope.rootId) return within.size
  const { rows } = await db.query<{ size: number }>('select size from static_group where id = $1', [scope.rootId])
  return rows[0]?.size ?? within.size
}

async function presentAll(db: Db, scope: Scope, rows: readonly CustomerRecord[]): Promise<CustomerRow[]> {
  const toLinks = await loadPaths(
    db,
    scope,
    rows.map(({ path }) => path),
  )
  return rows.map((row) => presentCustomer(row, scope, toLinks))
}
