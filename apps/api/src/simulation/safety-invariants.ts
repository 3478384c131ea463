// Invariants of what must not happen: removals without proof, changes that wait for somebody, writes of runs that failed. I1 and I2.
import type { Invariant, Scene } from './scene.ts'
import type { Group } from './snapshot.ts'

const approvedNow = ({ before, after }: Scene, kind: string): Set<string | null> => {
  const waited = new Set(before.items.filter(({ decision }) => decision === null).map(({ id }) => id))
  const items = after.items.filter((item) => item.decision === 'approved' && item.kind === kind && waited.has(item.id))
  return new Set(items.map(({ guid }) => guid))
}

const newlyUnlinked = ({ before, after }: Scene): Group[] =>
  [...after.byGuid.values()].filter(
    ({ guid, presence }) => presence === 'unlinked' && before.byGuid.get(guid ?? '')?.presence !== 'unlinked',
  )

export const removalIsEarned: Invariant = (scene) => {
  const approved = approvedNow(scene, 'unlinked')
  return newlyUnlinked(scene).flatMap(({ guid, name, id }) => {
    if (guid === null || approved.has(guid)) return []
    const event = scene.after.events.findLast(({ group_id, kind }) => group_id === id && kind === 'unlinked')
    const run = scene.runs.find((one) => one.id === event?.run_id)
    if (run === undefined) return [`${name} was removed by no run of this step and by nobody's word`]
    const says = [
      ...(run.complete === true && run.status === 'succeeded' && !run.preview ? [] : ['its run proves no absence']),
      ...(scene.witness.served.has(guid) ? ['the listing named it'] : []),
      ...([404, 410].includes(scene.witness.details.get(guid) ?? 0) || scene.wasAbsentBefore(guid, run.id)
        ? []
        : ['it was absent once, and nobody said that it is gone']),
    ]
    return says.map((why) => `${name} (${guid}) was removed, but ${why}`)
  })
}

/** The hard one: what exists is not shown as removed by the console's own decision. */
export const noFalseRemoval: Invariant = (scene) => {
  const approved = approvedNow(scene, 'unlinked')
  return newlyUnlinked(scene)
    .filter(({ guid }) => guid !== null && scene.existing.has(guid) && !approved.has(guid))
    .map(({ name, guid }) => `${name} (${guid}) exists and is shown as removed`)
}

/**
 * S-01 and S-02: whatever went wrong on any page, what was there all the time is not even suspected. Out of reach it is when the
 * source refused it by name.
 */
export const badListingSuspectsNothing: Invariant = ({ before, after, seen, witness, isPerfectLie }) =>
  isPerfectLie
    ? []
    : [...after.byGuid.values()]
        .filter(
          ({ guid, presence }) =>
            guid !== null &&
            seen.has(guid) &&
            presence !== 'present' &&
            !(presence === 'inaccessible' && witness.details.get(guid) === 403) &&
            before.byGuid.get(guid)?.presence === 'present',
        )
        .map(({ name, guid, presence }) => `${name} (${guid}) was there all the time and became ${presence}`)

export const oldPlanIsNotDecided: Invariant = ({ before, after }) => {
  const waited = new Set(
    before.items.filter(({ decision, is_open }) => is_open && decision === null).map(({ id }) => id),
  )
  const decided = after.items.filter(({ id, decision }) => decision !== null && waited.has(id))
  return decided.length > 0 && !before.account.is_fresh
    ? [`${decided.length} items of a plan that is too old were decided`]
    : []
}

export const heldIsUnchanged: Invariant = ({ after }) =>
  after.items
    .filter(({ is_open }) => is_open)
    .flatMap(({ kind, group_id, guid, row, decision }) => {
      const group = after.groups.get(group_id ?? 0) ?? (guid === null ? undefined : after.byGuid.get(guid))
      const isDone =
        kind === 'created'
          ? group !== undefined
          : kind === 'unlinked'
            ? group?.presence === 'unlinked'
            : kind === 'moved'
              ? group?.parent_id === row?.['parent_id']
              : group?.type_code === row?.['type_code']
      return isDone ? [`${kind} of ${guid} waits (${decision ?? 'undecided'}) and was done`] : []
    })

export const failedWritesNothing: Invariant = ({ before, after, runs, isLocal }) =>
  runs.length > 0 &&
  !isLocal &&
  runs.every((run) => run.status !== 'succeeded' || run.preview) &&
  before.version !== after.version
    ? [`the runs ${runs.map(({ id, status }) => `${id} ${status}`).join(', ')} wrote the mirror`]
    : []
