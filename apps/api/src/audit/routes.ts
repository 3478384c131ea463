/**
 * The audit log as one view may read it, as a list and as a file. Writing is access/audit.ts.
 * Invariant: entries belong to where they happened at the time; people, and groups in their details, outside the view are not named.
 */
import { type AuditEntry, type AuditFilter, exportAudit, listAudit } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { type Scope, scopeOf } from '../access/scope.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { type Columns, sendCsv } from '../http/csv.ts'
import { fromHiddenId } from '../http/hidden.ts'
import { fromCursor, toCursor, toPage } from '../http/cursor.ts'
import { serve } from '../http/serve.ts'
import { countEntries, listEntries } from './queries.ts'

const OneId = z.tuple([z.number().int()])
const ROWS_PER_READ = 1000

const toText = (value: AuditEntry['before']) => (value === null ? null : JSON.stringify(value))
const COLUMNS: Columns<AuditEntry> = {
  id: ({ id }) => id,
  at: ({ at }) => at,
  action: ({ action }) => action,
  outcome: ({ outcome }) => outcome,
  actor: ({ actor }) => actor,
  token: ({ token }) => token,
  group: ({ group }) => group?.name ?? null,
  path: ({ path }) => path.map(({ name }) => name).join(' / '),
  target: ({ target }) => target,
  before: ({ before }) => toText(before),
  after: ({ after }) => toText(after),
  ipAddress: ({ ipAddress }) => ipAddress,
  requestId: ({ requestId }) => requestId,
}

export function serveAudit(app: FastifyInstance, inScope: InScope): void {
  serve(app, listAudit, ({ query: { limit, cursor, ...filter } }, request) => {
    const scope = scopeOf(request)
    return inScope(scope, async (db) => {
      const list = ['audit', scope.rootId, filter]
      const before = fromCursor(list, cursor, OneId)?.[0] ?? null
      const { page, last } = toPage(await listEntries(db, scope, filter, { before, limit: limit + 1 }), limit)
      return {
        items: page,
        nextCursor: last && toCursor(list, [fromHiddenId('auditEntry', last.id)]),
        total: await countEntries(db, scope, filter),
      }
    })
  })

  serve(app, exportAudit, async ({ query }, request, reply) => {
    const scope = scopeOf(request)
    await inScope(scope, (db) => sendCsv(reply, 'audit', COLUMNS, readPages(db, scope, query)), { snapshot: true })
    return reply
  })
}

async function* readPages(db: Db, scope: Scope, filter: AuditFilter): AsyncGenerator<AuditEntry[]> {
  let before: number | null = null
  for (;;) {
    const page: AuditEntry[] = await listEntries(db, scope, filter, { before, limit: ROWS_PER_READ })
    yield page
    if (page.length < ROWS_PER_READ) return
    before = fromHiddenId('auditEntry', page.at(-1)?.id ?? '')
  }
}
