// `npm run bench [-- 10k 100k 1m] [--only-scoped]`: every figure as a ratio to its limit, measured in turn in this one run.
import { cpus, totalmem } from 'node:os'
import type { ListedCompany } from '@msp-console/ema'
import { WORLD_NAMES } from '@msp-console/mock-ema'
import { benchApply } from './apply.ts'
import { benchHttp } from './http.ts'
import { type Loaded, openLoaded } from './loaded.ts'
import { benchReads } from './reads.ts'
import { benchScopedReads } from './scoped-reads.ts'
import { openStand, printLines } from './stand.ts'
import { benchSync } from './sync.ts'
import { benchWholeRun } from './whole-run.ts'
import { loadListing } from './worlds.ts'

/** A million companies take ten minutes a round. */
const ROUNDS = { demo: 5, '10k': 5, '100k': 3, '1m': 1 }

const onlyScoped = process.argv.includes('--only-scoped')
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const sizes = WORLD_NAMES.filter((name) =>
  asked.length === 0 ? name !== 'demo' && name !== '1m' : asked.includes(name),
)
console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`,
)
const stand = await openStand()
try {
  for (const size of sizes) {
    const listing = loadListing(size)
    const rounds = ROUNDS[size]
    await withLoaded(listing, async (loaded) => {
      printLines(`Reads under row security, ${size}`, await benchScopedReads(loaded, rounds))
      if (onlyScoped) return
      printLines(`Reads, ${size}`, await benchReads(loaded, rounds))
      printLines(`Over HTTP, ${size}`, await benchHttp(loaded))
      printLines(`Applying, ${size}`, await benchApply(loaded, rounds))
    })
    if (onlyScoped) continue
    printLines(`Sync core, ${size}`, await benchSync(stand, listing, rounds))
    printLines(`Whole runs over HTTP, ${size}`, await benchWholeRun(stand, size, 0))
    if (size !== '1m') printLines(`The same, 20 ms an answer, ${size}`, await benchWholeRun(stand, size, 20))
  }
} finally {
  await stand.close()
}

async function withLoaded(listing: readonly ListedCompany[], work: (loaded: Loaded) => Promise<void>): Promise<void> {
  const loaded = await openLoaded(stand, listing)
  await work(loaded)
  await loaded.close()
}
