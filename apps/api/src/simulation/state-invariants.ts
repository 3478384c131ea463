// Invariants of one state of the database, and of the history that leads to it: I3 to I7.
import { toKind } from '@msp-console/contract'
import type { Invariant } from './scene.ts'
import type { Event, Group } from './snapshot.ts'

export const isForest: Invariant = ({ after: { groups } }) =>
  [...groups.values()].flatMap((group) => {
    let at: Group | undefined = group
    for (let steps = 0; at !== undefined && at.id !== 1 && steps <= groups.size; steps++)
      at = groups.get(at.parent_id ?? 0)
    return at?.id === 1 ? [] : [`${group.name} (${group.id}) does not hang in the tree`]
  })

export const pathsAndCountersAgree: Invariant = ({ after: { groups } }) => {
  const all = [...groups.values()]
  return all.flatMap((group) => {
    const parent = groups.get(group.parent_id ?? 0)
    const below = all.filter(({ path }) => path.startsWith(group.path))
    const leaves = (state: string) => below.filter((one) => one.leaf && one.state === state).length
    const expected = {
      path: `${parent?.path ?? '/'}${group.id}/`,
      depth: parent === undefined ? 0 : parent.depth + 1,
      size: below.length,
      child_count: all.filter(({ parent_id }) => parent_id === group.id).length,
      not_set_up: leaves('notSetUp'),
      normal: leaves('normal'),
      unlinked: leaves('unlinked'),
    }
    return Object.entries(expected)
      .filter(([field, value]) => group[field as keyof Group] !== value)
      .map(
        ([field, value]) =>
          `${group.name} (${group.id}) has ${field} ${String(group[field as keyof Group])} instead of ${value}`,
      )
  })
}

export const eachOnce: Invariant = ({ after: { groups } }) => {
  const companies = [...groups.values()].filter(({ guid }) => guid !== null)
  const guids = new Set(companies.map(({ guid }) => guid))
  return [
    ...(guids.size === companies.length ? [] : ['a company is there twice']),
    ...companies
      .filter(({ kind, type_code }) => kind !== toKind(type_code ?? 0))
      .map(({ name, kind }) => `${name} is a ${kind}`),
    ...[...groups.values()]
      .filter(({ account_id, guid, kind }) => account_id !== null && guid === null && kind !== 'unresolved')
      .map(({ name }) => `${name} mirrors nothing`),
  ]
}

export const countersEqualEvents: Invariant = ({ after: { runs } }) =>
  runs.flatMap(({ id, counts, told }) =>
    Object.entries(counts)
      .filter(([kind, count]) => count !== (told[kind] ?? 0))
      .map(([kind, count]) => `run ${id} says ${count} ${kind}, its events ${told[kind] ?? 0}`),
  )

export const FIELDS = [
  'name',
  'parentId',
  'typeCode',
  'statusCode',
  'email',
  'vatId',
  'customIdentifier',
  'description',
  'presence',
  'setup',
] as const

export const toFields = (group: Group): Record<(typeof FIELDS)[number], unknown> => ({
  name: group.name,
  parentId: String(group.parent_id),
  typeCode: group.type_code,
  statusCode: group.status_code,
  email: group.email,
  vatId: group.vat_id,
  customIdentifier: group.custom_identifier,
  description: group.description,
  presence: group.presence,
  setup: group.setup,
})

export const replayGivesState: Invariant = ({ before, after }) => {
  const fresh = Map.groupBy(after.events.slice(before.events.length), ({ group_id }) => group_id)
  return [...after.byGuid.values()].flatMap((group) => {
    const events = fresh.get(group.id) ?? []
    const old = before.groups.get(group.id)
    if (old === undefined)
      return events.filter(({ kind }) => kind === 'created').length === 1
        ? []
        : [`${group.name} is new, and history has ${events.length} other events`]
    const replayed: Record<string, unknown> = toFields(old)
    const broken = events.flatMap((event) =>
      apply(replayed, event).map((what) => `${group.name} (${group.id}): ${what}`),
    )
    const state = toFields(group)
    return [
      ...broken,
      ...FIELDS.filter((field) => replayed[field] !== state[field]).map(
        (field) =>
          `${group.name} (${group.id}) has ${field} ${String(state[field])}, by its history ${String(replayed[field])}`,
      ),
    ]
  })
}

/** Changes the state as the event tells, and says where it began elsewhere. */
function apply(state: Record<string, unknown>, { kind, before, after }: Event): string[] {
  if (kind === 'held' || kind === 'rejected') return []
  const told = FIELDS.filter((field) => after !== null && field in after)
  const broken = told.filter((field) => before !== null && before[field] !== state[field])
  for (const field of told) state[field] = after?.[field]
  return broken.map(
    (field) => `${kind} begins at ${field} ${String(before?.[field])}, which was ${String(state[field])}`,
  )
}
