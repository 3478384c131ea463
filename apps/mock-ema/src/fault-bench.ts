// The fault bench: makes the mock misbehave by rules (fault-rules.ts), the same way for the same seed and the same calls.
// Rules are asked in their order, all that concern a call do their part, and the first that answers in place of the mock ends it.
// Invariant: without rules the mock is the honest one.
import { setTimeout as sleep } from 'node:timers/promises'
import { drift } from './fault-drift.ts'
import { answerOtherwise } from './fault-open.ts'
import { parseFaultPlan, type Fault, type FaultPlan, type FaultRule } from './fault-rules.ts'
import { createLimiter, type Override } from './faults.ts'
import { createRandom, type Random } from './random.ts'
import type { Tokens } from './tokens.ts'
import { LEVEL, type World } from './world.ts'

/** A call before it is answered. `body` may be changed. */
export type BenchCall = {
  /** Below `/api`. */
  path: string
  body: unknown
  caller: string
  /** What the caller would page through; empty when nobody knows who calls. */
  list: () => readonly number[]
}

/** What is left to do when the honest answer is known. */
type Later = Extract<Fault, { kind: 'truncate' | 'content-type' | 'total' | 'total-plus' | 'open' }>

export type Sent = { status: number; body: unknown; later: Later[] }

type Live = {
  rule: FaultRule
  random: Random
  isWithinRate: (caller: string) => boolean
  /** Calls that path and page concern, and how often it was done. */
  seen: number
  hits: number
}

export type FaultBench = ReturnType<typeof createFaultBench>

export function createFaultBench(world: World, tokens: Tokens, now: () => number) {
  let seed = 1
  let live: Live[] = []
  const undo: (() => void)[] = []

  function clear(): void {
    live = []
    for (const back of undo.splice(0).toReversed()) back()
    world.version += 1
  }

  function setRights({ company, level }: Extract<Fault, { kind: 'rights' }>): void {
    const top = world.find(company)
    if (top === undefined) return
    for (const user of world.users) {
      if (user.company === top) continue
      const before = user.overrides.get(top)
      user.overrides.set(top, LEVEL[level])
      undo.push(() => (before === undefined ? user.overrides.delete(top) : user.overrides.set(top, before)))
    }
    world.version += 1
  }

  /** @returns what to answer with, when the honest answer is not wanted at all */
  async function perform(one: Live, call: BenchCall, later: Later[]): Promise<Override | undefined> {
    const { what } = one.rule
    switch (what.kind) {
      case 'status':
        return { status: what.status, headers: what.headers ?? {}, body: what.body }
      case 'rate':
        if (one.isWithinRate(call.caller)) return undefined
        return {
          status: 429,
          headers: retryAfter(what.retryAfter),
          body: { code: 0, subCode: 29, message: 'Too many requests.' },
        }
      case 'maintenance':
        return { status: 503, body: { code: 99, subCode: 2, message: 'The service is under maintenance.' } }
      case 'html':
        return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><body>Sign in</body></html>' }
      case 'reset':
      case 'hang':
        return what.kind
      case 'slow':
        await sleep(what.ms)
        return undefined
      case 'repeat-page':
        if (isFields(call.body)) call.body['skip'] = what.skip
        return undefined
      case 'drift':
        drift(world, what.mutation, call.list(), skipOf(call.body) ?? 0, one.random)
        return undefined
      case 'rights':
        setRights(what)
        return undefined
      case 'expire-tokens':
        tokens.expireAll(what.sessions)
        return undefined
      default:
        later.push(what)
        return undefined
    }
  }

  return {
    /** Replaces all rules; the counts begin anew. @throws Error that says what is wrong with it */
    put(value: unknown): void {
      const plan = parseFaultPlan(value)
      if (typeof plan === 'string') throw new Error(plan)
      clear()
      seed = plan.seed ?? 1
      live = plan.rules.map((rule, at) => ({
        rule,
        random: createRandom(seed * 7919 + at),
        isWithinRate: createLimiter(rule.what.kind === 'rate' ? rule.what.perSecond : undefined, now),
        seen: 0,
        hits: 0,
      }))
    },
    clear,
    list: () => ({ seed, rules: live.map(({ rule, hits }) => ({ ...rule, hits })) }),
    async before(call: BenchCall): Promise<{ override: Override | undefined; later: Later[] }> {
      const later: Later[] = []
      for (const one of live) {
        if (!concerns(one, call)) continue
        one.hits += 1
        const override = await perform(one, call, later)
        if (override !== undefined) return { override, later }
      }
      return { override: undefined, later }
    },
    /** Changes what is answered, but for what can only be done to its bytes. */
    after(path: string, { status, body, later }: Sent): { status: number; body: unknown } {
      let answer = { status, body }
      for (const what of later) {
        if (what.kind === 'open') answer = answerOtherwise(what.as, path, answer)
        if (what.kind === 'total') answer.body = withTotal(answer.body, () => what.value)
        if (what.kind === 'total-plus') answer.body = withTotal(answer.body, (total) => Number(total) + what.by)
      }
      return answer
    },
  } satisfies { put(plan: FaultPlan): void } & Record<string, unknown>
}

function concerns(one: Live, call: BenchCall): boolean {
  const { path, when = {} } = one.rule
  if (path !== '*' && path.toLowerCase() !== call.path.toLowerCase()) return false
  if (when.page !== undefined && !isPage(when.page, call)) return false
  one.seen += 1
  const { calls, chance = 1, times = Infinity } = when
  if (Array.isArray(calls) && !calls.includes(one.seen)) return false
  if (calls !== undefined && !Array.isArray(calls) && (one.seen < calls.from || one.seen > (calls.to ?? Infinity)))
    return false
  // Drawn even when it is not needed any more: the draws belong to the calls.
  return one.random.next() < chance && one.hits < times
}

type Page = NonNullable<NonNullable<FaultRule['when']>['page']>

function isPage(page: Page, { body, list }: BenchCall): boolean {
  const skip = skipOf(body)
  if (skip === undefined) return false
  if (typeof page === 'object') return skip === page.skip
  if (page === 'first') return skip === 0
  const take = Number(isFields(body) ? body['take'] : 0) || 1
  const pages = Math.max(1, Math.ceil(list().length / take))
  const at = Math.floor(skip / take)
  return page === 'last' ? at === pages - 1 : at === Math.floor((pages - 1) / 2)
}

const isFields = (body: unknown): body is Record<string, unknown> => typeof body === 'object' && body !== null

function skipOf(body: unknown): number | undefined {
  const skip = isFields(body) ? body['skip'] : undefined
  return typeof skip === 'number' ? skip : undefined
}

const retryAfter = (value: string | string[] | undefined): Record<string, string | string[]> =>
  value === undefined ? {} : { 'retry-after': value }

/** @param change from the true total to what is said; `undefined` leaves it out */
function withTotal(body: unknown, change: (total: unknown) => unknown): unknown {
  if (!isFields(body)) return body
  const entries = Object.entries(body).map(([key, value]) => {
    if (key.toLowerCase() !== 'paging' || !isFields(value)) return [key, value]
    return [key, Object.fromEntries(Object.entries(value).map(([name, total]) => [name, change(total)]))]
  })
  return Object.fromEntries(entries) as unknown
}
