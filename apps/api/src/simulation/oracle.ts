// The oracle: what the source is, as a map from GUID to its place, read from the mock's columns the slow, obvious way.
import { LEVEL, type World } from '@msp-console/mock-ema'

export interface Truth {
  /** Null: the account's own company. */
  parent: string | null
  name: string
  type: number
  status: number
}

/** Companies that the login may see: there, and not under a refusal of access. */
export function readTruth(world: World): Map<string, Truth> {
  const truth = new Map<string, Truth>()
  const overrides = world.users[0]?.overrides
  const open = [0]
  for (const index of open) {
    if (world.isGone(index) || overrides?.get(index) === LEVEL.none) continue
    const parent = world.parent[index] ?? -1
    truth.set(world.idOf(index), {
      parent: parent < 0 ? null : world.idOf(parent),
      // As a database can hold it.
      name: (world.name[index] ?? '').replaceAll('\0', '\uFFFD'),
      type: world.type[index] ?? 0,
      status: world.status[index] ?? 0,
    })
    open.push(...(world.children[index] ?? []))
  }
  return truth
}

/** Companies that exist, whoever may see them. */
export function readExisting(world: World): Set<string> {
  return new Set(world.ids.filter((_, index) => !world.isGone(index)))
}

/** A listing that proves absence, as the console's own run says and the witness saw it. */
interface Listing {
  runId: number
  /** Seconds of the simulation. */
  at: number
  served: ReadonlySet<string>
}

/** What the simulation knows of how often each company was absent, and when. */
export function createEvidence(gapSeconds: number) {
  const complete: Listing[] = []
  return {
    note: (listing: Listing) => void complete.push(listing),
    /** Whether an earlier run, at least the gap before, listed everything without this company. */
    wasAbsentBefore: (guid: string, runId: number, at: number): boolean =>
      complete.some((one) => one.runId < runId && one.at + gapSeconds <= at && !one.served.has(guid)),
  }
}
