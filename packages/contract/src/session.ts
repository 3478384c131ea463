import { z } from 'zod'
import { endpoint } from './endpoint.ts'

/** Who is signed in and what this instance is. Sign-in and sign-out themselves are better-auth's, under `/api/auth`. */
export const getSession = endpoint({
  name: 'getSession',
  method: 'GET',
  path: '/session',
  summary: 'The signed-in user, or null, and how the instance runs',
  response: z.object({
    user: z.object({ id: z.string(), name: z.string(), email: z.string() }).nullable(),
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
  open: true,
})

/** Uses the one-time set-up link: makes the first user. */
export const createFirstUser = endpoint({
  name: 'createFirstUser',
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
  open: true,
})
