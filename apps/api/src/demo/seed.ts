/**
 * Makes the demo what it shows: an account connected to the mock, about half of the customers marked, a few deleted at the
 * source and by now removed here. Everything goes through the operations that people use; nothing is written by hand.
 * Done once per database; deletions at the source are repeated at every start, because the mock forgets them.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { ENTITY_TYPE, type EmaClient, readCompanyRow } from '@msp-console/ema'
import type pg from 'pg'
import { EVERYTHING } from '../access/scope.ts'
import { createUser } from '../access/users.ts'
import { connect, type ConnectDeps } from '../accounts/connect.ts'
import { applySetup } from '../customers/setup.ts'
import { toId } from '../db/ids.ts'
import { createInScope, type InScope } from '../db/scoped.ts'
import { DEMO_ADMIN, DEMO_OTHERS, DEMO_PASSWORD } from './sign-ins.ts'

export interface SeedDeps extends ConnectDeps {
  /** Connections that may see users. */
  identity: pg.Pool
  /** Origin of the mock. */
  source: string
  openClient: (login: string, password: string) => EmaClient
  /** Runs one sync to its end. */
  sync: (accountId: number) => Promise<void>
  /** Called as soon as there is something to see. */
  onReady: () => void
}

export const DEMO_USER = { name: DEMO_ADMIN.name, email: DEMO_ADMIN.email, password: DEMO_PASSWORD }
const LOGIN = 'distributor@demo.example'
/** EMA lets the company directly above suspend and delete. */
const PARENT_LOGIN = 'msp@demo.example'
/** Identifiers and names of customers that leave; some of them are suspended in the world from the start. */
const LEAVING = new Set(['DEMO:LEAVING-1', 'DEMO:LEAVING-2', '@home Reality'])

export async function seedDemo(deps: SeedDeps): Promise<void> {
  const { inScope } = deps
  await createInScope(deps.identity)(EVERYTHING, (db) => createUser(db, DEMO_USER))
  const { rows } = await inScope(EVERYTHING, (db) => db.query('select from account_seen limit 1'))
  if (rows.length > 0) {
    await makeOthers(deps.identity)
    deps.onReady()
    await deleteSome(deps)
    return
  }
  await waitForSource(deps)
  const accountId = await connect(
    deps,
    EVERYTHING,
    { baseUrl: deps.source, login: LOGIN, password: DEMO_USER.password },
    20,
  )
  await deps.sync(accountId)
  await makeOthers(deps.identity)
  deps.onReady()
  await markHalf(inScope)
  await deleteSome(deps)
  // Absent from two complete listings: only then a company counts as removed.
  await deps.sync(accountId)
  await deps.sync(accountId)
}

/** One for each role; who is there already stays as they are. */
async function makeOthers(identity: pg.Pool): Promise<void> {
  for (const { home, name, email, set } of DEMO_OTHERS) {
    await createInScope(identity)(EVERYTHING, async (db) => {
      const { rows } = await db.query<{ id: number }>(
        'select id from static_group where kind = $1 and name = $2 order by id limit 1',
        [home?.kind, home?.name],
      )
      const group = rows[0]
      if (group !== undefined)
        await createUser(db, { name, email, set, homeGroupId: group.id, password: DEMO_PASSWORD })
    })
  }
}

/** The mock is started beside us; it is up within a second or two, or not at all. */
async function waitForSource({ source }: SeedDeps): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(source, { signal: AbortSignal.timeout(1000) }).catch(() => null)
    await answer?.body?.cancel()
    if (answer !== null) return
    await sleep(100)
  }
}

/** Of every eight customers three are set up and one is skipped. */
async function markHalf(inScope: InScope): Promise<void> {
  const { rows } = await inScope(EVERYTHING, (db) =>
    db.query<{ id: number }>(
      'select g.id from static_group g join company c on c.group_id = g.id where g.leaf order by c.guid',
    ),
  )
  const ids = rows.map(({ id }) => toId(id))
  const done = ids.filter((_, i) => i % 8 < 3)
  const skipped = ids.filter((_, i) => i % 8 === 3)
  await applySetup(inScope, EVERYTHING, { ids: done }, 'done', DEMO_USER.email)
  await applySetup(inScope, EVERYTHING, { ids: skipped }, 'skipped', DEMO_USER.email)
}

async function deleteSome(deps: SeedDeps): Promise<void> {
  const client = deps.openClient(PARENT_LOGIN, DEMO_USER.password)
  const { rows } = await client.searchCompanies({}, 0, 100)
  for (const row of rows) {
    const read = readCompanyRow(row, client.searchTypes)
    if (!read.ok || read.row.typeCode !== ENTITY_TYPE.customer) continue
    const { guid, name, customIdentifier, statusCode } = read.row
    if (!LEAVING.has(name) && !LEAVING.has(customIdentifier ?? '')) continue
    if (statusCode !== 3) await client.suspend(guid)
    await client.deleteCompany(guid)
  }
}
