/**
 * The tree as columns, in three parts. Whole parts are finished once per generation and scope and then served from memory;
 * who has that generation already gets 304. Reads only; it never mixes two generations in one answer.
 */
import { getTree, getTreeChanges, listTreeCustomers, toTreeEtag, type Tree, type TreePart } from '@msp-console/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { scopeOf, type Scope } from '../access/scope.ts'
import { z } from 'zod'
import type { Seal } from '../access/seal.ts'
import { fromId } from '../db/ids.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { fromCursor, toCursor, toPage } from '../http/cursor.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import { createTreeCache, toEncoding } from './cache.ts'
import { readChanges } from './changes.ts'
import { toCustomerColumns } from './columns.ts'
import { readGeneration } from './generation.ts'
import { type Part, readCustomerPart, readInnerPart, readOpenedPart } from './parts.ts'
import { readCustomerPage, readInnerByIds } from './queries.ts'

/** Reading a whole tree may take longer than a page does. */
const WHOLE_SECONDS = 30

/** What a sealed moment is bound to. */
const SINCE = 'tree:since'

export interface TreeDeps {
  inScope: InScope
  seal: Pick<Seal, 'seal' | 'unseal'>
  /** More customers in view than this come by page. */
  wholeTreeMost: number
}

const AfterCustomer = z.tuple([z.string(), z.number().int()])

export function serveTree(app: FastifyInstance, { inScope, seal, wholeTreeMost }: TreeDeps): void {
  const cache = createTreeCache()
  const toSince = (oldest: string) => seal.seal(oldest, SINCE).toString('base64url')
  const toTree = ({ oldest, ...part }: Part): Tree => ({ ...part, since: toSince(oldest) })
  const readPart = {
    inner: (db: Db, scope: Scope) => readInnerPart(db, scope),
    customers: (db: Db, scope: Scope) => readCustomerPart(db, scope, wholeTreeMost),
  }
  /** Checked against the contract here, once per build, instead of with every answer. */
  const readWhole = async (scope: Scope, part: Exclude<TreePart, 'opened'>): Promise<Tree> =>
    getTree.response.parse(
      toTree(
        await inScope(scope, (db) => readPart[part](db, scope), { snapshot: true, timeoutSeconds: WHOLE_SECONDS }),
      ),
    )

  serve(app, getTree, async ({ query: { part, open } }, request, reply) => {
    const scope = scopeOf(request)
    const generation = await inScope(scope, (db) => readGeneration(db, scope))
    if (setCaching(request, reply, part, generation)) return reply.code(304).send()
    if (part === 'opened') {
      const ids = open?.split(',').map(fromId)
      const tree = await inScope(scope, (db) => readOpenedPart(db, scope, ids), { snapshot: true })
      setCaching(request, reply, part, tree.generation)
      return toTree(tree)
    }
    // By path: a root that moved is read anew, and nobody gets what was made for another root.
    const key = `${scope.path} ${part}`
    const entry = cache.find(key, generation) ?? (await cache.build(key, () => readWhole(scope, part)))
    setCaching(request, reply, part, entry.generation)
    const encoding = toEncoding(request.headers['accept-encoding'])
    if (encoding !== 'identity') void reply.header('content-encoding', encoding)
    return reply.type('application/json; charset=utf-8').send(await entry.encoded(encoding))
  })

  serve(app, getTreeChanges, async ({ query }, request) => {
    const scope = scopeOf(request)
    const oldest = openSince(seal, query.since)
    const most = query.customers === 'all' ? wholeTreeMost : 0
    const changes = await inScope(scope, (db) => readChanges(db, scope, oldest, most), { snapshot: true })
    const { oldest: next, ...rest } = changes
    return { ...rest, since: toSince(next) }
  })

  serve(app, listTreeCustomers, ({ query }, request) => {
    const scope = scopeOf(request)
    const work = async (db: Db) => {
      const generation = await readGeneration(db, scope)
      const of = fromId(query.of)
      if ((await readInnerByIds(db, scope, [of])).length === 0)
        throw new ProblemError('not-found', 'There is no such group.')
      const list = ['tree-customers', of]
      const after = fromCursor(list, query.cursor, AfterCustomer)
      const { page, last } = toPage(await readCustomerPage(db, scope, of, after, query.limit + 1), query.limit)
      const nextCursor = last && toCursor(list, [last[5], last[1]])
      return { generation, customers: toCustomerColumns([of], page), nextCursor }
    }
    return inScope(scope, work, { snapshot: true })
  })
}

/** Null for what nobody can open any more: the key was changed, or it never was one of ours. */
function openSince(seal: TreeDeps['seal'], since: string): string | null {
  try {
    return seal.unseal(Buffer.from(since, 'base64url'), SINCE)
  } catch {
    return null
  }
}

/** Sets the headers; true when the caller has this generation already. Weak, because each encoding has other bytes. */
function setCaching(request: FastifyRequest, reply: FastifyReply, part: TreePart, generation: string): boolean {
  const etag = toTreeEtag(part, generation)
  void reply.header('etag', etag).header('cache-control', 'private, no-cache').header('vary', 'accept-encoding')
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim()) ?? []
  return known.includes(etag) || known.includes(etag.slice(2))
}
