/**
 * Grants of users as one view may know them, and what follows from them: whether the caller may manage a user.
 * Invariant: whoever manages a user can take the account over by a link; so nobody manages a user who has anything that they do not
 * have themselves. Grants outside the view are seen through a function of the owner, which tells their being and nothing else.
 */
import { covers, type GroupKind, RIGHT_OBJECTS, type Grant, type GrantedSet, type Rights } from '@msp-console/contract'
import type { BuiltInSet } from '@msp-console/contract'
import type { ToLinks } from '../access/paths.ts'
import { toId } from '../db/ids.ts'
import { toHiddenId } from '../http/hidden.ts'
import type { Db } from '../db/tx.ts'

/** A grant whose root lies in one of the subtrees of the one who asks, or above one. */
export type KnownGrant = (
  | { place: 'inside'; root_id: number; root_path: string; root_kind: GroupKind; root_name: string }
  | { place: 'above' }
) & { set: GrantedSet; rights: Rights }

export interface GrantsOfUser {
  known: KnownGrant[]
  /** There are others; nothing may depend on it but whether the user can be managed. */
  elsewhere: boolean
}

interface GrantRecord {
  user_id: string
  place: 'inside' | 'above' | 'elsewhere'
  root_id: number
  root_path: string
  root_kind: GroupKind
  root_name: string
  set_id: number | null
  set_key: BuiltInSet | null
  set_name: string | null
  rights: Rights
}

/** @param roots of the view, or all of one's own. Index: user_grant (user_id, …). */
export async function loadGrants(
  db: Db,
  users: readonly string[],
  roots: readonly number[],
): Promise<(user: string) => GrantsOfUser> {
  const { rows } = await db.query<GrantRecord>('select * from grants_of_users($1, $2)', [users, roots])
  const byUser = Map.groupBy(rows, ({ user_id }) => user_id)
  return (user) => {
    const own = byUser.get(user) ?? []
    return { known: own.flatMap(toKnown), elsewhere: own.some(({ place }) => place === 'elsewhere') }
  }
}

function toKnown(row: GrantRecord): KnownGrant[] {
  const { place, rights, set_id: id, set_key: key, set_name: name, ...root } = row
  const set = { id: id === null ? ('' as const) : toHiddenId('set', id), key, name: name ?? '' }
  if (place === 'elsewhere') return []
  return place === 'above' ? [{ place, set, rights }] : [{ ...root, place, set, rights }]
}

/** Whether every grant lies in the view, was made with a set from there, and gives nothing that the caller does not have. */
export function isWithin({ known, elsewhere }: GrantsOfUser, rights: Rights): boolean {
  return (
    !elsewhere &&
    known.every((each) => each.place === 'inside' && each.set.id !== '' && exceeds(each.rights, rights) === null)
  )
}

/** The first kind of object of which `wanted` gives more than `own`, or null. */
export function exceeds(wanted: Rights, own: Rights) {
  return RIGHT_OBJECTS.find((object) => !covers(own, object, wanted[object])) ?? null
}

export function presentGrants({ known }: GrantsOfUser, toLinks: ToLinks): Grant[] {
  return known.flatMap((each) =>
    each.place === 'above'
      ? []
      : [
          {
            root: { id: toId(each.root_id), kind: each.root_kind, name: each.root_name },
            path: toLinks(each.root_path),
            set: each.set,
            rights: each.rights,
          },
        ],
  )
}
