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
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { audit } from '../access/audit.ts'
import { scopeOf, type Scope } from '../access/scope.ts'
import type { Db } from '../db/tx.ts'
import { callerOf, userOf } from '../access/session.ts'
import type { View } from '../access/view.ts'
import { fromId, toId } from '../db/ids.ts'
import { serve } from '../http/serve.ts'
import { COMPANIES, noSuchAccount, requireEverything } from './whole-view.ts'
import { connect, type ConnectDeps, toSource } from './connect.ts'
import { disconnect } from './disconnect.ts'
import { presentAccount } from './present.ts'
import { serveSettings, type SettingsDeps } from './settings.ts'
import { countLinked, findKnown, listAccountRows } from './queries.ts'
import { probeSource } from './source.ts'

export interface AccountDeps extends ConnectDeps, Pick<SettingsDeps, 'book'> {
  latestRuns: (db: Db, scope: Scope) => Promise<Map<number, Run>>
  startSync: (accountId: number, startedBy: string) => Promise<unknown>
}

export type ListAccounts = (db: Db, view: Pick<View, 'scope' | 'rights'>) => Promise<Account[]>

export function createListAccounts({ latestRuns }: Pick<AccountDeps, 'latestRuns'>): ListAccounts {
  return async (db, view) => {
    const runs = await latestRuns(db, view.scope)
    return (await listAccountRows(db, view.scope)).map((row) => presentAccount(view, row, runs.get(row.id) ?? null))
  }
}

export function serveAccounts(app: FastifyInstance, deps: AccountDeps): void {
  const { inScope } = deps
  const list = createListAccounts(deps)
  const get = async (request: FastifyRequest, id: number): Promise<Account> => {
    const { view } = callerOf(request)
    const found = (await inScope(view.scope, (db) => list(db, view))).find((item) => item.id === toId(id))
    if (found === undefined) throw new Error(`account ${id} vanished while it was changed`)
    return found
  }
  serveSettings(app, { ...deps, getAccount: get })

  serve(app, listAccounts, (_, request) => {
    const { view } = callerOf(request)
    return inScope(view.scope, async (db) => ({ items: await list(db, view) }))
  })

  serve(app, testAccount, async ({ body }, request) => {
    const scope = scopeOf(request)
    requireEverything(scope)
    const source = toSource(deps, body)
    const { companyName, companyGuid, typeCode, visible, strategy } = await probeSource(deps.probe, source)
    const known = await inScope(scope, (db) => findKnown(db, source.baseUrl, source.login))
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
    const scope = scopeOf(request)
    requireEverything(scope)
    const { baseUrl, login, callsPerSecond } = body
    const id = await connect(deps, scope, body, callsPerSecond, (db, target) =>
      audit(db, request, {
        action: 'connectAccount',
        where: { groupId: COMPANIES },
        target,
        after: { baseUrl, login, callsPerSecond },
      }),
    )
    await deps.startSync(id, userOf(request).email)
    return get(request, id)
  })

  serve(app, previewDisconnect, ({ params }, request) => {
    const scope = scopeOf(request)
    requireEverything(scope)
    return inScope(scope, async (db) => {
      const consequences = await countLinked(db, fromId(params.id))
      if (consequences === null) throw noSuchAccount()
      return consequences
    })
  })

  serve(app, disconnectAccount, async ({ params }, request) => {
    const scope = scopeOf(request)
    requireEverything(scope)
    const id = fromId(params.id)
    const unlinked = await disconnect(inScope, scope, id, userOf(request).email, async (db, companies) => {
      const { rows } = await db.query<{ name: string }>('select name from account_seen where id = $1', [id])
      const target = rows[0]?.name ?? null
      const after = { unlinked: companies }
      await audit(db, request, { action: 'disconnectAccount', where: { groupId: COMPANIES }, target, after })
    })
    return { unlinked }
  })
}
