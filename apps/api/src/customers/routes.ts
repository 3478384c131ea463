/**
 * Managed customers: the list with its filters, and marking them set up, skipped, or neither.
 * Invariant: list, total and bulk change read the same filter the same way, always inside the caller's scope.
 */
import { changeSetup, type CustomerRow, exportCustomers, listCustomers, putSetup } from '@msp-console/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { audit } from '../access/audit.ts'
import { loadPaths } from '../access/paths.ts'
import { scopeOf, type Scope } from '../access/scope.ts'
import { userOf } from '../access/session.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { sendCsv } from '../http/csv.ts'
import { fromCursor, toCursor, toPage } from '../http/cursor.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import { COLUMNS, readRecords } from './export.ts'
import { type CustomerRecord, presentCustomer } from './present.ts'
import { countCustomers, findWithin, listCustomerRows, type Page, type Within } from './queries.ts'
import { applySetup, type RecordSetup } from './setup.ts'
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

  serve(app, exportCustomers, async ({ query: { sort, ...filter } }, request, reply) => {
    const scope = scopeOf(request)
    const write = async (db: Db) => {
      const within = await requireWithin(db, scope, filter.under)
      const total = await countCustomers(db, within, filter)
      const sizes = { total, all: await sizeOfAll(db, scope, within) }
      const pages = presentPages(db, scope, readRecords(db, within, sizes, { filter, sort }))
      await sendCsv(reply, 'customers', COLUMNS, pages)
    }
    await inScope(scope, write, { snapshot: true })
    return reply
  })

  serve(app, putSetup, ({ params, body }, request) => {
    const record = toRecord('putSetup', request)
    return applySetup(inScope, scopeOf(request), { ids: [params.id] }, body.state, userOf(request).email, record)
  })

  serve(app, changeSetup, ({ body: { state, ids, filter } }, request) => {
    if ((ids === undefined) === (filter === undefined)) {
      throw new ProblemError('validation-failed', 'Give ids or a filter, one of them.', {
        errors: [{ pointer: '/body', detail: 'ids or filter, not both' }],
      })
    }
    const which = ids === undefined ? { filter: filter ?? {} } : { ids }
    const record = toRecord('changeSetup', request)
    return applySetup(inScope, scopeOf(request), which, state, userOf(request).email, record)
  })
}

/** One entry in the audit log for a change, however many customers it is; each one's own history says more. */
function toRecord(action: string, request: FastifyRequest): RecordSetup {
  return async (db, { state, changed, unchanged, path }) => {
    const { rows } = await db.query<{ name: string }>('select name from static_group where path = $1 and leaf', [path])
    const target = rows[0]?.name ?? null
    await audit(db, request, { action, where: { path }, target, after: { setup: state, changed, unchanged } })
  }
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

async function* presentPages(
  db: Db,
  scope: Scope,
  pages: AsyncGenerator<CustomerRecord[]>,
): AsyncGenerator<CustomerRow[]> {
  for await (const page of pages) yield presentAll(db, scope, page)
}
