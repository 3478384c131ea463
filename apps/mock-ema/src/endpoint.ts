import type { Fields } from './fields.ts'
import { refuse } from './refusal.ts'
import type { View } from './view.ts'
import { LEVEL, type World } from './world.ts'

/** A signed-in request. */
export type Call = { world: World; view: View; fields: Fields; params: Record<string, string>; now: number }

export type Endpoint = {
  method: 'GET' | 'POST'
  /** Below `/api`. */
  path: string
  /** `undefined` = 200 with an empty body. */
  answer: (call: Call) => unknown
}

/** The company that a field names. Unknown or deleted: 404; outside the caller's view or hidden: 403. */
export function companyIn({ world, view, fields }: Call, name: string): number {
  const id = fields.requiredGuid(name)
  fields.check()
  const index = world.find(id)
  if (index === undefined || world.isGone(index)) throw refuse.absent()
  if (!view.sees(index)) throw refuse.access()
  return index
}

export function requireWrite({ view }: Call, index: number): void {
  if (view.levelOf(index) !== LEVEL.write) throw refuse.access()
}

const TAKE_MOST = 100
const SKIP_MOST = 1_000_000_000

/** Cuts one page; past the end it is empty. Checks all fields read so far. */
export function pageOf({ fields }: Call): (list: readonly number[]) => readonly number[] {
  const skip = fields.integer('skip', 0, SKIP_MOST)
  const take = fields.integer('take', 1, TAKE_MOST)
  fields.check()
  return (list) => list.slice(skip, skip + take)
}
