// Set-up shared by the database tests of this room: an account, and listings handed to the real staging, plan and apply.
import type { ListedCompany } from '@msp-console/ema'
import pg from 'pg'
import { applyPlan, type Applied } from './apply.ts'
import { planChanges } from './plan.ts'
import { createStaging } from './staging.ts'

export interface Account {
  id: number
  rootGuid: string
}

/** GUIDs that read well in a failure: guidOf(7) ends in …07. */
export function guidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

export function connectAsSync(ownerUrl: string): pg.Pool {
  return new pg.Pool({ connectionString: ownerUrl, options: '-c role=msp_console_sync', max: 4 })
}

let accounts = 0

/** As the owner, because accounts are made by requests and not by sync. */
export async function addAccount(owner: pg.Pool, rootGuid: string): Promise<Account> {
  accounts += 1
  const { rows } = await owner.query<{ id: number }>(
    `insert into account (name, base_url, login, company_guid, secret) values ('Test', 'http://127.0.0.1:1', $1, $2, '\\x00') returning id`,
    [`login-${accounts}@test.example`, rootGuid],
  )
  return { id: rows[0]!.id, rootGuid } // returning gives the row
}

/** @param root the account's own company comes first, as in a real listing */
export function company(number: number, fields: Partial<ListedCompany> = {}): ListedCompany {
  return {
    guid: guidOf(number),
    parentGuid: null,
    name: `Company ${number}`,
    typeCode: 1007,
    statusCode: 1,
    email: undefined,
    vatId: undefined,
    customIdentifier: undefined,
    description: undefined,
    ...fields,
  }
}

export interface SyncOptions {
  complete?: boolean
  removalGapSeconds?: number
  /** Rows that could not be read. */
  rejected?: readonly string[]
  /** Seconds that pass before this run starts. */
  later?: number
}

/** One run as run.ts does it, but for the listing, which is given. */
export async function syncOnce(
  pool: pg.Pool,
  account: Account,
  listed: readonly ListedCompany[],
  options: SyncOptions = {},
): Promise<Applied & { runId: number }> {
  const { complete = true, removalGapSeconds = 0, rejected = [], later = 0 } = options
  const client = await pool.connect()
  try {
    const { rows } = await client.query<{ id: number }>(
      `insert into sync_run (account_id, trigger, started_at, lease_until)
       values ($1, 'manual', clock_timestamp() + make_interval(secs => $2), now() + interval '1 hour') returning id`,
      [account.id, later],
    )
    const runId = rows[0]!.id // returning gives the row
    const staging = await createStaging(client)
    await staging.addCompanies(
      listed,
      rejected.map((guid) => ({ reason: 'bad-name', guid, sample: '' })),
    )
    await staging.close()
    const planned = await planChanges(client, { accountId: account.id, rootGuid: account.rootGuid, complete })
    const applied = await applyPlan(
      client,
      { runId, accountId: account.id, rootGuid: account.rootGuid, complete, removalGapSeconds },
      planned,
    )
    await staging.drop()
    await client.query(`update sync_run set status = 'succeeded' where id = $1`, [runId])
    return { ...applied, runId }
  } finally {
    client.release()
  }
}
