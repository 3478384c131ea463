// The language of the fault bench: a list of rules, each of which calls it concerns and what goes wrong with them. Strict:
// a misspelt rule that silently did nothing would let a test pass for the wrong reason.
import { z } from 'zod'
import { MUTATIONS } from './fault-drift.ts'
import { OPEN_ANSWERS } from './fault-open.ts'

const count = z.int().min(1)
const milliseconds = z.int().min(0).max(600_000)
const header = z.union([z.string(), z.array(z.string())])

const when = z.strictObject({
  /** Which of the calls of this path (and page), counted from 1. Default: every. */
  calls: z.union([z.array(count), z.strictObject({ from: count, to: count.optional() })]).optional(),
  /** By what the request asks for: pages of a listing, by name or by their exact `skip`. */
  page: z.union([z.enum(['first', 'middle', 'last']), z.strictObject({ skip: z.int().min(0) })]).optional(),
  /** Drawn by the seed, for each call that the rest concerns. Default 1. */
  chance: z.number().min(0).max(1).optional(),
  /** At most so often. */
  times: count.optional(),
})

const what = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    /** A string goes out as it is, anything else as JSON. */
    body: z.unknown().optional(),
    headers: z.record(z.string(), header).optional(),
  }),
  /** 429 above so many calls in a second, for each caller. */
  z.strictObject({ kind: z.literal('rate'), perSecond: count, retryAfter: header.optional() }),
  /** EMA's documented maintenance window. */
  z.strictObject({ kind: z.literal('maintenance') }),
  /** 200 with a page for people. */
  z.strictObject({ kind: z.literal('html') }),
  /** The connection is cut without an answer. */
  z.strictObject({ kind: z.literal('reset') }),
  z.strictObject({ kind: z.literal('hang') }),
  z.strictObject({ kind: z.literal('slow'), ms: milliseconds }),
  /** Only so many bytes of the honest answer: then the connection is `cut`, or the answer ends as if that were all. */
  z.strictObject({ kind: z.literal('truncate'), bytes: z.int().min(0), end: z.enum(['cut', 'clean']) }),
  z.strictObject({ kind: z.literal('content-type'), value: z.string() }),
  /** The page of this `skip`, whichever was asked for. */
  z.strictObject({ kind: z.literal('repeat-page'), skip: z.int().min(0) }),
  /** `totalCount` is this (any JSON), or the true one and so much more. */
  z.strictObject({ kind: z.literal('total'), value: z.unknown() }),
  z.strictObject({ kind: z.literal('total-plus'), by: z.int() }),
  /** The world changes before this call is answered; before and after mean this call's `skip`. */
  z.strictObject({ kind: z.literal('drift'), mutation: z.enum(MUTATIONS) }),
  /** From now on nobody above has more than this right to a company and those below it. Undone when the rules go. */
  z.strictObject({ kind: z.literal('rights'), company: z.guid(), level: z.enum(['write', 'read', 'none']) }),
  z.strictObject({ kind: z.literal('expire-tokens'), sessions: z.boolean() }),
  /** What the sources leave open, answered the other way. */
  z.strictObject({ kind: z.literal('open'), as: z.enum(OPEN_ANSWERS) }),
])

const rule = z.strictObject({
  /** Below `/api`, e.g. `/Search/Companies`; `*` = all. */
  path: z.string().regex(/^(\*|\/[\w/-]+)$/, 'a path below /api such as /Search/Companies, or *'),
  when: when.optional(),
  what,
})

const plan = z.strictObject({ seed: z.int().optional(), rules: z.array(rule).max(100) })

export type FaultRule = z.output<typeof rule>
export type FaultPlan = z.output<typeof plan>
export type Fault = FaultRule['what']

/** @returns the plan, or in one sentence what is wrong with it and where */
export function parseFaultPlan(value: unknown): FaultPlan | string {
  const result = plan.safeParse(value)
  if (result.success) return result.data
  return result.error.issues.map(({ path, message }) => `${path.join('.') || 'the plan'}: ${message}`).join('; ')
}
