import { createContext, useContext } from 'react'

// Dangerous steps want the password to have been given lately. A feature wraps such a call with what `useConfirmation`
// gives it; who asks for the password is none of its business.

/** The person did not want to give the password: nothing happened, and nothing needs to be said. */
export class ConfirmationCancelled extends Error {
  constructor() {
    super('not confirmed')
    this.name = 'ConfirmationCancelled'
  }
}

export type Confirm = <T>(action: () => Promise<T>) => Promise<T>

/** Without a provider actions run as they are, and the server's refusal is shown. */
export const ConfirmationContext = createContext<Confirm>((action) => action())

/**
 * Runs an action; where the server wants the password first, asks for it and repeats the action. Rejects with
 * ConfirmationCancelled when the person gave up.
 */
export function useConfirmation(): Confirm {
  return useContext(ConfirmationContext)
}
