/**
 * The demo's rehearsals: passes on what somebody asks to the mock beside us. Outside the demo, and for whoever sees only a part of
 * everything, there is nothing here. It touches no data of ours.
 */
import { listRehearsals, startRehearsal } from '@msp-console/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { audit } from '../access/audit.ts'
import { EVERYTHING, scopeOf } from '../access/scope.ts'
import type { InScope } from '../db/scoped.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'

const PATIENCE_MS = 5000

/** @param source origin of the demo's mock; null outside the demo */
export function serveRehearsals(app: FastifyInstance, inScope: InScope, source: string | null): void {
  const origin = (request: FastifyRequest): string => {
    if (source === null || scopeOf(request).rootId !== EVERYTHING.rootId)
      throw new ProblemError('not-found', 'There is nothing at this address.')
    return source
  }

  serve(app, listRehearsals, (_, request) => ask(origin(request), 'GET', '', listRehearsals.response))

  serve(app, startRehearsal, async ({ body: { name } }, request) => {
    const answer = await ask(origin(request), 'POST', `/${name}`, startRehearsal.response)
    await inScope(EVERYTHING, (db) =>
      audit(db, request, { action: 'startRehearsal', where: { groupId: EVERYTHING.rootId }, target: name }),
    )
    return answer
  })
}

async function ask<T extends z.ZodType>(source: string, method: string, path: string, shape: T): Promise<z.output<T>> {
  const response = await fetch(`${source}/control/rehearsals${path}`, {
    method,
    signal: AbortSignal.timeout(PATIENCE_MS),
    redirect: 'error',
  }).catch((cause: unknown) => {
    throw new ProblemError('source-unreachable', 'The demo’s mock does not answer.', { cause })
  })
  const read = shape.safeParse(await response.json().catch(() => null))
  if (!response.ok || !read.success) throw new ProblemError('source-error', 'The demo’s mock cannot do that.')
  return read.data
}
