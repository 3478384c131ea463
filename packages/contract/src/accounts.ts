import { z } from 'zod'
import { endpoint, HiddenId, Id, Timestamp } from './endpoint.ts'
import { GroupKind } from './hierarchy.ts'
import { Run } from './runs.ts'

/**
 * One state for each account. `quarantined`: its last runs failed, so it is tried less and less often, or not at all while the
 * source refuses the password; it leaves with the first good run. `disabled`: that went on for 28 days. `held`: removals of the
 * last run wait for a person.
 */
export const AccountHealth = z.enum(['idle', 'running', 'held', 'quarantined', 'disabled', 'disconnected'])
export type AccountHealth = z.infer<typeof AccountHealth>

/** Seconds from the start of one run to the start of the next; null: only on demand. */
export const Interval = z.number().int().min(300).max(86_400).nullable()

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
  /** The last run did not see everything, or came to no end: its adds and changes may be missing, removals were off. */
  degraded: z.boolean(),
  /** Why it is quarantined or disabled: the code of its last failure, `unauthorized` = the source refused the password. */
  cause: z.string().nullable(),
  /** In a row. */
  failures: z.number().int(),
  /** Start of the first of them. */
  failingSince: Timestamp.nullable(),
  /** False: the source has refused the stored password twice; only another one is tried. */
  canRetry: z.boolean(),
  /** Null also where nothing of the account is told. */
  intervalSeconds: Interval,
  /** When it is due by itself; null: not by itself. */
  nextRunAt: Timestamp.nullable(),
  /** From this moment on its data counts as stale: two intervals without a complete run. Null: never. */
  staleAt: Timestamp.nullable(),
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

export const setAccountSchedule = endpoint({
  name: 'setAccountSchedule',
  access: { object: 'accounts', level: 'write' },
  method: 'PUT',
  path: '/accounts/:id/schedule',
  summary: 'How often an account is synced by itself',
  params: z.strictObject({ id: Id }),
  body: z.strictObject({ intervalSeconds: Interval }),
  response: Account,
})

export const changeAccountPassword = endpoint({
  name: 'changeAccountPassword',
  access: { object: 'accounts', level: 'write', fresh: true },
  method: 'PUT',
  path: '/accounts/:id/password',
  summary: 'Test another password of a connected account, store it and sync',
  params: z.strictObject({ id: Id }),
  body: Credentials.pick({ password: true }),
  response: Account,
})

/** When it began to be unwell, why, and when it was well again; one entry for each change. */
export const listAccountEvents = endpoint({
  name: 'listAccountEvents',
  access: { object: 'accounts', level: 'read' },
  method: 'GET',
  path: '/accounts/:id/events',
  summary: 'What happened to the health of an account, newest first, at most 20',
  params: z.strictObject({ id: Id }),
  response: z.object({
    items: z.array(
      z.object({
        id: HiddenId,
        at: Timestamp,
        kind: z.enum(['quarantined', 'disabled', 'recovered']),
        cause: z.string().nullable(),
      }),
    ),
  }),
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
