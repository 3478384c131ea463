/**
 * Groups of the tree: one, its children, its history, search. Reads only.
 * Invariant: every statement carries the caller's scope, or asks about a group that was found inside it.
 */
import { getGroup, listChildren, listGroupEvents, searchGroups } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { loadPaths } from '../access/paths.ts'
import { nameAccount, scopeOf, type Scope } from '../access/scope.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { presentEvents } from '../access/events.ts'
import { toId } from '../db/ids.ts'
import { fromCursor, toCursor, toPage } from '../http/cursor.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import { presentCompany, presentGroupRow, presentLink } from './present.ts'
import {
  countEvents,
  findGroupId,
  type FullGroup,
  listChildRows,
  listElsewhere,
  listEventRows,
  readGroup,
} from './queries.ts'
import { searchRows } from './search.ts'

const AfterSibling = z.tuple([z.boolean(), z.string(), z.number().int()])
const BeforeEvent = z.tuple([z.number().int()])

export function serveGroups(app: FastifyInstance, inScope: InScope): void {
  serve(app, getGroup, ({ params }, request) => {
    const scope = scopeOf(request)
    return inScope(scope, async (db) => {
      const group = await requireGroup(db, scope, params.id)
      const toLinks = await loadPaths(db, scope, [group.path])
      const elsewhere = group.company === null ? [] : await listElsewhere(db, scope, group.id, group.company.guid)
      return {
        ...presentGroupRow(group),
        ancestors: toLinks(group.path),
        account: presentAccount(scope, group),
        company: group.company && presentCompany(group.company),
        elsewhere: elsewhere.map((row) => ({
          ...presentLink(row),
          accountName: nameAccount(scope, { ...row, name: row.account_name }),
        })),
      }
    })
  })

  serve(app, listChildren, ({ params, query }, request) => {
    const scope = scopeOf(request)
    return inScope(scope, async (db) => {
      const parent = await requireGroup(db, scope, params.id)
      const list = ['children', parent.id]
      const after = fromCursor(list, query.cursor, AfterSibling)
      const { page, last } = toPage(await listChildRows(db, scope, parent.id, after, query.limit + 1), query.limit)
      return {
        items: page.map(presentGroupRow),
        nextCursor: last && toCursor(list, [last.leaf, last.name, last.id]),
        total: parent.child_count - parent.hidden,
      }
    })
  })

  serve(app, listGroupEvents, ({ params, query }, request) => {
    const scope = scopeOf(request)
    return inScope(scope, async (db) => {
      const { id } = await requireGroup(db, scope, params.id)
      const list = ['events', id]
      const before = fromCursor(list, query.cursor, BeforeEvent)?.[0] ?? null
      const { page, last } = toPage(await listEventRows(db, scope, id, before, query.limit + 1), query.limit)
      return {
        items: await presentEvents(db, scope, page),
        nextCursor: last && toCursor(list, [last.id]),
        total: await countEvents(db, scope, id),
      }
    })
  })

  serve(app, searchGroups, ({ query }, request) => {
    const scope = scopeOf(request)
    return inScope(scope, async (db) => {
      const { rows, total } = await searchRows(db, scope, query.q, query.limit)
      const paths = rows.map(({ path }) => path)
      const toLinks = await loadPaths(db, scope, paths)
      return { items: rows.map((row) => ({ ...presentGroupRow(row), ancestors: toLinks(row.path) })), total }
    })
  })
}

async function requireGroup(db: Db, scope: Scope, ref: string): Promise<FullGroup> {
  const id = await findGroupId(db, scope, ref)
  const group = id === null ? null : await readGroup(db, scope, id)
  if (group === null) throw new ProblemError('not-found', 'There is no such group.')
  return group
}

function presentAccount(scope: Scope, { account_id: id, account_name, account_root, account_state: state }: FullGroup) {
  if (id === null || state === null) return null
  return { id: toId(id), name: nameAccount(scope, { name: account_name, root_group_id: account_root }), state }
}
