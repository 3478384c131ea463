/**
 * From grants to what a request works in: one root, and the rights there. Pure.
 * Invariant: a right holds at a root only when the root of its grant is that root or lies above it. So one request has one
 * subtree with one set of rights, and whoever has more further down chooses that root.
 */
import { type GroupKind, joinRights, NO_RIGHTS, type Rights } from '@msp-console/contract'
import type { Scope } from '../db/scoped.ts'

/** A group that something hangs on: a grant, a token. */
export interface Place {
  rootId: number
  path: string
  kind: GroupKind
  name: string
}

export interface Grant extends Place {
  rights: Rights
}

export interface View {
  scope: Scope
  root: Place
  rights: Rights
  /** What the user may choose from, the home group first. */
  roots: Place[]
}

/** Of all grants that cover the place. */
export function rightsAt(grants: readonly Grant[], path: string): Rights {
  return grants
    .filter((grant) => path.startsWith(grant.path))
    .reduce((rights, grant) => joinRights(rights, grant.rights), NO_RIGHTS)
}

/** @param wanted id of one of the roots; undefined = the first. Null: no grants, or that is none of the roots. */
export function toView(grants: readonly Grant[], wanted: number | undefined): View | null {
  const roots = [...new Map(grants.map((grant) => [grant.rootId, toPlace(grant)])).values()]
  const root = wanted === undefined ? roots[0] : roots.find(({ rootId }) => rootId === wanted)
  return root === undefined ? null : viewAt(root, rightsAt(grants, root.path), roots)
}

export function viewAt(root: Place, rights: Rights, roots: Place[]): View {
  return { scope: { rootId: root.rootId, path: root.path, name: root.name }, root, rights, roots }
}

export function isInside(scope: Scope, path: string): boolean {
  return path.startsWith(scope.path)
}

function toPlace({ rootId, path, kind, name }: Place): Place {
  return { rootId, path, kind, name }
}
