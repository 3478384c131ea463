// What an apply costs others and itself: a whole subtree that moves, and readers while a plan is applied.
import type { ListedCompany } from '@msp-console/ema'
import { createInScope } from '../apps/api/src/db/scoped.ts'
import { listChildRows } from '../apps/api/src/groups/queries.ts'
import { syncOnce } from '../apps/api/src/sync/testing.ts'
import type { Loaded } from './loaded.ts'
import { type Line, median, ms, quantile, timed } from './stand.ts'
import { changeOnePercent } from './worlds.ts'

const ALL = { rootId: 1, path: '/1/', name: 'All' }
const MOVED = 10_000

export async function benchApply(loaded: Loaded, rounds: number): Promise<Line[]> {
  const { listing } = loaded
  const { top, size, homes } = findSubtree(listing, MOVED)
  const run = (companies: readonly ListedCompany[]) => timed(() => syncOnce(loaded.sync, loaded.account, companies))
  const times = { still: [] as number[], moved: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    const moved = listing.with(top, { ...listing[top]!, parentGuid: homes[(round + 1) % 2]! })
    times.moved.push(await run(moved))
    times.still.push(await run(moved))
  }
  const move = median(times.moved) - median(times.still)

  const idle = await readFor(loaded, () => new Promise((resolve) => setTimeout(resolve, 3000)))
  const busy = await readFor(loaded, async () => {
    for (let round = 0; round < Math.max(2, rounds); round++) await run(changeOnePercent(listing, round + 10))
  })
  const [p99, p99Idle] = [quantile(busy, 0.99), quantile(idle, 0.99)]
  return [
    {
      what: `move of ${size} companies, counters included`,
      measured: ms(move),
      ratio: null,
      target: '≤ 1 s at 1M',
      isMet: move <= 1000,
    },
    { what: 'children page, p99, nothing applied', measured: ms(p99Idle), ratio: 1, target: '' },
    {
      what: 'children page, p99, 1 % being applied',
      measured: ms(p99),
      ratio: p99 / p99Idle,
      target: '≤ 2× idle',
      isMet: p99 / p99Idle <= 2,
    },
  ]
}

/** How long each page took that was read, one after the other, until `work` ended. */
async function readFor({ app, account, owner }: Loaded, work: () => Promise<unknown>): Promise<number[]> {
  const inScope = createInScope(app)
  const { rows } = await owner.query<{ id: number }>(
    'select id from static_group where not leaf and child_count > 0 and account_id = $1 order by size desc limit 200',
    [account.id],
  )
  const times: number[] = []
  let ended = false
  const reading = (async () => {
    for (let at = 0; !ended; at++) {
      const { id } = rows[at % rows.length]! // the root at least
      times.push(await timed(() => inScope(ALL, (db) => listChildRows(db, ALL, id, null, 50))))
    }
  })()
  await work()
  ended = true
  await reading
  return times
}

/** The subtree whose size comes next to the one asked for, and two parents that it can stand under: its own and another. */
function findSubtree(listing: readonly ListedCompany[], wanted: number) {
  const at = new Map(listing.map(({ guid }, index) => [guid, index]))
  const sizes = listing.map(() => 1)
  const parentOf = (index: number) => at.get(listing[index]?.parentGuid ?? '') ?? -1
  // Worlds are made from the top: a parent stands before what is below it.
  for (let index = listing.length - 1; index > 0; index--) {
    const parent = parentOf(index)
    if (parent >= 0) sizes[parent]! += sizes[index]!
  }
  let top = 1
  for (let index = 2; index < listing.length; index++)
    if (Math.abs(sizes[index]! - wanted) < Math.abs(sizes[top]! - wanted)) top = index
  const own = parentOf(top)
  const other = listing.findIndex((company, index) => index !== own && company.typeCode === 1003)
  return { top, size: sizes[top]!, homes: [listing[own]!.guid, listing[other]!.guid] }
}
