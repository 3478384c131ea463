import { z } from 'zod'
import { endpoint, Id, Timestamp } from './endpoint.ts'
import { GroupKind } from './hierarchy.ts'
import { Run } from './runs.ts'

/** `held` and `incomplete` describe the last run: its removals wait or were off; adds and changes applied all the same. */
export const AccountHealth = z.enum([
  'neverSynced',
  'running',
  'synchronised',
  'incomplete',
  'held',
  'failed',
  'disconnected',
])
export type AccountHealth = z.infer<typeof AccountHealth>

export const Account = z.object({
  id: Id,
  /** Its own company; for a view inside its tree, the name of that view's root. */
  name: z.string(),
  /** True where the view holds only a part of the account's tree: then nothing of the account itself is told. */
  partial: z.boolean(),
  baseUrl: z.string().nullable(),
  login: z.string().nullable(),
  state: z.enum(['connected', 'disconnected']),
  health: AccountHealth,
  rootGroupId: Id.nullable(),
  rootKind: GroupKind.nullable(),
  callsPerSecond: z.number().nullable(),
  companies: z.number().int(),
  customers: z.number().int(),
  connectedAt: Timestamp,
  disconnectedAt: Timestamp.nullable(),
  /** The data is as of this moment: start of the last complete listing that was applied. */
  dataAsOf: Timestamp.nullable(),
  lastRun: Run.nullable(),
})
export type Account = z.infer<typeof Account>

/** Address without a path, e.g. `https://mspapi.eset.com`. */
export const Credentials = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).max(300),
  login: z.string().trim().min(1).max(200),
  password: z.string().min(1).max(200),
})
export type Credentials = z.infer<typeof Credentials>

export const listAccounts = endpoint({
  name: 'listAccounts',
  access: { object: 'groups', level: 'read' },
  method: 'GET',
  path: '/accounts',
  summary: 'EMA accounts with their health and freshness',
  response: z.object({ items: z.array(Account) }),
})

export const testAccount = endpoint({
  name: 'testAccount',
  access: { object: 'accounts', level: 'write' },
  method: 'POST',
  path: '/accounts/test',
  summary: 'Try the credentials without saving anything',
  body: Credentials,
  response: z.object({
    companyName: z.string(),
    companyGuid: z.guid(),
    kind: GroupKind,
    /** Companies the login can see, where the source counts them; null = unknown. */
    visible: z.number().int().nullable(),
    strategy: z.enum(['flat', 'breadthFirst']),
    /** Set when this login is connected already, or was: connecting again links its companies again. */
    existing: z.object({ id: Id, state: z.enum(['connected', 'disconnected']) }).nullable(),
  }),
})

export const connectAccount = endpoint({
  name: 'connectAccount',
  access: { object: 'accounts', level: 'write' },
  method: 'POST',
  path: '/accounts',
  summary: 'Test, save and start the first sync of an EMA account',
  body: z.strictObject({
    ...Credentials.shape,
    callsPerSecond: z.number().positive().max(1000).nullable().default(10),
  }),
  response: Account,
})

/** Consequences in numbers, before anything is done. */
export const previewDisconnect = endpoint({
  name: 'previewDisconnect',
  access: { object: 'accounts', level: 'write' },
  method: 'GET',
  path: '/accounts/:id/disconnect',
  summary: 'What disconnecting would do',
  params: z.strictObject({ id: Id }),
  response: z.object({ companies: z.number().int(), customers: z.number().int(), computers: z.number().int() }),
})

export const disconnectAccount = endpoint({
  name: 'disconnectAccount',
  access: { object: 'accounts', level: 'write', fresh: true },
  method: 'DELETE',
  path: '/accounts/:id',
  summary: 'Forget the credentials and unlink every company; groups, computers and settings stay',
  params: z.strictObject({ id: Id }),
  response: z.object({ unlinked: z.number().int() }),
})
