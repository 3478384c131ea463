// A server's half that syncs, as a process of its own would have it: its own connections, and a death that leaves no last word.
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createSync, type SyncDeps } from '../sync/run.ts'

export type Worker = ReturnType<typeof openWorker>

export const GAP_SECONDS = 600

let opened = 0

export function openWorker(owner: pg.Pool, ownerUrl: string, deps: Pick<SyncDeps, 'openClient' | 'log'>) {
  opened += 1
  const name = `simulated worker ${opened}`
  const streams = new Set<{ destroy: () => void }>()
  /** Statements left until the process dies. */
  let fuse = Infinity
  let isDead = false

  function die(): void {
    isDead = true
    for (const stream of streams) stream.destroy()
  }

  const pools = [open(4), open(2)] as const // of runs, of leases
  function open(max: number): pg.Pool {
    const pool = new pg.Pool({
      connectionString: ownerUrl,
      options: '-c role=msp_console_sync',
      application_name: name,
      max,
    })
    pool.on('error', () => {})
    pool.on('connect', (client) => {
      const { stream } = (client as unknown as { connection: { stream: { destroy: () => void } } }).connection // pg's own
      streams.add(stream)
      client.on('end', () => streams.delete(stream))
      if (isDead) stream.destroy()
      const query = client.query.bind(client) as (...args: unknown[]) => unknown // passed through as it came
      client.query = ((...args: unknown[]) => {
        fuse -= 1
        if (fuse === 0) die()
        return query(...args)
      }) as typeof client.query
    })
    return pool
  }

  const sync = createSync({
    ...deps,
    pool: pools[0],
    leasePool: pools[1],
    unseal: (sealed) => sealed.toString(),
    removalGapSeconds: GAP_SECONDS,
  })

  return {
    sync,
    isDead: () => isDead,
    /** It dies when it asks the database for the nth time from now. */
    dieAt(nth: number): void {
      fuse = nth
    },
    async close(): Promise<void> {
      await sync.stop()
      await Promise.all(pools.map((pool) => pool.end()))
      // What the server was doing for it ends a moment later.
      for (let left = 1; left > 0; await sleep(left > 0 ? 5 : 0)) {
        const { rowCount } = await owner.query('select from pg_stat_activity where application_name = $1', [name])
        left = rowCount ?? 0
      }
    },
  }
}
