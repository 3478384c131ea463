import { z } from 'zod'
import { endpoint, HiddenId, Id, Timestamp } from './endpoint.ts'
import { GroupLink } from './groups.ts'
import { Rights } from './rights.ts'

// What users do with their own account, and the links that let somebody set a password.

export const Password = z.string().min(12).max(256)
const SessionId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'a session id')

export const changePassword = endpoint({
  name: 'changePassword',
  access: 'signedIn',
  method: 'POST',
  path: '/profile/password',
  summary: 'Change the own password; every other session ends, API tokens live on',
  body: z.strictObject({ current: z.string().min(1).max(256), next: Password }),
  response: z.object({ endedSessions: z.number().int() }),
})

export const OwnSession = z.object({
  id: SessionId,
  createdAt: Timestamp,
  expiresAt: Timestamp,
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
  current: z.boolean(),
})
export type OwnSession = z.infer<typeof OwnSession>

export const listSessions = endpoint({
  name: 'listSessions',
  access: 'signedIn',
  method: 'GET',
  path: '/profile/sessions',
  summary: 'Where one is signed in',
  response: z.object({ items: z.array(OwnSession) }),
})

export const endSession = endpoint({
  name: 'endSession',
  access: 'signedIn',
  method: 'DELETE',
  path: '/profile/sessions/:id',
  summary: 'End one of the own sessions',
  params: z.strictObject({ id: SessionId }),
  response: z.object({ ended: z.literal(true) }),
})

/** Nothing is on until a first code has proved that the secret arrived. */
export const startTwoFactor = endpoint({
  name: 'startTwoFactor',
  access: 'signedIn',
  method: 'POST',
  path: '/profile/two-factor',
  summary: 'Begin with codes from an authenticator app: a secret to scan',
  body: z.strictObject({ password: z.string().min(1).max(256) }),
  response: z.object({ uri: z.string(), secret: z.string() }),
})

export const confirmTwoFactor = endpoint({
  name: 'confirmTwoFactor',
  access: 'signedIn',
  method: 'PUT',
  path: '/profile/two-factor',
  summary: 'Switch codes on with a first one; answers with recovery codes, shown once',
  body: z.strictObject({
    code: z
      .string()
      .trim()
      .regex(/^[0-9]{6}$/, 'six digits'),
  }),
  response: z.object({ recoveryCodes: z.array(z.string()) }),
})

export const endTwoFactor = endpoint({
  name: 'endTwoFactor',
  access: 'signedIn',
  method: 'DELETE',
  path: '/profile/two-factor',
  summary: 'Switch codes off',
  body: z.strictObject({ password: z.string().min(1).max(256) }),
  response: z.object({ ended: z.literal(true) }),
})

export const ApiToken = z.object({
  id: HiddenId,
  name: z.string(),
  /** Null once the owner no longer sees it; the token is worth nothing then. */
  root: GroupLink.nullable(),
  rights: Rights,
  createdAt: Timestamp,
  expiresAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
})
export type ApiToken = z.infer<typeof ApiToken>

export const listTokens = endpoint({
  name: 'listTokens',
  access: 'signedIn',
  method: 'GET',
  path: '/profile/tokens',
  summary: 'Own API tokens',
  response: z.object({ items: z.array(ApiToken) }),
})

/** What a token may do is the lower of its own levels and of its owner's at the time it is used. */
export const createToken = endpoint({
  name: 'createToken',
  access: 'signedIn',
  method: 'POST',
  path: '/profile/tokens',
  summary: 'Make an API token; the answer shows it once. Needs a password given within ten minutes',
  body: z.strictObject({
    name: z.string().trim().min(1).max(200),
    rootId: Id,
    rights: Rights,
    days: z.number().int().min(1).max(365),
  }),
  response: z.object({ secret: z.string(), token: ApiToken }),
})

export const revokeToken = endpoint({
  name: 'revokeToken',
  access: 'signedIn',
  method: 'DELETE',
  path: '/profile/tokens/:id',
  summary: 'Make a token worthless at once',
  params: z.strictObject({ id: HiddenId }),
  response: z.object({ revoked: z.literal(true) }),
})

const LinkToken = z.string().min(20).max(200)

export const inspectLink = endpoint({
  name: 'inspectLink',
  access: 'open',
  method: 'POST',
  path: '/links/inspect',
  summary: 'Whether a link to set a password still works, and whose it is',
  body: z.strictObject({ token: LinkToken }),
  response: z.object({ kind: z.enum(['invite', 'reset']), name: z.string(), email: z.string() }),
})

export const useLink = endpoint({
  name: 'useLink',
  access: 'open',
  method: 'POST',
  path: '/links/use',
  summary: 'Set the password with a link; it works once and ends every session and API token of that user',
  body: z.strictObject({ token: LinkToken, password: Password }),
  response: z.object({ email: z.string() }),
})
