/**
 * For supervisors: /healthz says that the process answers, /readyz that it can do its work, /metrics how it does.
 * /metrics tells no names, but load and sizes are nobody's business: it needs a session, or a caller on this machine that no
 * proxy stands behind (a scraper has no session; a proxy on this machine would make the whole world look local).
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type pg from 'pg'
import type { Metrics } from './metrics.ts'
import { ProblemError } from './problem.ts'

export interface HealthOptions {
  pool: pg.Pool
  metrics: Metrics
  /** Why the server is not ready, or null. */
  notReady: () => string | null
}

export function serveHealth(app: FastifyInstance, { pool, metrics, notReady }: HealthOptions): void {
  const open = { config: { open: true, rateLimit: false } } as const
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
    if (request.signedIn === null && !isLocal(request))
      throw new ProblemError('unauthenticated', 'This needs a session.')
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.render(await readGauges(pool)))
  })
}

function isLocal({ socket, headers }: FastifyRequest): boolean {
  const address = socket.remoteAddress ?? ''
  const loopback = address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.')
  return loopback && !['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'].some((name) => name in headers)
}

async function readGauges(pool: pg.Pool): Promise<Record<string, number>> {
  const { rows } = await pool.query<Record<string, number>>(
    `select (select count(*) from account where state = 'connected') as msp_console_accounts,
       (select count(*) from sync_run where status = 'running') as msp_console_runs_running,
       (select count(*) from sync_run where status = 'succeeded') as msp_console_runs_succeeded,
       (select count(*) from sync_run where status in ('failed', 'interrupted')) as msp_console_runs_failed,
       (select not_set_up + normal + unlinked from static_group where id = 1) as msp_console_customers`,
  )
  return { ...rows[0], msp_console_pool_waiting: pool.waitingCount }
}
