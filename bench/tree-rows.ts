import { toTreeData } from '../apps/web/src/tree/columns.ts'
import { allIds, defaultOpen, withToggled } from '../apps/web/src/tree/expansion.ts'
import { toHits, toNames } from '../apps/web/src/tree/hits.ts'
import { toRows } from '../apps/web/src/tree/rows.ts'
import { type PlainGroup, plainGroup, toWire } from '../apps/web/src/tree/testing.ts'
import { fold } from '../packages/contract/src/hierarchy.ts'

// The tree's pure part against what people would write: a recursion over objects that makes one object per visible row.
// Both run in turns in one process; medians, and ratios between them. `node bench/tree-rows.ts [sizes…]`

const REPEATS = 7
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000, 1_000_000]

interface Row {
  id: number
  name: string
  level: number
  posInSet: number
  setSize: number
}

function naiveRows(groups: PlainGroup[], open: ReadonlySet<number>, level: number, rows: Row[]): Row[] {
  groups.forEach((group, index) => {
    rows.push({ id: group.id, name: group.name, level, posInSet: index + 1, setSize: groups.length })
    if (!open.has(group.id)) return
    naiveRows(group.groups, open, level + 1, rows)
    const setSize = group.groups.length + group.customers.length
    group.customers.forEach((customer, at) => {
      const posInSet = group.groups.length + at + 1
      rows.push({ id: customer.id, name: customer.name, level: level + 1, posInSet, setSize })
    })
  })
  return rows
}

/** Matches inside their ancestors. */
function naiveFilter(groups: PlainGroup[], text: string): PlainGroup[] {
  const found: PlainGroup[] = []
  for (const group of groups) {
    const inside = naiveFilter(group.groups, text)
    const customers = group.customers.filter((customer) => fold(customer.name).includes(text))
    if (inside.length > 0 || customers.length > 0 || fold(group.name).includes(text)) {
      found.push({ ...group, groups: inside, customers })
    }
  }
  return found
}

function idsOf(groups: PlainGroup[]): number[] {
  return groups.flatMap((group) => [group.id, ...idsOf(group.groups)])
}

/** About one inner group in eleven; a few huge MSPs, many small ones. */
function makeWorld(size: number): PlainGroup[] {
  let id = 3
  let seed = 1
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  const words = [
    'Pekárna',
    'Řeznictví',
    'Zahradnictví',
    'Müller',
    'Straße',
    'Nordic',
    'Alfa',
    'Studio',
    'Kovo',
    'Lékárna',
  ]
  const name = () => `${words[Math.floor(random() * words.length)]} ${words[Math.floor(random() * words.length)]} ${id}`
  const managers: PlainGroup[] = []
  while (id < size) {
    const manager = plainGroup(id++, name(), { kind: 'mspManager' })
    for (let m = 0; m < 20 && id < size; m++) {
      const msp = plainGroup(id++, name())
      const count = Math.min(size - id, random() < 0.002 ? 2000 : Math.floor(random() * 18))
      for (let c = 0; c < count; c++) msp.customers.push({ id: id++, name: name(), state: 'notSetUp' })
      manager.groups.push(msp)
    }
    managers.push(manager)
  }
  const root = plainGroup(3, 'Distributor', { kind: 'distributor', groups: managers })
  return [
    plainGroup(1, 'All', { kind: 'all', groups: [plainGroup(2, 'Companies', { kind: 'companies', groups: [root] })] }),
  ]
}

/** Median ms of each, taken in turns. */
function race(ours: () => unknown, naive: () => unknown): [number, number] {
  const times: [number[], number[]] = [[], []]
  for (let i = 0; i < REPEATS; i++) {
    for (const [lane, run] of [ours, naive].entries()) {
      const start = performance.now()
      run()
      times[lane]?.push(performance.now() - start)
    }
  }
  return [median(times[0]), median(times[1])]
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function print(what: string, [ours, naive]: [number, number]): void {
  const share = naive > 0 ? (ours / naive).toFixed(2) : '–'
  console.log(`  ${what.padEnd(34)} ${ours.toFixed(2).padStart(8)} ms ${naive.toFixed(2).padStart(9)} ms   × ${share}`)
}

for (const size of sizes) {
  const world = makeWorld(size)
  const wire = JSON.stringify(toWire(world))
  const decode = () => {
    const { inner, customers } = JSON.parse(wire) as ReturnType<typeof toWire> // made two lines above
    return toTreeData('1', inner, customers, (_kind, name) => name)
  }
  const data = decode()
  const all = allIds(data)
  const few = defaultOpen(data)
  const names = toNames(data)
  const filter = { text: 'a', states: new Set<never>() }
  const rare = { text: 'nordic muller 1', states: new Set<never>() }
  const filtered = (text: string) => {
    const found = naiveFilter(world, fold(text))
    return naiveRows(found, new Set(idsOf(found)), 1, [])
  }
  console.log(
    `${size.toLocaleString('en')} nodes, ${data.inner.size.toLocaleString('en')} of them inner  (ours, objects, ratio)`,
  )
  print(
    'wire text → ready',
    race(decode, () => JSON.parse(JSON.stringify(world)) as unknown),
  ) // a copy like one received
  print(
    'expand all',
    race(
      () => toRows(data, allIds(data), null),
      () => naiveRows(world, new Set(idsOf(world)), 1, []),
    ),
  )
  print(
    'toggle one of all open',
    race(
      () => toRows(data, withToggled(all, [4]), null),
      () => naiveRows(world, withToggled(all, [4]), 1, []),
    ),
  )
  print(
    'toggle one of a few open',
    race(
      () => toRows(data, withToggled(few, [4]), null),
      () => naiveRows(world, withToggled(few, [4]), 1, []),
    ),
  )
  print(
    'first key, names not folded yet',
    race(
      () => toRows(data, few, toHits(data, toNames(data), filter)),
      () => filtered('a'),
    ),
  )
  print(
    'first key, names folded',
    race(
      () => toRows(data, few, toHits(data, names, filter)),
      () => filtered('a'),
    ),
  )
  print(
    'a rare name',
    race(
      () => toRows(data, few, toHits(data, names, rare)),
      () => filtered(rare.text),
    ),
  )
}
