import type { SyncDeps } from './run.ts'
import { beat, HEARTBEAT_MS, type Progress } from './lease.ts'

// A run's sign of life: extends its lease, shows its progress, and stops it when the lease has gone to somebody else.

export function startHeart(
  deps: Pick<SyncDeps, 'leasePool' | 'log'>,
  runId: number,
  progress: Progress,
  stop: AbortController,
) {
  let out: Promise<void> | null = null
  const pulse = async (): Promise<void> => {
    try {
      // Somebody took the lease over: this run must not go on.
      if (!(await beat(deps.leasePool, runId, progress))) stop.abort()
    } catch (error) {
      deps.log.error({ err: error, runId }, 'a heartbeat failed')
    }
    out = null
  }
  // One at a time: heartbeats that queue up would take every connection there is.
  const tick = () => {
    out ??= pulse()
  }
  tick()
  // Progress is shown each second; the lease needs it only every HEARTBEAT_MS.
  const timer = setInterval(tick, Math.min(1000, HEARTBEAT_MS))
  return {
    async stop(): Promise<void> {
      clearInterval(timer)
      await out
    },
  }
}
