/**
 * Serves one endpoint of the contract: parses path, query and body with its schemas whatever the framework did before,
 * runs the handler, parses the reply. Invariant: nothing unparsed gets in, nothing undeclared gets out.
 */
import type { Endpoint, Received, Reply } from '@msp-console/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { ProblemError, toPointers } from './problem.ts'

/** Returns the reply, or the Fastify reply itself once it was sent by hand (a prepared buffer). */
export type Handler<E extends Endpoint> = (
  received: Received<E>,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<Reply<E> | FastifyReply>

export const API_PREFIX = '/api/v1'

export function serve<E extends Endpoint>(app: FastifyInstance, endpoint: E, handler: Handler<E>): void {
  app.route({
    method: endpoint.method,
    url: `${API_PREFIX}${endpoint.path}`,
    config: { access: endpoint.access, linked: endpoint.format === 'csv' },
    handler: async (request, reply) => {
      const received = {
        params: parsePart('params', endpoint.params, request.params),
        query: parsePart('query', endpoint.query, withoutChoice(endpoint, request.query)),
        body: parsePart('body', endpoint.body, request.body ?? undefined),
      } as Received<E> // each part was parsed by the very schema its type comes from
      const result = await handler(received, request, reply)
      // A Fastify reply is thenable: awaiting one that was sent by hand gives nothing, not the reply.
      // One that was begun and whose reader went away is over as well.
      if (reply.sent || reply.raw.headersSent) return reply
      return reply.code(endpoint.status).send(checkReply(endpoint, result))
    },
  })
}

/** Of a link that a browser follows: root and preview were read by whoever asked who is asking. */
function withoutChoice(endpoint: Endpoint, query: unknown): unknown {
  if (endpoint.format !== 'csv') return query
  const { root: _, preview: __, ...rest } = query as Record<string, unknown> // the framework's parsed query string
  return rest
}

function parsePart(part: string, schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ProblemError('validation-failed', 'Some values do not fit; see errors.', {
    errors: toPointers(part, parsed.error),
  })
}

/** A reply that breaks its own promise is a fault of ours: it is logged and answered as internal. */
function checkReply(endpoint: Endpoint, value: unknown): unknown {
  const parsed = endpoint.response.safeParse(value)
  if (parsed.success) return parsed.data
  const where = toPointers('reply', parsed.error).map(({ pointer, detail }) => `${pointer}: ${detail}`)
  throw new Error(`${endpoint.name} replies outside its contract: ${where.slice(0, 5).join('; ')}`)
}
