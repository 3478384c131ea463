/**
 * What can be changed of a connected account: how often it is synced, and its password; and the history of its health.
 * Invariant: a password is stored only after the source accepted it for the same company, and it never comes out.
 */
import { type Account, changeAccountPassword, listAccountEvents, setAccountSchedule } from '@msp-console/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { audit } from '../access/audit.ts'
import { scopeOf, seesAccount } from '../access/scope.ts'
import { userOf } from '../access/session.ts'
import { fromId } from '../db/ids.ts'
import type { Db } from '../db/tx.ts'
import { toHiddenId } from '../http/hidden.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import { type ConnectDeps, toSource } from './connect.ts'
import { findLogin, listEventRows, type Login, savePassword } from './queries.ts'
import { probeSource } from './source.ts'
import { COMPANIES, noSuchAccount, requireEverything } from './whole-view.ts'

export interface SettingsDeps extends ConnectDeps {
  getAccount: (request: FastifyRequest, id: number) => Promise<Account>
  startSync: (accountId: number, startedBy: string) => Promise<unknown>
  /** The schedule's: what a change means for the next run. Undefined: the account is not connected. */
  book: {
    changeInterval: (
      db: Db,
      accountId: number,
      seconds: number | null,
    ) => Promise<{ intervalSeconds: number | null } | undefined>
    notePassword: (db: Db, accountId: number) => Promise<void>
  }
}

const MOST_EVENTS = 20
const where = { groupId: COMPANIES }

export function serveSettings(app: FastifyInstance, deps: SettingsDeps): void {
  const { inScope, book } = deps

  serve(app, setAccountSchedule, async ({ params, body }, request) => {
    const scope = scopeOf(request)
    requireEverything(scope)
    const id = fromId(params.id)
    await inScope(scope, async (db) => {
      const { name } = await requireConnected(db, id)
      const before = await book.changeInterval(db, id, body.intervalSeconds)
      if (before === undefined) throw disconnected()
      await audit(db, request, { action: 'setAccountSchedule', where, target: name, before, after: body })
      await notify(db, id)
    })
    return deps.getAccount(request, id)
  })

  serve(app, changeAccountPassword, async ({ params, body: { password } }, request) => {
    const scope = scopeOf(request)
    requireEverything(scope)
    const id = fromId(params.id)
    const known = await inScope(scope, (db) => requireConnected(db, id))
    const source = toSource(deps, { baseUrl: known.base_url, login: known.login, password })
    const { companyGuid } = await probeSource(deps.probe, source)
    if (companyGuid !== known.company_guid)
      throw new ProblemError('conflict', 'This login stands at another company now; connect it as another account.')
    const save = async (db: Db) => {
      if (!(await savePassword(db, id, deps.sealPassword(id, password)))) throw disconnected()
      await book.notePassword(db, id)
      await audit(db, request, { action: 'changeAccountPassword', where, target: known.name })
      await notify(db, id)
    }
    await inScope(scope, save, { timeoutSeconds: 60 })
    await deps.startSync(id, userOf(request).email)
    return deps.getAccount(request, id)
  })

  serve(app, listAccountEvents, ({ params }, request) => {
    const scope = scopeOf(request)
    return inScope(scope, async (db) => {
      const id = fromId(params.id)
      const known = await findLogin(db, id)
      // Of a part of its tree one sees how fresh it is, and nothing of the account itself.
      if (known === null || !seesAccount(scope, known.root_group_id)) throw noSuchAccount()
      const rows = await listEventRows(db, id, MOST_EVENTS)
      return { items: rows.map((row) => ({ ...row, id: toHiddenId('accountEvent', row.id) })) }
    })
  })
}

async function requireConnected(db: Db, id: number): Promise<Login> {
  const known = await findLogin(db, id)
  if (known === null) throw noSuchAccount()
  if (known.state === 'disconnected') throw disconnected()
  return known
}

function disconnected(): ProblemError {
  return new ProblemError('account-disconnected', 'Connect the account again first.')
}

async function notify(db: Db, accountId: number): Promise<void> {
  await db.query(`select pg_notify('msp_console', $1)`, [JSON.stringify({ type: 'accounts', accountId })])
}
