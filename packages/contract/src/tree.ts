import { z } from 'zod'
import { endpoint, Id } from './endpoint.ts'
import { CustomerState, GROUP_KINDS, type GroupKind, type Presence, type SourceStatus } from './hierarchy.ts'

// The tree on the wire: columns instead of rows, because names are most of the bytes and keys would double them.
// `inner` = every group that is not a customer, in preorder. `customers` = for each parent named in `of`, a block of
// `count` customers in sibling order. The first answer (`opened`) has the same shape, cut to what is on screen.

const Ints = z.array(z.number().int())
const Names = z.array(z.string())

/** Columns of inner groups in preorder; all of one length. */
export const InnerColumns = z.object({
  /** Differences: id[i] = id[i-1] + idDelta[i], the first from 0. */
  idDelta: Ints,
  depth: Ints,
  /** One character per group, see KIND_LETTERS. */
  kind: z.string(),
  /** One character per group, see toMark. */
  mark: z.string(),
  name: Names,
  /** Direct children of any kind, and how many of them are customers: says what is still to be loaded. */
  children: Ints,
  customers: Ints,
  /** Roll-ups over the subtree. */
  notSetUp: Ints,
  normal: Ints,
  unlinked: Ints,
})
export type InnerColumns = z.infer<typeof InnerColumns>

/** Blocks of customers: `of` (id differences of the parents, in preorder), `count` per parent, then the columns of all. */
export const CustomerColumns = z.object({
  of: Ints,
  count: Ints,
  idDelta: Ints,
  mark: z.string(),
  name: Names,
})
export type CustomerColumns = z.infer<typeof CustomerColumns>

export const TreePart = z.enum(['opened', 'inner', 'customers'])
export type TreePart = z.infer<typeof TreePart>

export const Tree = z.object({
  /** Same generation, same tree: also the ETag. Parts of different generations must not be mixed. */
  generation: z.string(),
  /** What `/tree/changes` is asked with; opaque. */
  since: z.string(),
  inner: InnerColumns.nullable(),
  /** Null in answers of other parts, and where there are too many in view: then they come by page, group by group. */
  customers: CustomerColumns.nullable(),
})
export type Tree = z.infer<typeof Tree>

/** The ETag of a part: who has put a part together from changes knows it as well as who has read it. */
export function toTreeEtag(part: TreePart, generation: string): string {
  return `W/"${part}-${generation}"`
}

/** Inner groups in any order; all columns of one length, as in InnerColumns. */
export const ChangedGroups = InnerColumns.omit({ depth: true }).extend({
  /** How many inner children each has, and their ids, in sibling order: of the first group, then of the second … */
  belowCount: Ints,
  below: Ints,
})
export type ChangedGroups = z.infer<typeof ChangedGroups>

export const TreeChanges = z.object({
  generation: z.string(),
  since: z.string(),
  /** Null: too much has changed, or nobody knows; load the tree anew. */
  groups: ChangedGroups.nullable(),
  /** All customers of the changed groups; a group without a block has none. Null when they were not asked for. */
  customers: CustomerColumns.nullable(),
})
export type TreeChanges = z.infer<typeof TreeChanges>

/**
 * Every inner group in whose subtree something has changed, with its place, counters and children. May name groups that have not
 * changed, never leaves one out that has.
 */
export const getTreeChanges = endpoint({
  name: 'getTreeChanges',
  access: { object: 'groups', level: 'read' },
  method: 'GET',
  path: '/tree/changes',
  summary: 'What of the tree has changed since it was read',
  query: z.strictObject({
    since: z.string().min(1).max(200),
    customers: z.enum(['all', 'none']).default('all'),
  }),
  response: TreeChanges,
})

/** In sibling order. */
export const listTreeCustomers = endpoint({
  name: 'listTreeCustomers',
  access: { object: 'groups', level: 'read' },
  method: 'GET',
  path: '/tree/customers',
  summary: 'Customers of one group, a page at a time, as columns',
  query: z.strictObject({
    of: Id,
    limit: z.coerce.number().int().min(1).max(2000).default(500),
    cursor: z.string().max(1000).optional(),
  }),
  response: z.object({ generation: z.string(), customers: CustomerColumns, nextCursor: z.string().nullable() }),
})

/** `opened` takes the ids of open groups and answers at most 40 inner and 40 customer children of each. */
export const getTree = endpoint({
  name: 'getTree',
  access: { object: 'groups', level: 'read' },
  method: 'GET',
  path: '/tree',
  summary: 'The static-group tree as compact columns, in three parts',
  query: z.strictObject({
    part: TreePart.default('inner'),
    open: z
      .string()
      .regex(/^[0-9]{1,10}(,[0-9]{1,10}){0,49}$/)
      .optional(),
  }),
  response: Tree,
})

const LETTERS = 'ACLUghdvmpqcx'
/** Kind → letter, in the order of GROUP_KINDS. */
export function toKindLetter(kind: GroupKind): string {
  return LETTERS.charAt(GROUP_KINDS.indexOf(kind))
}
export function fromKindLetter(letter: string): GroupKind {
  return GROUP_KINDS[LETTERS.indexOf(letter)] ?? 'unknown'
}

/** State (3) × suspended (2) × not seen lately (2), as one printable character. */
export interface Mark {
  state: CustomerState
  suspended: boolean
  /** suspect or inaccessible: shown as stale. */
  stale: boolean
}
export function toMark(state: CustomerState, sourceStatus: SourceStatus, presence: Presence): string {
  const stale = presence === 'suspect' || presence === 'inaccessible'
  return String.fromCharCode(
    97 + CustomerState.options.indexOf(state) + (sourceStatus === 'suspended' ? 3 : 0) + (stale ? 6 : 0),
  )
}
export function fromMark(mark: string): Mark {
  const value = mark.charCodeAt(0) - 97
  return {
    state: CustomerState.options[value % 3] ?? 'normal',
    suspended: Math.floor(value / 3) % 2 === 1,
    stale: value >= 6,
  }
}
