// `npm run bench [-- 10k 100k]`: every figure as a ratio to its limit, measured in turn in this one run.
import { cpus, totalmem } from 'node:os'
import { WORLD_NAMES, type WorldName } from '@msp-console/mock-ema'
import { openStand, printLines } from './stand.ts'
import { benchSync } from './sync.ts'
import { loadListing } from './worlds.ts'

const ROUNDS: Partial<Record<WorldName, number>> = { '10k': 5, '100k': 3 }

const asked = process.argv.slice(2)
const sizes = WORLD_NAMES.filter((name) => (asked.length === 0 ? name !== 'demo' : asked.includes(name)))
console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`,
)
const stand = await openStand()
try {
  for (const size of sizes) {
    printLines(`Sync, ${size}`, await benchSync(stand, loadListing(size), ROUNDS[size] ?? 3))
  }
} finally {
  await stand.close()
}
