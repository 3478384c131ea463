/**
 * The one way to ask the database about the tree: in a transaction that carries the caller's scope, so that row-level
 * security refuses what a statement forgot to exclude. Without it a statement of the app role sees nothing.
 */
import type pg from 'pg'
import { inTransaction, type Db } from './tx.ts'

/** One subtree. */
export interface Scope {
  rootId: number
  /** Of the root, e.g. `/1/2/57/`. */
  path: string
  /** Of the root: what stands for an account whose own name lies above the view. */
  name: string
}

interface ScopedOptions {
  timeoutSeconds?: number
  /** One picture over several statements, and no writing. */
  snapshot?: boolean
}

/** Runs `work` for the subtree of `scope`: all of it or nothing. */
export type InScope = <T>(
  scope: Pick<Scope, 'path'>,
  work: (db: Db) => Promise<T>,
  options?: ScopedOptions,
) => Promise<T>

const PATH = /^\/([1-9][0-9]*\/)+$/

export function createInScope(pool: pg.Pool): InScope {
  return async (scope, work, { snapshot = false, ...options } = {}) => {
    const kind = snapshot ? ' isolation level repeatable read read only' : ''
    return inTransaction(pool, work, { ...options, begin: `begin${kind}; ${toSettings(scope.path)}` })
  }
}

/** In the round trip of `begin`. As text, because that one takes no parameters; a path is digits and slashes. */
function toSettings(path: string): string {
  // '/' or '%' would be ranges that hold every path.
  if (!PATH.test(path)) throw new Error('no such scope')
  const [from, to] = rangeOf(path)
  return `set local msp.scope = '${from}'; set local msp.scope_end = '${to}'`
}

/** The paths of a subtree: from (inclusive), to (exclusive); `0` follows `/` in the byte order of collation "C". */
export function rangeOf(path: string): [from: string, to: string] {
  return [path, `${path.slice(0, -1)}0`]
}
