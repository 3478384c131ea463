/**
 * EMA accounts: the list with health and freshness, trying credentials, connecting, disconnecting.
 * Invariant: a password goes in and never comes out; nothing is saved before the source accepted it.
 */
import {
  type Account,
  connectAccount,
  disconnectAccount,
  listAccounts,
  previewDisconnect,
  type Run,
  testAccount,
  toKind,
} from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import { scopeOf, type Scope } from '../access/scope.ts'
import { userOf } from '../access/session.ts'
import { fromId, toId } from '../db/ids.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import { connect, type ConnectDeps, toSource } from './connect.ts'
import { disconnect } from './disconnect.ts'
import { type AccountRecord, presentAccount } from './present.ts'
import { countLinked, findKnown, listAccountRows } from './queries.ts'
import { probeSource } from './source.ts'

export interface AccountDeps extends ConnectDeps {
  latestRuns: (scope: Scope) => Promise<Map<number, Run>>
  startSync: (accountId: number, startedBy: string) => Promise<unknown>
}

export type ListAccounts = (scope: Scope) => Promise<Account[]>

export function createListAccounts({ pool, latestRuns }: Pick<AccountDeps, 'pool' | 'latestRuns'>): ListAccounts {
  return async (scope) => {
    const [rows, runs] = await Promise.all([listAccountRows(pool), latestRuns(scope)])
    return rows.map((row: AccountRecord) => presentAccount(row, runs.get(row.id) ?? null))
  }
}

export function serveAccounts(app: FastifyInstance, deps: AccountDeps): void {
  const { pool } = deps
  const list = createListAccounts(deps)

  serve(app, listAccounts, async (_, request) => ({ items: await list(scopeOf(request)) }))

  serve(app, testAccount, async ({ body }) => {
    const source = toSource(deps, body)
    const { companyName, companyGuid, typeCode, visible, strategy } = await probeSource(deps.probe, source)
    const known = await findKnown(pool, source.baseUrl, source.login)
    return {
      companyName,
      companyGuid,
      kind: toKind(typeCode ?? 0),
      visible,
      strategy,
      existing: known && { id: toId(known.id), state: known.state },
    }
  })

  serve(app, connectAccount, async ({ body }, request) => {
    const id = await connect(deps, body, body.callsPerSecond)
    await deps.startSync(id, userOf(request).email)
    const saved = (await list(scopeOf(request))).find((item) => item.id === toId(id))
    if (saved === undefined) throw new Error(`account ${id} vanished while it was connected`)
    return saved
  })

  serve(app, previewDisconnect, async ({ params }) => {
    const consequences = await countLinked(pool, fromId(params.id))
    if (consequences === null) throw new ProblemError('not-found', 'There is no such account.')
    return consequences
  })

  serve(app, disconnectAccount, async ({ params }, request) => ({
    unlinked: await disconnect(pool, fromId(params.id), userOf(request).email),
  }))
}
