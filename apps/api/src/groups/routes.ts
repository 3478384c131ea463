/**
 * Groups of the tree: one, its children, its history, search. Reads only.
 * Invariant: every statement carries the caller's scope, or asks about a group that was found inside it.
 */
import { getGroup, listChildren, listGroupEvents, searchGroups } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { z } from 'zod'
import { loadPaths } from '../access/paths.ts'
import { scopeOf, type Scope } from '../access/scope.ts'
import { fromCursor, toCursor, toPage } from '../http/cursor.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import { presentCompany, presentEvent, presentGroupRow, presentLink } from './present.ts'
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

export function serveGroups(app: FastifyInstance, pool: pg.Pool): void {
  serve(app, getGroup, async ({ params }, request) => {
    const scope = scopeOf(request)
    const group = await requireGroup(pool, scope, params.id)
    const toLinks = await loadPaths(pool, scope, [group.path])
    const elsewhere = group.company === null ? [] : await listElsewhere(pool, scope, group.id, group.company.guid)
    return {
      ...presentGroupRow(group),
      ancestors: toLinks(group.path),
      account: presentAccount(group),
      company: group.company && presentCompany(group.company),
      elsewhere: elsewhere.map((row) => ({ ...presentLink(row), accountName: row.account_name })),
    }
  })

  serve(app, listChildren, async ({ params, query }, request) => {
    const parent = await requireGroup(pool, scopeOf(request), params.id)
    const list = ['children', parent.id]
    const after = fromCursor(list, query.cursor, AfterSibling)
    const { page, last } = toPage(await listChildRows(pool, parent.id, after, query.limit + 1), query.limit)
    return {
      items: page.map(presentGroupRow),
      nextCursor: last && toCursor(list, [last.leaf, last.name, last.id]),
      total: parent.child_count - parent.hidden,
    }
  })

  serve(app, listGroupEvents, async ({ params, query }, request) => {
    const { id } = await requireGroup(pool, scopeOf(request), params.id)
    const list = ['events', id]
    const before = fromCursor(list, query.cursor, BeforeEvent)?.[0] ?? null
    const { page, last } = toPage(await listEventRows(pool, id, before, query.limit + 1), query.limit)
    return {
      items: page.map(presentEvent),
      nextCursor: last && toCursor(list, [last.id]),
      total: await countEvents(pool, id),
    }
  })

  serve(app, searchGroups, async ({ query }, request) => {
    const scope = scopeOf(request)
    const { rows, total } = await searchRows(pool, scope, query.q, query.limit)
    const paths = rows.map(({ path }) => path)
    const toLinks = await loadPaths(pool, scope, paths)
    return { items: rows.map((row) => ({ ...presentGroupRow(row), ancestors: toLinks(row.path) })), total }
  })
}

async function requireGroup(pool: pg.Pool, scope: Scope, ref: string): Promise<FullGroup> {
  const id = await findGroupId(pool, scope, ref)
  const group = id === null ? null : await readGroup(pool, scope, id)
  if (group === null) throw new ProblemError('not-found', 'There is no such group.')
  return group
}

function presentAccount({ account_id: id, account_name: name, account_state: state }: FullGroup) {
  return id === null || name === null || state === null ? null : { id: String(id), name, state }
}
