/**
 * Turns requests away while the process cannot keep up, so that those it took end and the rest is told when to come back.
 * The measure is how late the event loop runs: everything that this process does shows there. Probes are answered always.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import { ProblemError } from './problem.ts'

export interface Shedding {
  /** Mean lateness of the last sample from which on requests are turned away, ms. */
  mostMs?: number
  sampleMs?: number
}

/** Asked every few seconds by supervisors. */
export const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

export function shedLoad(app: FastifyInstance, { mostMs = 1_000, sampleMs = 1_000 }: Shedding = {}): void {
  const resolution = 10
  const delay = monitorEventLoopDelay({ resolution })
  delay.enable()
  let late = 0
  const timer = setInterval(() => {
    // What the histogram holds is the time between two ticks; without one it holds NaN.
    late = delay.count === 0 ? 0 : delay.mean / 1e6 - resolution
    delay.reset()
  }, sampleMs)
  timer.unref()
  app.addHook('onClose', async () => {
    clearInterval(timer)
    delay.disable()
  })
  app.addHook('onRequest', async (request) => {
    if (late < mostMs || PROBES.has(request.routeOptions.url ?? '')) return
    throw new ProblemError('not-ready', 'The server has too much to do; try again in a moment.', { retryAfter: 2 })
  })
}
