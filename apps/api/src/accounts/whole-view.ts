// What changes an account changes the whole tree below it, so it is done by those whose view is all of it, and told there.
import type { Scope } from '../access/scope.ts'
import { ProblemError } from '../http/problem.ts'

/** Accounts hang below it; where one was connected is told there, for it concerns those who connect accounts. */
export const COMPANIES = 2

export function requireEverything(scope: Scope): void {
  if (scope.rootId !== 1)
    throw new ProblemError('forbidden', 'Accounts are connected and changed by administrators who see everything.')
}

export function noSuchAccount(): ProblemError {
  return new ProblemError('not-found', 'There is no such account.')
}
