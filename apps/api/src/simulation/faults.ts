// What goes wrong at the source during one run. It may fail, stall, shorten and miscount; it may hide companies from a listing as
// if they were not there. It never says of a company that exists that it does not: nobody could tell such a lie from the truth.
import type { World } from '@msp-console/mock-ema'
import type { Dice } from './dice.ts'
import { mutate } from './mutations.ts'
import { readTruth } from './oracle.ts'

export interface Answer {
  status: number
  headers: Record<string, string>
  body: unknown
}

export interface Call {
  path: string
  /** 1 for the first call of this run that is not about tokens. */
  nth: number
  isToken: boolean
  /** About one company that is not the account's own. */
  isLookUp: boolean
}

interface Struck {
  world: World
  tokens: { expireAll: (sessionsToo?: boolean) => void }
}

export interface Fault {
  words: string
  /** The call that it begins with, and how many it lasts. */
  at: number
  lasts: number
  before?: (source: Struck) => Answer | 'cut' | undefined | Promise<undefined>
  /** What is left out cannot be told from what is gone. */
  isPerfect?: boolean
  lookUpsOnly?: boolean
  after?: (page: Page) => void
}

/** A page of either kind, to be spoilt. */
interface Page {
  rows: Record<string, unknown>[]
  total: { get: () => number; set: (count: number) => void }
  /** Of a listing of the whole account. */
  isWhole: boolean
}

const failWith = (status: number, headers: Record<string, string> = {}, body: unknown = {}) => ({
  before: (): Answer => ({ status, headers, body }),
})

/** The answer is honest, but something happens before it. */
export const doing = (work: (source: Struck) => unknown) => ({
  before: async (source: Struck): Promise<undefined> => void (await work(source)),
})

/** A listing without some companies, with totals to match: as like a real removal as a listing can be. */
export function hide(dice: Dice, world: World): Pick<Fault, 'after'> {
  const visible = [...readTruth(world).keys()].slice(1)
  const hidden = new Set(visible.filter(() => dice.chance(0.06)))
  return {
    after({ rows, total, isWhole }) {
      const kept = rows.filter((row) => !hidden.has(String(row['CompanyId'] ?? row['publicId']).toLowerCase()))
      total.set(Math.max(0, total.get() - (isWhole ? hidden.size : rows.length - kept.length)))
      rows.splice(0, rows.length, ...kept)
    },
  }
}

/** @param stop ends the runs of the worker that is asking */
export function throwFault(dice: Dice, world: World, stop: () => void): Fault {
  // Before the fourth call nothing has been listed, so that the run fails; from there on a part of the listing has come.
  const when = { at: dice.chance(0.4) ? 1 + dice.below(3) : 4 + dice.below(3), lasts: dice.chance(0.4) ? 1 : 1000 }
  const own = dice.fork()
  const size = 1 + dice.below(3)
  const faults: Record<string, Omit<Fault, 'words' | 'at' | 'lasts'>> = {
    '500': failWith(500),
    '503 maintenance': failWith(503, {}, { code: 99, subCode: 2 }),
    '429': failWith(429, { 'retry-after': '2' }),
    '202': failWith(202),
    '403': failWith(403, {}, { code: 0, subCode: 3 }),
    'HTML with 200': failWith(200, {}, '<html>sign in</html>'),
    'a connection cut': { before: () => 'cut' },
    'tokens expire': doing(({ tokens }) => tokens.expireAll()),
    'sessions expire': doing(({ tokens }) => tokens.expireAll(true)),
    drift: doing((source) => mutate(source.world, own)),
    'a stop': doing(stop),
    'a page cut short': { after: ({ rows }) => void rows.splice(0, size) },
    'a total too high': { after: ({ total }) => total.set(total.get() + size) },
    'a total too low': { after: ({ total }) => total.set(Math.max(0, total.get() - size)) },
    'a page twice': { after: ({ rows }) => void rows.push(...rows.slice(0, size)) },
    'look-ups fail': { lookUpsOnly: true, ...failWith(500) },
    'look-ups refused': { lookUpsOnly: true, ...failWith(403, {}, { code: 0, subCode: 3 }) },
    'some hidden': { isPerfect: true, ...hide(dice, world) },
  }
  const what = dice.pick(Object.keys(faults))
  const once = what === 'drift' || what === 'a stop'
  const always = what === 'some hidden'
  return {
    words: `${what} at call ${always ? 1 : when.at}${once || when.lasts === 1 ? '' : ' and on'}`,
    ...when,
    ...faults[what],
    ...(once ? { lasts: 1 } : {}),
    ...(always ? { at: 1, lasts: 1000 } : {}),
  }
}

const isOn = ({ at, lasts, lookUpsOnly = false }: Fault, { nth, isToken, isLookUp }: Call): boolean =>
  !isToken && (lookUpsOnly ? isLookUp : nth >= at && nth < at + lasts)

/** Whether all of these together may look like a removal. */
export const isPerfectLie = (faults: readonly Fault[]): boolean =>
  faults.some(({ isPerfect }) => isPerfect) ||
  (faults.some(({ words }) => words.startsWith('a page cut')) &&
    faults.some(({ words }) => words.startsWith('a total too low')))

/** Before the source is asked. @throws as fetch does when a connection is cut */
export async function strike(faults: readonly Fault[], call: Call, source: Struck): Promise<Answer | undefined> {
  for (const fault of faults) {
    const answer = isOn(fault, call) ? await fault.before?.(source) : undefined
    if (answer === 'cut') throw new TypeError('fetch failed')
    if (answer !== undefined) return answer
  }
  return undefined
}

/** After it has answered honestly. */
export function spoil(faults: readonly Fault[], call: Call, answer: Answer): Answer {
  const page = answer.status === 200 ? toPage(answer.body) : null
  if (page !== null) for (const fault of faults) if (isOn(fault, call)) fault.after?.(page)
  return answer
}

function toPage(body: unknown): Page | null {
  const { Search, Paging, companies, paging } = (body ?? {}) as Record<string, unknown>
  const rows = Search ?? companies
  const counts = (Paging ?? paging) as Record<string, number> | undefined // the mock's own shape
  if (!Array.isArray(rows) || counts === undefined) return null
  const key = Search === undefined ? 'totalCount' : 'TotalCount'
  return {
    rows,
    isWhole: Search !== undefined,
    total: { get: () => counts[key] ?? 0, set: (count) => (counts[key] = count) },
  }
}
