// A process of its own that runs syncs, for tests that stop, continue and kill one. Told what to do by messages:
// { start: accountId } is answered with { started, runId }, and later, when that run has ended here, with { ended: runId }.
import pg from 'pg'
import { createTestSync } from './test-sync.ts'

const [ownerUrl = '', skewMs = '0'] = process.argv.slice(2)
skewClock(Number(skewMs))

const open = (max: number) => new pg.Pool({ connectionString: ownerUrl, options: '-c role=msp_console_sync', max })
const pools = [open(4), open(2)] as const // of runs, of leases
for (const pool of pools) pool.on('error', () => {})
const sync = createTestSync({ pool: pools[0], leasePool: pools[1] })

process.on('message', (message: { start: number }) => void start(message.start))
process.on('disconnect', () => process.exit(0))
process.send?.({ ready: true })

async function start(accountId: number): Promise<void> {
  const { started, runId, done } = await sync.start(accountId, { trigger: 'manual', startedBy: null })
  process.send?.({ started, runId })
  await done
  process.send?.({ ended: runId })
}

/** The clock of this process goes wrong by that much. */
function skewClock(by: number): void {
  const honest = Date.now.bind(Date)
  const Skewed = class extends Date {
    constructor(...given: [] | [number | string | Date]) {
      super(given.length === 0 ? honest() + by : given[0])
    }
    static override now() {
      return honest() + by
    }
  }
  globalThis.Date = Skewed as DateConstructor // calls without `new` are not used here
}
