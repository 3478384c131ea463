import {
  CustomerSort,
  CustomerState,
  GROUP_KINDS,
  Presence,
  Setup,
  SourceStatus,
  type GroupKind,
} from '@msp-console/contract'
import type { FilterQuery } from '../api/queries.ts'

// Filters, sort and search live in the address: one view, one link. What an address says wrongly is left out, never an error.

/** Kinds that can stand above a customer. */
const PARENT_KINDS = GROUP_KINDS.filter(
  (kind) => !['all', 'companies', 'lostAndFound', 'staticGroup', 'customer'].includes(kind),
)

/** Filters of several values, with the words they may hold, in the order of the filter panel. */
export const CHOICES = {
  state: CustomerState.options,
  setup: Setup.options,
  sourceStatus: SourceStatus.options,
  presence: Presence.options,
  parentKind: PARENT_KINDS satisfies readonly GroupKind[],
} as const
export type ChoiceName = keyof typeof CHOICES
export const CHOICE_NAMES = Object.keys(CHOICES) as ChoiceName[] // the keys of a literal object

export interface View {
  filter: FilterQuery
  sort: CustomerSort
}

const ID = /^[1-9][0-9]{0,9}$/
const QUERY_MOST = 200

export function fromSearch(search: URLSearchParams): View {
  const filter: FilterQuery = {}
  const q = search.get('q')?.trim().slice(0, QUERY_MOST)
  if (q !== undefined && q !== '') filter.q = q
  for (const name of CHOICE_NAMES) {
    const values = toValues(search.get(name), CHOICES[name])
    if (values.length > 0) filter[name] = values.join(',')
  }
  for (const name of ['account', 'under'] as const) {
    const value = search.get(name)
    if (value !== null && ID.test(value)) filter[name] = value
  }
  const sort = CustomerSort.safeParse(search.get('sort'))
  return { filter, sort: sort.success ? sort.data : 'name' }
}

/** For `paths.customers`; the usual sort is left out. */
export function toSearch({ filter, sort }: View): Record<string, string | undefined> {
  return { ...filter, sort: sort === 'name' ? undefined : sort }
}

/** The chosen words of one filter, each once, in the order in which they are offered. */
export function toValues(text: string | null | undefined, allowed: readonly string[]): string[] {
  const chosen = new Set(text?.split(','))
  return allowed.filter((word) => chosen.has(word))
}

/** Number of filters that narrow the list, the search text not counted. */
export function countFilters(filter: FilterQuery): number {
  return Object.entries(filter).filter(([name, value]) => name !== 'q' && value !== undefined).length
}

export type PresetName = 'all' | 'notSetUp' | 'suspended' | 'removed'
export const PRESETS: Readonly<Record<PresetName, FilterQuery>> = {
  all: {},
  notSetUp: { state: 'notSetUp' },
  suspended: { sourceStatus: 'suspended' },
  removed: { state: 'unlinked' },
}

/** The preset that the filter is, search text aside; null when it is none. */
export function toPreset(filter: FilterQuery): PresetName | null {
  const { q: _, ...rest } = filter
  const text = JSON.stringify(rest)
  const names = Object.keys(PRESETS) as PresetName[] // the keys of a literal object
  return names.find((name) => JSON.stringify(PRESETS[name]) === text) ?? null
}

/** Next sort when the head of a column is pressed: ascending, then descending. Dates start with the newest. */
export function toggleSort(
  current: CustomerSort,
  column: 'name' | 'state' | 'firstSeen' | 'changed' | 'identifier',
): CustomerSort {
  const newestFirst = column === 'firstSeen' || column === 'changed'
  const first: CustomerSort = newestFirst ? `-${column}` : column
  const second: CustomerSort = newestFirst ? column : `-${column}`
  return current === first ? second : first
}
