/**
 * The first page: counts by state, where most is left to set up, freshness, newest customers. Reads counters, so that it
 * costs the same at any size. Accounts and customers are told by their own rooms, handed in.
 */
import { type Account, type CustomerRow, getOverview } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { loadPaths } from '../access/paths.ts'
import { rangeOf, scopeOf, type Scope } from '../access/scope.ts'
import { toId } from '../db/ids.ts'
import { serve } from '../http/serve.ts'
import { listDebtRows, readCounts } from './queries.ts'

export interface OverviewDeps {
  pool: pg.Pool
  listAccounts: (scope: Scope) => Promise<Account[]>
  listNewest: (scope: Scope, limit: number) => Promise<CustomerRow[]>
}

const MOST = 10

export function serveOverview(app: FastifyInstance, { pool, listAccounts, listNewest }: OverviewDeps): void {
  serve(app, getOverview, async (_, request) => {
    const scope = scopeOf(request)
    const range = rangeOf(scope.path)
    const [customers, debt, accounts, newest] = await Promise.all([
      readCounts(pool, range),
      listDebtRows(pool, range, MOST),
      listAccounts(scope),
      listNewest(scope, MOST),
    ])
    const toLinks = await loadPaths(
      pool,
      scope,
      debt.map(({ path }) => path),
    )
    return {
      customers,
      debt: debt.map(({ id, kind, name, path, not_set_up: notSetUp, customers: count }) => ({
        id: toId(id),
        kind,
        name,
        path: toLinks(path),
        notSetUp,
        customers: count,
      })),
      accounts,
      newest,
    }
  })
}
