/**
 * Managed customers: the list with its filters, and marking them set up, skipped, or neither.
 * Invariant: list, total and bulk change read the same filter the same way, always inside the caller's scope.
 */
import { changeSetup, type CustomerRow, listCustomers, putSetup } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { loadPaths } from '../access/paths.ts'
import { scopeOf, type Scope } from '../access/scope.ts'
import { userOf } from '../access/session.ts'
import type { Db } from '../db/tx.ts'
import { fromCursor, toCursor, toPage } from '../http/cursor.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import { type CustomerRecord, presentCustomer } from './present.ts'
import { countCustomers, findWithin, listCustomerRows, type Page, type Within } from './queries.ts'
import { applySetup } from './setup.ts'
import { toSortPlan } from './sort.ts'

/** Not set up, newest first. */
export type ListNewest = (scope: Scope, limit: number) => Promise<CustomerRow[]>

export function createListNewest(pool: pg.Pool): ListNewest {
  return async (scope, limit) => {
    const within = await requireWithin(pool, scope, undefined)
    const filter = { state: ['notSetUp' as const] }
    const sizes = { total: within.notSetUp, all: within.size }
    const rows = await listCustomerRows(pool, within, sizes, { filter, sort: '-firstSeen', after: null, limit })
    return presentAll(pool, scope, rows)
  }
}

export function serveCustomers(app: FastifyInstance, pool: pg.Pool): void {
  serve(app, listCustomers, async ({ query: { limit, cursor, sort, ...filter } }, request) => {
    const scope = scopeOf(request)
    const within = await requireWithin(pool, scope, filter.under)
    const plan = toSortPlan(sort)
    const list = ['customers', sort, filter]
    const page: Page = { filter, sort, after: fromCursor(list, cursor, plan.cursor), limit: limit + 1 }
    const total = await countCustomers(pool, within, filter)
    const rows = await listCustomerRows(pool, within, { total, all: await sizeOfAll(pool, scope, within) }, page)
    const { page: shown, last } = toPage(rows, limit)
    return {
      items: await presentAll(pool, scope, shown),
      nextCursor: last && toCursor(list, plan.toCursorValues(last)),
      total,
    }
  })

  serve(app, putSetup, ({ params, body }, request) =>
    applySetup(pool, scopeOf(request), { ids: [params.id] }, body.state, userOf(request).email),
  )

  serve(app, changeSetup, ({ body: { state, ids, filter } }, request) => {
    if ((ids === undefined) === (filter === undefined)) {
      throw new ProblemError('validation-failed', 'Give ids or a filter, one of them.', {
        errors: [{ pointer: '/body', detail: 'ids or filter, not both' }],
      })
    }
    const which = ids === undefined ? { filter: filter ?? {} } : { ids }
    return applySetup(pool, scopeOf(request), which, state, userOf(request).email)
  })
}

async function requireWithin(db: Db, scope: Scope, under: string | undefined): Promise<Within> {
  const within = await findWithin(db, scope, under)
  if (within === null) throw new ProblemError('not-found', 'There is no such group.')
  return within
}

/** Groups in the whole instance, for choosing a plan; the counter of the top row. */
async function sizeOfAll(db: Db, scope: Scope, within: Within): Promise<number> {
  if (within.rootId === scope.rootId) return within.size
  const { rows } = await db.query<{ size: number }>('select size from static_group where id = 1')
  return rows[0]?.size ?? within.size
}

async function presentAll(db: Db, scope: Scope, rows: readonly CustomerRecord[]): Promise<CustomerRow[]> {
  const toLinks = await loadPaths(
    db,
    scope,
    rows.map(({ path }) => path),
  )
  return rows.map((row) => presentCustomer(row, toLinks))
}
