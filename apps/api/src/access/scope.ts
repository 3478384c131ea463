/**
 * What a caller may see: one subtree. Every query about the tree takes a Scope and adds its range, so that "may not see"
 * and "does not exist" are the same answer. Until rights come, everybody who is signed in sees all.
 */
import type { FastifyRequest } from 'fastify'
import { userOf } from './session.ts'

export interface Scope {
  rootId: number
  /** Of the root, e.g. `/1/2/57/`. */
  path: string
}

const EVERYTHING: Scope = { rootId: 1, path: '/1/' }

/** @throws ProblemError `unauthenticated` */
export function scopeOf(request: FastifyRequest): Scope {
  userOf(request)
  return EVERYTHING
}

/** The paths of a subtree: from (inclusive), to (exclusive); `0` follows `/` in the byte order of collation "C". */
export function rangeOf(path: string): [from: string, to: string] {
  return [path, `${path.slice(0, -1)}0`]
}

/** `/1/2/57/` → [1, 2, 57], cut to what is inside the scope. */
export function toIds(path: string, scope: Scope): number[] {
  const ids = path.slice(1, -1).split('/').map(Number)
  return ids.slice(Math.max(0, ids.indexOf(scope.rootId)))
}
