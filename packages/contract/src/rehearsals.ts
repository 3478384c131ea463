import { z } from 'zod'
import { endpoint } from './endpoint.ts'

// Rehearsals: the demo's source can be made to misbehave on purpose, so that people see what the console does then. Demo only.

export const REHEARSAL_NAMES = ['loseSubtree', 'dropRights', 'rename300', 'maintenance', 'expireTokens'] as const
export const RehearsalName = z.enum(REHEARSAL_NAMES)
export type RehearsalName = z.infer<typeof RehearsalName>

export const Rehearsal = z.object({
  name: RehearsalName,
  /** Companies concerned. */
  companies: z.number().int(),
  /** Name of the company at the top of them, where there is one. */
  subject: z.string().nullable(),
})
export type Rehearsal = z.infer<typeof Rehearsal>

const Active = z.object({ active: z.array(Rehearsal) })

/** `not-found` outside the demo, and for those who see only a part. */
export const listRehearsals = endpoint({
  name: 'listRehearsals',
  access: { object: 'sync', level: 'write' },
  method: 'GET',
  path: '/demo/rehearsals',
  summary: 'Demo only: what its source is made to do wrong',
  response: Active,
})

export const startRehearsal = endpoint({
  name: 'startRehearsal',
  access: { object: 'sync', level: 'write' },
  method: 'POST',
  path: '/demo/rehearsals',
  summary: 'Demo only: make its source do something wrong, or take all of it back',
  body: z.strictObject({ name: z.enum([...REHEARSAL_NAMES, 'restore']) }),
  response: Active.extend({ started: Rehearsal.optional() }),
})
