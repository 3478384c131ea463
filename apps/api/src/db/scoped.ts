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
  return (scope, work, { snapshot = false, ...options } = {}) =>
    inTransaction(
      pool,
      async (db) => {
        // '/' or '%' would be ranges that hold every path.
        if (!PATH.test(scope.path)) throw new Error('no such scope')
        await db.query({
          name: 'scope',
          text: `select set_config('msp.scope', $1, true), set_config('msp.scope_end', $2, true)`,
          values: rangeOf(scope.path) as string[],
        })
        return work(db)
      },
      { ...options, ...(snapshot ? { begin: 'begin isolation level repeatable read read only' } : {}) },
    )
}

/** The paths of a subtree: from (inclusive), to (exclusive); `0` follows `/` in the byte order of collation "C". */
export function rangeOf(path: string): [from: string, to: string] {
  return [path, `${path.slice(0, -1)}0`]
}
