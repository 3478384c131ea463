import { z } from 'zod'
import { endpoint, HiddenId, Id, pageOf, PageQuery, Timestamp } from './endpoint.ts'
import { GroupLink } from './groups.ts'
import { ApiToken } from './profile.ts'
import { Rights } from './rights.ts'
import { AccessExplained } from './session.ts'
import { GrantedSet } from './sets.ts'

export const Grant = z.object({
  root: GroupLink,
  /** From the top of the view down to the parent of the root. */
  path: z.array(GroupLink),
  set: GrantedSet,
  rights: Rights,
})
export type Grant = z.infer<typeof Grant>

export const User = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  /** Where the user belongs; null = nowhere, since that group was removed. */
  homeGroup: GroupLink.nullable(),
  disabled: z.boolean(),
  /** Invited and without a password yet. */
  invited: z.boolean(),
  twoFactor: z.boolean(),
  createdAt: Timestamp,
  lastSignInAt: Timestamp.nullable(),
  /** Grants in view. */
  grants: z.array(Grant),
  /** False: this user has rights that the caller does not have or that were given from above, or is the caller; then nothing can be
   * changed here. */
  manageable: z.boolean(),
})
export type User = z.infer<typeof User>

const UserId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'a user id')
const One = z.strictObject({ id: UserId })
const Name = z.string().trim().min(1).max(200)
const Grants = z.array(z.strictObject({ rootId: Id, setId: HiddenId })).max(50)

/** A link for one use, shown to the administrator once, because there may be no e-mail. */
export const UserLink = z.object({ url: z.string(), expiresAt: Timestamp })
export type UserLink = z.infer<typeof UserLink>

/** Users whose home group is in view, by name. */
export const listUsers = endpoint({
  name: 'listUsers',
  access: { object: 'users', level: 'read' },
  method: 'GET',
  path: '/users',
  summary: 'Users at home in the view, with their grants there',
  query: z.strictObject({ ...PageQuery.shape, q: z.string().trim().max(200).optional() }),
  response: pageOf(User),
})

export const getUser = endpoint({
  name: 'getUser',
  access: { object: 'users', level: 'read' },
  method: 'GET',
  path: '/users/:id',
  summary: 'One user',
  params: One,
  response: User,
})

/** The e-mail address is known once in the whole instance; one that is taken elsewhere is told as `email-taken`. */
export const createUser = endpoint({
  name: 'createUser',
  access: { object: 'users', level: 'write', fresh: true },
  method: 'POST',
  path: '/users',
  summary: 'Invite a user: answers with the link to pass on',
  body: z.strictObject({ name: Name, email: z.email().max(200), homeGroupId: Id, grants: Grants }),
  response: z.object({ user: User, link: UserLink }),
})

/** All of it at once; grants that are not named are taken away. */
export const updateUser = endpoint({
  name: 'updateUser',
  access: { object: 'users', level: 'write', fresh: true },
  method: 'PUT',
  path: '/users/:id',
  summary: 'Change name, home group, grants, or disable a user; acts on the next request of that user',
  params: One,
  body: z.strictObject({ name: Name, homeGroupId: Id, disabled: z.boolean(), grants: Grants }),
  response: User,
})

export const deleteUser = endpoint({
  name: 'deleteUser',
  access: { object: 'users', level: 'write', fresh: true },
  method: 'DELETE',
  path: '/users/:id',
  summary: 'Remove a user with sessions, tokens and grants; what they did stays in the history',
  params: One,
  response: z.object({ deleted: z.literal(true) }),
})

/** An invitation while the user has no password, else a reset. Nothing ends until it is used; then sessions and API tokens do. */
export const createUserLink = endpoint({
  name: 'createUserLink',
  access: { object: 'users', level: 'write', fresh: true },
  method: 'POST',
  path: '/users/:id/link',
  summary: 'Make a new link to set a password; older ones stop working',
  params: One,
  response: UserLink,
})

export const endUserSessions = endpoint({
  name: 'endUserSessions',
  access: { object: 'users', level: 'write', fresh: true },
  method: 'DELETE',
  path: '/users/:id/sessions',
  summary: 'Sign a user out everywhere; API tokens live on',
  params: One,
  response: z.object({ ended: z.number().int() }),
})

/** For who lost the phone and the recovery codes: the password alone signs in until they switch it on again. */
export const endUserTwoFactor = endpoint({
  name: 'endUserTwoFactor',
  access: { object: 'users', level: 'write', fresh: true },
  method: 'DELETE',
  path: '/users/:id/two-factor',
  summary: 'Switch the two-step sign-in of a user off',
  params: One,
  /** False: there was none. */
  response: z.object({ ended: z.boolean() }),
})

export const listUserTokens = endpoint({
  name: 'listUserTokens',
  access: { object: 'users', level: 'read' },
  method: 'GET',
  path: '/users/:id/tokens',
  summary: 'API tokens of a user whose part of the tree is in view',
  params: One,
  response: z.object({ items: z.array(ApiToken) }),
})

export const revokeUserToken = endpoint({
  name: 'revokeUserToken',
  access: { object: 'users', level: 'write', fresh: true },
  method: 'DELETE',
  path: '/users/:id/tokens/:token',
  summary: 'Make a token of a user worthless at once',
  params: One.extend({ token: ApiToken.shape.id }),
  response: z.object({ revoked: z.literal(true) }),
})

export const revokeUserTokens = endpoint({
  name: 'revokeUserTokens',
  access: { object: 'users', level: 'write', fresh: true },
  method: 'DELETE',
  path: '/users/:id/tokens',
  summary: 'Make every token of a user worthless at once',
  params: One,
  /** As far as they are in view. */
  response: z.object({ revoked: z.number().int() }),
})

export const explainAccess = endpoint({
  name: 'explainAccess',
  access: { object: 'users', level: 'read' },
  method: 'GET',
  path: '/users/:id/access',
  summary: 'Why does this user (not) see that group?',
  params: One,
  query: z.strictObject({ group: Id }),
  response: AccessExplained,
})
