/** What the page that set a password hands on to the sign-in page, in the history entry and not in the address. */
export interface Arrival {
  email: string
}

/** History entries outlive versions of the console: whatever does not fit counts as nothing. */
export function readArrival(state: unknown): Arrival | null {
  const email = typeof state === 'object' && state !== null && 'email' in state ? state.email : null
  return typeof email === 'string' ? { email } : null
}
