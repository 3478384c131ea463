// What must hold after every step of a simulation, each as a function that says in sentences what does not. They know the source's
// truth and what it was heard to say, and nothing of how the console decides.
import {
  removalIsEarned,
  noFalseRemoval,
  badListingSuspectsNothing,
  oldPlanIsNotDecided,
  heldIsUnchanged,
  failedWritesNothing,
} from './safety-invariants.ts'
import type { Invariant } from './scene.ts'
import type { Group } from './snapshot.ts'
import { PASSWORD } from './source.ts'
import {
  countersEqualEvents,
  eachOnce,
  FIELDS,
  isForest,
  pathsAndCountersAgree,
  replayGivesState,
  toFields,
} from './state-invariants.ts'

const generationsOnlyGrow: Invariant = ({ before, after, isTime }) => {
  const shrunk = [...after.groups.values()].filter(
    ({ id, generation }) => generation < (before.groups.get(id)?.generation ?? 0),
  )
  const rootId = after.account.root_group_id ?? 0
  const wasWritten = before.version !== after.version && !isTime
  const changed = [...after.byGuid.values()].some((group) => {
    const old = before.groups.get(group.id)
    return old === undefined || FIELDS.some((field) => toFields(old)[field] !== toFields(group)[field])
  })
  return [
    ...shrunk.map(({ id, name }) => `the generation of ${name} (${id}) went back`),
    ...(wasWritten && changed && after.groups.get(rootId)?.generation === before.groups.get(rootId)?.generation
      ? ['the tree changed, and its generation did not']
      : []),
    ...(after.account.writes < before.account.writes ? ['writes went back'] : []),
  ]
}

const oneAtATime: Invariant = ({ after: { runs } }) => [
  ...(runs.filter(({ status }) => status === 'running').length > 1 ? ['two runs at a time'] : []),
  ...runs.filter(({ overlaps }) => overlaps).map(({ id }) => `run ${id} began before the one before it had ended`),
]

const localColumnsUntouched: Invariant = ({ before, after, isLocal, isTime }) => {
  const local = ({ setup, setup_at, setup_by, tags, address }: Group) =>
    JSON.stringify([tags, address, ...(isLocal ? [] : [setup, setup_by]), ...(isLocal || isTime ? [] : [setup_at])])
  return [...before.groups.values()].flatMap((old) => {
    const group = after.groups.get(old.id)
    if (group === undefined) return [`${old.name} (${old.id}) was deleted`]
    return local(old) === local(group) ? [] : [`${old.name}: ${local(old)} became ${local(group)}`]
  })
}

const cleanRunShowsTheSource: Invariant = ({ after, truth, isClean }) => {
  if (!isClean) return []
  const open = after.items.filter(({ is_open }) => is_open)
  const isHeld = (guid: string, kind: string) => open.some((item) => item.guid === guid && item.kind === kind)
  const wrong = [...truth].flatMap(([guid, { parent, name, type, status }]) => {
    const group = after.byGuid.get(guid)
    if (group === undefined) return isHeld(guid, 'created') ? [] : [`${name} (${guid}) is not there`]
    const parentGuid = after.groups.get(group.parent_id ?? 0)?.guid ?? null
    const isPlaced = parentGuid === parent || isHeld(guid, 'moved') || isHeld(parent ?? '', 'created')
    return [
      ...(group.presence === 'present' ? [] : [`${name} (${guid}) is ${group.presence}, and the source has it`]),
      ...(group.name === name ? [] : [`${name} (${guid}) is called ${group.name}`]),
      ...(group.type_code === type || isHeld(guid, 'typeChanged')
        ? []
        : [`${name} (${guid}) is of type ${group.type_code}`]),
      ...(group.status_code === status ? [] : [`${name} (${guid}) has status ${group.status_code}`]),
      ...(isPlaced ? [] : [`${name} (${guid}) hangs under ${parentGuid}, at the source under ${parent}`]),
    ]
  })
  const kept = [...after.byGuid.values()].filter(
    ({ guid, presence }) => presence === 'present' && !truth.has(guid ?? ''),
  )
  return [
    ...wrong,
    ...kept.map(({ name, guid }) => `${name} (${guid}) is present, and a complete listing did not name it`),
  ]
}

const PAGE = 100
/** Of each call two tries, of each try three tokens. */
const TRIES = 6

const callsAreBounded: Invariant = ({ after, witness, runs, refusedSincePassword }) => {
  const asked = runs.reduce((sum, { look_ups }) => sum + (look_ups?.asked ?? 0), 0)
  const most = TRIES * (runs.length * (after.groups.size + 1) + asked + 6)
  return [
    ...(witness.calls > most ? [`${witness.calls} calls, ${most} would do`] : []),
    ...(runs.length === 1 &&
    runs[0]?.company_id === null &&
    witness.calls > TRIES * (2 * Math.ceil((after.groups.size + 60) / PAGE) + 5 + asked)
      ? [`${witness.calls} calls for one listing of ${after.groups.size} companies and ${asked} questions`]
      : []),
    ...(refusedSincePassword > 2 ? [`a password was refused ${refusedSincePassword} times`] : []),
  ]
}

const noSecretTold: Invariant = ({ logged, tokens, after }) => {
  const all = [...logged, JSON.stringify([after.runs, after.events, after.items])]
  return [PASSWORD, ...tokens]
    .filter((secret) => all.some((text) => text.includes(secret)))
    .map(() => 'a secret was told')
}

/** Of the pages of one listing; what a page holds is bounded by the client. */
const PAGES_AT_ONCE = 8

const listingIsBounded: Invariant = ({ witness: { mostInFlight }, runs }) =>
  mostInFlight > PAGES_AT_ONCE * Math.max(1, runs.length) ? [`${mostInFlight} answers at once`] : []

/** By the numbers of the target list; I10 and I11 are checked at the end of each seed. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  'I1 a removal is earned': removalIsEarned,
  'I1 nothing that exists is removed': noFalseRemoval,
  'I1 what a bad listing left out is not suspected': badListingSuspectsNothing,
  'I2 what is held is unchanged': heldIsUnchanged,
  'I2 nobody decides on an old plan': oldPlanIsNotDecided,
  'I2 a run that fails, or only looks, writes nothing': failedWritesNothing,
  'I3 the groups are one tree': isForest,
  'I4 paths and counters follow from parents': pathsAndCountersAgree,
  'I5 each company is there once': eachOnce,
  'I6 the counts of a run are those of its events': countersEqualEvents,
  'I7 history leads from the state before to the state after': replayGivesState,
  'I8 generations only grow': generationsOnlyGrow,
  'I8 one run at a time': oneAtATime,
  'I9 what people wrote is untouched': localColumnsUntouched,
  'I11 a clean run shows the source': cleanRunShowsTheSource,
  'I12 calls and password tries are bounded': callsAreBounded,
  'I13 no secret is told': noSecretTold,
  'I14 a listing holds few pages': listingIsBounded,
}
