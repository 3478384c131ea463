/**
 * Figures for Prometheus, text format 0.0.4: the process, requests by route and status class. No names of anybody.
 * By hand, because the format is three lines a figure and a client library is not.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'

const BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10] as const

interface Route {
  count: number
  seconds: number
  buckets: number[]
}

export type Metrics = ReturnType<typeof createMetrics>

export function createMetrics() {
  const routes = new Map<string, Route>()
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  return {
    /** @param route the pattern, never the path: its values would make the series endless */
    observe(method: string, route: string, status: number, seconds: number): void {
      const labels = `method="${method}",route="${route}",status="${Math.floor(status / 100)}xx"`
      const entry = routes.get(labels) ?? { count: 0, seconds: 0, buckets: BUCKETS.map(() => 0) }
      entry.count += 1
      entry.seconds += seconds
      for (const [i, most] of BUCKETS.entries()) if (seconds <= most) entry.buckets[i] = (entry.buckets[i] ?? 0) + 1
      routes.set(labels, entry)
    },
    /** @param gauges further figures by name, e.g. `{ msp_console_accounts: 2 }` */
    render(gauges: Readonly<Record<string, number>>): string {
      const { rss, heapUsed } = process.memoryUsage()
      const figures = {
        process_resident_memory_bytes: rss,
        nodejs_heap_used_bytes: heapUsed,
        process_uptime_seconds: process.uptime(),
        nodejs_eventloop_delay_p99_seconds: delay.percentile(99) / 1e9,
        ...gauges,
      }
      const lines = Object.entries(figures).map(([name, value]) => `# TYPE ${name} gauge\n${name} ${value}`)
      return `${[...lines, ...renderRoutes(routes)].join('\n')}\n`
    },
    stop: () => delay.disable(),
  }
}

function* renderRoutes(routes: ReadonlyMap<string, Route>): Generator<string> {
  yield '# TYPE http_request_duration_seconds histogram'
  for (const [labels, { count, seconds, buckets }] of routes) {
    for (const [i, most] of BUCKETS.entries())
      yield `http_request_duration_seconds_bucket{${labels},le="${most}"} ${buckets[i]}`
    yield `http_request_duration_seconds_bucket{${labels},le="+Inf"} ${count}`
    yield `http_request_duration_seconds_sum{${labels}} ${seconds}`
    yield `http_request_duration_seconds_count{${labels}} ${count}`
  }
}
