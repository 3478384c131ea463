import { send, toApiError } from './call.ts'

// Sign-in and sign-out are better-auth's own endpoints, outside the contract; their errors are problems like all others.

async function post(path: string, body: unknown): Promise<unknown> {
  const response = await send(`/api/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw await toApiError(response)
  return response.json().catch(() => null)
}

/**
 * `codeWanted`: the password was right, but there is no session until `verifyCode`.
 * Rejects with ApiError `invalid-credentials`, `too-many-requests`, `network` or `internal`.
 */
export async function signIn(email: string, password: string): Promise<'signedIn' | 'codeWanted'> {
  const answer = await post('/sign-in/email', { email, password })
  const wantsCode = typeof answer === 'object' && answer !== null && 'twoFactor' in answer && answer.twoFactor === true
  return wantsCode ? 'codeWanted' : 'signedIn'
}

/**
 * The second step, with a code of the authenticator app or a recovery code. Rejects with ApiError `code-wrong`,
 * `too-many-requests`, or `unauthenticated` when the first step is too long ago.
 */
export async function verifyCode(code: string): Promise<void> {
  await post('/two-factor/verify', { code })
}

export async function signOut(): Promise<void> {
  await post('/sign-out', {})
}
