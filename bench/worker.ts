// A process that only syncs, so that its memory is the sync's own. Prints one JSON line: {base, peak, first, second} in
// MiB and milliseconds. Arguments: database URL, address of the mock.
import { createEmaClient, listCompanies } from '@msp-console/ema'
import pg from 'pg'
import { createSync } from '../apps/api/src/sync/run.ts'
import { addAccount, connectAsSync } from '../apps/api/src/sync/testing.ts'
import { timed } from './stand.ts'

const [databaseUrl = '', baseUrl = ''] = process.argv.slice(2)
const LOGIN = { login: 'distributor@demo.example', password: 'demo-Password-1', baseUrl, callsPerSecond: null }

const owner = new pg.Pool({ connectionString: databaseUrl, max: 1 })
const pool = connectAsSync(databaseUrl)
for (const each of [owner, pool]) each.on('error', () => {})
const { company } = await createEmaClient(LOGIN).currentUser()
const account = await addAccount(owner, company.guid)
const log = { info: () => {}, error: (facts: object) => console.error(facts) }
const openClient = (_: unknown, signal: AbortSignal) => createEmaClient({ ...LOGIN, signal })
const sync = createSync({ pool, leasePool: pool, openClient, unseal: () => LOGIN.password, removalGapSeconds: 0, log })
const run = async () => {
  const { done } = await sync.start(account.id, { trigger: 'manual', startedBy: null })
  await done
}
const megabytes = () => process.resourceUsage().maxRSS / 1024
const base = megabytes()
const first = await timed(run)
const peak = megabytes()
const second = await timed(run)
const listing = await timed(async () => {
  for await (const item of listCompanies(createEmaClient(LOGIN)))
    if (item.kind === 'summary' && !item.summary.complete) throw new Error(item.summary.reason?.detail)
})
console.log(JSON.stringify({ base, peak, first, second, listing }))
await pool.end()
await owner.end()
