// Where a target lies, seen from one root. Computed by walking up parents, not by paths: the code under test uses paths.
import type { CanaryWorld, Known } from './canary-world.ts'

export interface Target {
  relation: string
  /** As it is written in a request. */
  id: string
  group: Known | null
  malformed: boolean
}

export const UNKNOWN = '7000999'

export function sees({ groups }: CanaryWorld, root: number | null, id: number): boolean {
  for (let at: number | null | undefined = id; at !== null && at !== undefined; at = groups.get(at)?.parent_id)
    if (at === root) return true
  return false
}

/** One group for each relation that exists from there. */
export function relate(world: CanaryWorld, root: number | null): Target[] {
  const { groups, movedFrom } = world
  const all = [...groups.values()]
  const from = groups.get(root ?? 1)
  if (from === undefined) throw new Error('no such root')
  const inside = (group: Known) => sees(world, from.id, group.id)
  const present = (group: Known) => group.presence === 'present'
  const parent = groups.get(from.parent_id ?? 0)
  const grandparentOf = (group: Known) => groups.get(group.parent_id ?? 0)?.parent_id
  const below = all.filter((group) => inside(group) && group.id !== from.id)
  const cousins = all.filter(
    (group) => !inside(group) && group.leaf && present(group) && group.parent_id !== parent?.id,
  )
  const found: Record<string, Known | undefined> = {
    'own root': from,
    child: below.find((group) => group.parent_id === from.id),
    'customer below': below.find((group) => group.leaf && present(group)),
    'deep descendant': below.findLast((group) => group.leaf && present(group) && group.parent_id !== from.id),
    'inner descendant': below.find((group) => !group.leaf),
    'unlinked descendant': below.find((group) => group.presence === 'unlinked'),
    ancestor: parent,
    'top of all': from.id === 1 ? undefined : groups.get(1),
    sibling: all.find((group) => group.parent_id === parent?.id && group.id !== from.id),
    'cousin under the same manager': cousins.find((group) => grandparentOf(group) === parent?.id),
    'cousin under another manager': cousins.findLast((group) => grandparentOf(group) !== parent?.id),
    'just moved out': groups.get(movedFrom.get(from.id) ?? 0),
    'just moved in': below.find((group) => [...movedFrom.values()].includes(group.id)),
    'same company in another account': all.find(
      (group) => group.guid !== null && group.guid === from.guid && group.id !== from.id,
    ),
  }
  const targets = Object.entries(found).flatMap(([relation, group]) =>
    group === undefined ? [] : [{ relation, id: String(group.id), group, malformed: false }],
  )
  return [
    ...targets,
    { relation: 'unknown', id: UNKNOWN, group: null, malformed: false },
    { relation: 'beyond any id', id: '9999999999', group: null, malformed: false },
    { relation: 'malformed', id: 'x!', group: null, malformed: true },
  ]
}
