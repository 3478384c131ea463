/**
 * For supervisors: /healthz says that the process answers, /readyz that it can do its work, /metrics how it does.
 * /metrics tells no names, but load and sizes are nobody's business: it needs a session that sees everything, or a caller on this machine that no
 * proxy stands behind (a scraper has no session; a proxy on this machine would make the whole world look local).
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type pg from 'pg'
import type { Metrics } from './metrics.ts'
import { ProblemError } from './problem.ts'

export interface HealthOptions {
  pool: pg.Pool
  readGauges: () => Promise<Record<string, number>>
  /** Whether the caller's session sees the whole instance. */
  seesEverything: (request: FastifyRequest) => boolean
  metrics: Metrics
  /** Why the server is not ready, or null. */
  notReady: () => string | null
}

export function serveHealth(app: FastifyInstance, options: HealthOptions): void {
  const { pool, metrics, notReady, readGauges, seesEverything } = options
  const open = { config: { access: 'open', rateLimit: false } } as const
  app.get('/healthz', open, async () => ({ status: 'ok' }))

  app.get('/readyz', open, async () => {
    const reason = notReady()
    if (reason !== null) throw new ProblemError('not-ready', reason)
    await pool.query('select 1').catch((cause: unknown) => {
      throw new ProblemError('not-ready', 'The database does not answer.', { cause })
    })
    return { status: 'ready' }
  })

  app.get('/metrics', open, async (request, reply) => {
    if (!seesEverything(request) && !isLocal(request))
      throw new ProblemError('unauthenticated', 'This needs a session that sees everything.')
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.render(await readGauges()))
  })
}

function isLocal({ socket, headers }: FastifyRequest): boolean {
  const address = socket.remoteAddress ?? ''
  const loopback = address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.')
  // A browser on this machine is judged by its session like any other.
  const signs = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via', 'cookie', 'sec-fetch-site']
  return loopback && !signs.some((name) => name in headers)
}
