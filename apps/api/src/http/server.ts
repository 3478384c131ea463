/**
 * The bare server: limits, timeouts, headers, parsers, errors, request log. No routes and no rooms.
 * Invariant: every answer, also to what never became a request, is a problem or was made by a route.
 */
import { randomUUID } from 'node:crypto'
import compress from '@fastify/compress'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance, type FastifyRequest, LogController } from 'fastify'
import { constants } from 'node:zlib'
import { NO_CONTENT_POLICY } from './console.ts'
import { refuseCrossSite } from './cross-site.ts'
import { handleBrokenConnection, handleErrors, sendProblem } from './errors.ts'
import type { Log } from './logger.ts'
import type { Metrics } from './metrics.ts'
import { refusePlainHttp } from './plain-http.ts'
import { ProblemError } from './problem.ts'
import { PROBES, shedLoad, type Shedding } from './shed.ts'

export interface ServerOptions {
  log: Log
  metrics: Metrics
  publicUrl: string | undefined
  /** Requests per minute and client address. */
  rateLimitPerMinute: number
  /** Who may say for whom a request is: addresses, ranges or `loopback`. */
  trustedProxies: readonly string[]
  shedding?: Shedding
  timeouts?: Timeouts
  /** Ids that tell the log who asked, and for which part. */
  describeCaller: (request: FastifyRequest) => { user: string | undefined; root: number | undefined }
}

/** All in ms. Fastify's own defaults wait for ever. */
interface Timeouts {
  /** Until the headers of a request are there, also from the start of a connection. */
  headers: number
  /** Until the whole request is there. */
  request: number
  /** Without a byte in either direction. */
  silence: number
  /** Between two requests. */
  keepAlive: number
  /** How often the first two are looked at; Node's own 30 s would make all of them 30 s longer. */
  check: number
}

const TIMEOUTS: Timeouts = { headers: 10_000, request: 15_000, silence: 60_000, keepAlive: 5_000, check: 2_000 }

/** Nothing here uses a camera, a place or any other power of the browser's; empty lists also bind what frames would ask. */
const NO_POWERS = [
  'accelerometer',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
]
  .map((power) => `${power}=()`)
  .join(', ')

/** For what is refused before any hook runs, such as a broken URL: as helmet and the hook below say it otherwise. */
const BARE_HEADERS = {
  'content-security-policy': NO_CONTENT_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'permissions-policy': NO_POWERS,
  'cache-control': 'no-store',
}

export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { log, metrics, publicUrl, timeouts = TIMEOUTS } = options
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }), // ours is below, by allow-list
    genReqId: () => randomUUID(),
    requestIdHeader: false, // a caller does not choose what stands in our log
    bodyLimit: 65_536,
    requestTimeout: timeouts.request,
    connectionTimeout: timeouts.silence,
    keepAliveTimeout: timeouts.keepAlive,
    maxRequestsPerSocket: 1_000,
    http: { headersTimeout: timeouts.headers, connectionsCheckingInterval: timeouts.check },
    routerOptions: { maxParamLength: 200 },
    // The last address that none of them wrote is the client's; without a list nobody is believed.
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
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
    frameguard: { action: 'deny' },
  })
  // Before whatever may turn a request away, so that a refusal carries them too.
  app.addHook('onRequest', async (_, reply) => {
    void reply.header('content-security-policy', NO_CONTENT_POLICY)
    void reply.header('permissions-policy', NO_POWERS)
    // What is public or has a tag of its own says otherwise itself.
    void reply.header('cache-control', 'no-store')
  })
  shedLoad(app, options.shedding)
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
  app.addHook('onRequest', async (request) => {
    // Supervisors ask under whatever name the network has for this machine, without cookies and for nothing secret.
    if (!PROBES.has(request.routeOptions.url ?? '')) refusePlainHttp(request, publicUrl)
    refuseCrossSite(request, publicUrl)
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    const ms = Math.round(reply.elapsedTime * 10) / 10
    metrics.observe(request.method, route, reply.statusCode, reply.elapsedTime / 1000)
    const level = PROBES.has(route) ? 'debug' : 'info'
    const who = options.describeCaller(request)
    request.log[level]({ method: request.method, route, status: reply.statusCode, ms, ...who }, 'request')
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
