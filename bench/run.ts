// `npm run bench [-- 10k 100k] [--only-scoped]`: every figure as a ratio to its limit, measured in turn in this one run.
import { cpus, totalmem } from 'node:os'
import { WORLD_NAMES } from '@msp-console/mock-ema'
import { benchReads } from './reads.ts'
import { benchScopedReads } from './scoped-reads.ts'
import { openStand, printLines } from './stand.ts'
import { benchSync } from './sync.ts'
import { benchWholeRun } from './whole-run.ts'
import { loadListing } from './worlds.ts'

const onlyScoped = process.argv.includes('--only-scoped')
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const sizes = WORLD_NAMES.filter((name) => (asked.length === 0 ? name !== 'demo' : asked.includes(name)))
console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`,
)
const stand = await openStand()
try {
  for (const size of sizes) {
    const listing = loadListing(size)
    const rounds = size === '100k' ? 3 : 5
    printLines(`Reads under row security, ${size}`, await benchScopedReads(stand, listing, rounds))
    if (onlyScoped) continue
    printLines(`Sync core, ${size}`, await benchSync(stand, listing, rounds))
    printLines(`Whole runs over HTTP, ${size}`, [
      ...(await benchWholeRun(stand, size, 0)),
      ...(await benchWholeRun(stand, size, 20)),
    ])
    printLines(`Reads, ${size}`, await benchReads(stand, listing, rounds))
  }
} finally {
  await stand.close()
}
