/**
 * The tree as columns, in three parts. Whole parts are finished once per generation and scope and then served from memory;
 * who has that generation already gets 304. Reads only; it never mixes two generations in one answer.
 */
import { getTree, type Tree, type TreePart } from '@msp-console/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { scopeOf, type Scope } from '../access/scope.ts'
import { fromId } from '../db/ids.ts'
import type { InScope } from '../db/scoped.ts'
import { serve } from '../http/serve.ts'
import { createTreeCache, toEncoding } from './cache.ts'
import { readGeneration } from './generation.ts'
import { readCustomerPart, readInnerPart, readOpenedPart } from './parts.ts'

/** Reading a whole tree may take longer than a page does. */
const WHOLE_SECONDS = 30

export function serveTree(app: FastifyInstance, inScope: InScope): void {
  const cache = createTreeCache()

  serve(app, getTree, async ({ query: { part, open } }, request, reply) => {
    const scope = scopeOf(request)
    const generation = await inScope(scope, (db) => readGeneration(db, scope))
    if (setCaching(request, reply, part, generation)) return reply.code(304).send()
    if (part === 'opened') {
      const ids = open?.split(',').map(fromId)
      const tree = await inScope(scope, (db) => readOpenedPart(db, scope, ids), { snapshot: true })
      setCaching(request, reply, part, tree.generation)
      return tree
    }
    // By path: a root that moved is read anew, and nobody gets what was made for another root.
    const key = `${scope.path} ${part}`
    const entry = cache.find(key, generation) ?? (await cache.build(key, () => readWhole(inScope, scope, part)))
    setCaching(request, reply, part, entry.generation)
    const encoding = toEncoding(request.headers['accept-encoding'])
    if (encoding !== 'identity') void reply.header('content-encoding', encoding)
    return reply.type('application/json; charset=utf-8').send(await entry.encoded(encoding))
  })
}

/** Checked against the contract here, once per build, instead of with every answer. */
async function readWhole(inScope: InScope, scope: Scope, part: Exclude<TreePart, 'opened'>): Promise<Tree> {
  const read = part === 'inner' ? readInnerPart : readCustomerPart
  return getTree.response.parse(
    await inScope(scope, (db) => read(db, scope), { snapshot: true, timeoutSeconds: WHOLE_SECONDS }),
  )
}

/** Sets the headers; true when the caller has this generation already. Weak, because each encoding has other bytes. */
function setCaching(request: FastifyRequest, reply: FastifyReply, part: TreePart, generation: string): boolean {
  const etag = `W/"${part}-${generation}"`
  void reply.header('etag', etag).header('cache-control', 'private, no-cache').header('vary', 'accept-encoding')
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim()) ?? []
  return known.includes(etag) || known.includes(etag.slice(2))
}
