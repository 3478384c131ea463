/**
 * The bare server: limits, timeouts, headers, parsers, errors, request log. No routes and no rooms.
 * Invariant: every answer, also to what never became a request, is a problem or was made by a route.
 */
import { randomUUID } from 'node:crypto'
import compress from '@fastify/compress'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance, LogController } from 'fastify'
import { constants } from 'node:zlib'
import { NO_CONTENT_POLICY } from './console.ts'
import { refuseCrossSite } from './cross-site.ts'
import { handleBrokenConnection, handleErrors, sendProblem } from './errors.ts'
import type { Log } from './logger.ts'
import type { Metrics } from './metrics.ts'
import { ProblemError } from './problem.ts'

export interface ServerOptions {
  log: Log
  metrics: Metrics
  publicUrl: string | undefined
  /** Requests per minute and client address. */
  rateLimitPerMinute: number
}

/** For what is refused before any hook runs, such as a broken URL: as helmet and the hook below say it otherwise. */
const BARE_HEADERS = {
  'content-security-policy': NO_CONTENT_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
}

/** Asked every few seconds by supervisors. */
const PROBES = new Set(['/healthz', '/readyz', '/metrics'])

export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { log, metrics, publicUrl } = options
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }), // ours is below, by allow-list
    genReqId: () => randomUUID(),
    requestIdHeader: false, // a caller does not choose what stands in our log
    bodyLimit: 65_536,
    requestTimeout: 15_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 5_000,
    maxRequestsPerSocket: 1_000,
    http: { headersTimeout: 10_000 },
    routerOptions: { maxParamLength: 200 },
    // Only a proxy on this machine may say who the client is, and only where one is announced.
    trustProxy: publicUrl === undefined ? false : 'loopback',
    clientErrorHandler: handleBrokenConnection,
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply.headers(BARE_HEADERS)),
  })
  parseJsonOnly(app)
  handleErrors(app)
  await app.register(helmet, {
    contentSecurityPolicy: false, // set per kind of answer, see below and console.ts
    crossOriginResourcePolicy: { policy: 'same-origin' },
    hsts: publicUrl?.startsWith('https:') === true,
    referrerPolicy: { policy: 'no-referrer' },
  })
  await app.register(rateLimit, {
    max: options.rateLimitPerMinute,
    timeWindow: 60_000,
    enableDraftSpec: true,
    errorResponseBuilder: (_, { ttl }) =>
      new ProblemError('too-many-requests', 'Wait a moment.', { retryAfter: Math.ceil(ttl / 1000) }),
  })
  await app.register(compress, {
    threshold: 1_024,
    encodings: ['br', 'gzip'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  })
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('content-security-policy', NO_CONTENT_POLICY)
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store')
    refuseCrossSite(request, publicUrl)
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    const ms = Math.round(reply.elapsedTime * 10) / 10
    metrics.observe(request.method, route, reply.statusCode, reply.elapsedTime / 1000)
    const level = PROBES.has(route) ? 'debug' : 'info'
    request.log[level]({ method: request.method, route, status: reply.statusCode, ms }, 'request')
  })
  return app
}

/** No other parser exists, so no content type can smuggle a body past JSON. An empty body is no body. */
function parseJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parse(request, String(body), done)
  })
}
