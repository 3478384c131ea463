/**
 * The first page: counts by state, where most is left to set up, freshness, newest customers. Reads counters, so that it
 * costs the same at any size. Accounts and customers are told by their own rooms, handed in.
 */
import { type Account, type CustomerRow, getOverview } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import { loadPaths } from '../access/paths.ts'
import { rangeOf, type Scope } from '../access/scope.ts'
import { callerOf } from '../access/session.ts'
import type { View } from '../access/view.ts'
import { toId } from '../db/ids.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { serve } from '../http/serve.ts'
import { listDebtRows, readCounts } from './queries.ts'

export interface OverviewDeps {
  inScope: InScope
  listAccounts: (db: Db, view: Pick<View, 'scope' | 'rights'>) => Promise<Account[]>
  listNewest: (db: Db, scope: Scope, limit: number) => Promise<CustomerRow[]>
}

const MOST = 10

export function serveOverview(app: FastifyInstance, { inScope, listAccounts, listNewest }: OverviewDeps): void {
  serve(app, getOverview, (_, request) => {
    const { view } = callerOf(request)
    const { scope } = view
    return inScope(scope, async (db) => {
      const range = rangeOf(scope.path)
      const debt = await listDebtRows(db, range, MOST)
      const toLinks = await loadPaths(
        db,
        scope,
        debt.map(({ path }) => path),
      )
      return {
        customers: await readCounts(db, range),
        debt: debt.map(({ id, kind, name, path, not_set_up: notSetUp, customers }) => ({
          id: toId(id),
          kind,
          name,
          path: toLinks(path),
          notSetUp,
          customers,
        })),
        accounts: await listAccounts(db, view),
        newest: await listNewest(db, scope, MOST),
      }
    })
  })
}
