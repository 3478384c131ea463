import { z } from 'zod'
import { endpoint, Id, Timestamp } from './endpoint.ts'
import { GroupLink } from './groups.ts'
import { Rights } from './rights.ts'
import { GrantedSet } from './sets.ts'

/** Headers (or, where a browser cannot send any, query parameters) that choose whose part of the tree a request is about. */
export const ROOT_HEADER = 'x-msp-root'
export const PREVIEW_HEADER = 'x-msp-preview'

/** The part of the tree that this session works in, and what it may do there. */
export const View = z.object({
  root: GroupLink,
  rights: Rights,
  /** All the roots the user may choose from. */
  roots: z.array(GroupLink),
  /** Set while the console shows what another user would see; nothing can be changed then. */
  preview: z.object({ id: z.string(), name: z.string(), email: z.string() }).nullable(),
})
export type View = z.infer<typeof View>

/** Who is signed in and what this instance is. Sign-in and sign-out themselves are better-auth's, under `/api/auth`. */
export const getSession = endpoint({
  name: 'getSession',
  access: 'open',
  method: 'GET',
  path: '/session',
  summary: 'The signed-in user, or null, and how the instance runs',
  response: z.object({
    user: z.object({ id: z.string(), name: z.string(), email: z.string(), twoFactor: z.boolean() }).nullable(),
    /** Null without a session, and while the user has no rights yet. */
    view: View.nullable(),
    /** Until then dangerous steps need no password; null = they ask for it. */
    confirmedUntil: Timestamp.nullable(),
    instance: z.object({
      mode: z.enum(['demo', 'production']),
      version: z.string(),
      /** No user exists yet: the one-time set-up link is waiting to be used. */
      setupNeeded: z.boolean(),
      /** Language tag of the sibling order. */
      collation: z.string(),
      /** Demo only: address of the mock, offered in the connect dialog. */
      demoSource: z.string().nullable(),
    }),
  }),
})
export type Session = z.infer<(typeof getSession)['response']>

/** Uses the one-time set-up link: makes the first user. */
export const createFirstUser = endpoint({
  name: 'createFirstUser',
  access: 'open',
  method: 'POST',
  path: '/setup',
  summary: 'Make the first administrator with the one-time set-up link',
  body: z.strictObject({
    token: z.string().min(1).max(200),
    name: z.string().trim().min(1).max(200),
    email: z.email().max(200),
    password: z.string().min(12).max(256),
  }),
  response: z.object({ email: z.string() }),
})

/** Dangerous steps want the password to have been given within the last ten minutes; a code as well where there is one. */
export const confirmSession = endpoint({
  name: 'confirmSession',
  access: 'signedIn',
  method: 'POST',
  path: '/session/confirm',
  summary: 'Give the password again, for dangerous steps within the next ten minutes',
  body: z.strictObject({ password: z.string().min(1).max(256), code: z.string().max(20).optional() }),
  response: z.object({ confirmedUntil: Timestamp }),
})

/** One grant, looked at from one group. */
export const GrantReason = z.object({
  /** Null where the root lies above the view of the one who asks; a grant elsewhere is not told at all. */
  root: GroupLink.nullable(),
  set: GrantedSet,
  /** Whether the group lies in the subtree of the root. */
  covers: z.boolean(),
  rights: Rights,
})

export const AccessExplained = z.object({
  sees: z.boolean(),
  /** noGrantCovers: none whose root lies above the group, or none of those lets anybody read groups. */
  reason: z.enum(['granted', 'noGrantCovers', 'noGrants', 'disabled', 'noGroup']),
  rights: Rights,
  grants: z.array(GrantReason),
})
export type AccessExplained = z.infer<typeof AccessExplained>

export const explainOwnAccess = endpoint({
  name: 'explainOwnAccess',
  access: 'signedIn',
  method: 'GET',
  path: '/session/access',
  summary: 'Why do I (not) see this group?',
  query: z.strictObject({ group: Id }),
  response: AccessExplained,
})
