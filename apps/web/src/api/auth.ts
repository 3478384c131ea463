import { send, toApiError } from './call.ts'

// Sign-in and sign-out are better-auth's own endpoints, outside the contract; their errors are problems like all others.

async function post(path: string, body: unknown): Promise<void> {
  const response = await send(`/api/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw await toApiError(response)
}

/** Rejects with ApiError `invalid-credentials`, `too-many-requests`, `network` or `internal`. */
export function signIn(email: string, password: string): Promise<void> {
  return post('/sign-in/email', { email, password })
}

export function signOut(): Promise<void> {
  return post('/sign-out', {})
}
