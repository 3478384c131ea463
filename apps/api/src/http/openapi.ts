/**
 * The OpenAPI 3.1 document, made of the contract's own declarations: it cannot say anything else than what is served.
 */
import { type Endpoint, Problem } from '@msp-console/contract'
import { z } from 'zod'
import { API_PREFIX } from './serve.ts'

interface About {
  version: string
  cookieName: string
}

export function toOpenApi(endpoints: readonly Endpoint[], { version, cookieName }: About): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const endpoint of endpoints) {
    const path = `${API_PREFIX}${endpoint.path.replaceAll(/:([a-z]+)/gi, '{$1}')}`
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: toOperation(endpoint) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'MSP Console',
      version,
      description: 'Lists are keyset-paged: pass `nextCursor` back as `cursor`. Errors are problem details (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ session: [] }, { token: [] }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: cookieName },
        token: { type: 'http', scheme: 'bearer', description: 'An API token, in the header and nowhere else.' },
      },
      schemas: { Problem: toSchema(Problem, 'output') },
      responses: {
        Problem: {
          description: 'Something is in the way; switch on `code`.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  }
}

function toOperation(endpoint: Endpoint): object {
  const parameters = [...toParameters('path', endpoint.params), ...toParameters('query', endpoint.query)]
  const hasBody = !(endpoint.body instanceof z.ZodUndefined)
  return {
    operationId: endpoint.name,
    summary: endpoint.summary,
    tags: [endpoint.path.split('/')[1]],
    ...(endpoint.access === 'open' ? { security: [] } : {}),
    ...(typeof endpoint.access === 'object'
      ? { 'x-right': `${endpoint.access.object}: ${endpoint.access.level}` }
      : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(hasBody ? { requestBody: { required: true, content: toContent(endpoint.body, 'input') } } : {}),
    responses: {
      [endpoint.status]: {
        description: 'Success',
        content: endpoint.format === 'csv' ? CSV : toContent(endpoint.response, 'output'),
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

const CSV = { 'text/csv': { schema: { type: 'string' } } }

function toParameters(place: 'path' | 'query', shape: z.ZodObject): object[] {
  return Object.entries(shape.shape).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || !z.safeParse(schema, undefined).success,
    schema: toSchema(schema, 'input'),
  }))
}

function toContent(schema: z.ZodType, io: 'input' | 'output'): object {
  return { 'application/json': { schema: toSchema(schema, io) } }
}

/** Inlined, because the schemas are small and two of one name never have to be told apart. */
function toSchema(schema: z.core.$ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' })
  return rest
}
