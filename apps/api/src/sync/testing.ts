// Set-up shared by the database tests of this room: an account, and listings handed to the real staging, plan and apply.
import type { CompanyExtras, ListedCompany } from '@msp-console/ema'
import pg from 'pg'
import { applyPlan, type Applied } from './apply.ts'
import type { LookUp } from './evidence.ts'
import { closeRun } from './lease.ts'
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
  /** What EMA says of missing companies, by GUID; of others nothing is asked. */
  lookUps?: Record<string, LookUp>
  preview?: boolean
  /** What the second sweep of a listing by levels adds. */
  extras?: readonly CompanyExtras[]
  /** What somebody else does between plan and apply. */
  meanwhile?: () => Promise<unknown>
}

/** As EMA gives them. */
const PAGE = 100

/** One run as run.ts does it, but for the listing, which is given. */
export async function syncOnce(
  pool: pg.Pool,
  account: Account,
  listed: readonly ListedCompany[],
  options: SyncOptions = {},
): Promise<Applied & { runId: number }> {
  const {
    complete = true,
    removalGapSeconds = 0,
    rejected = [],
    later = 0,
    lookUps = {},
    preview = false,
    extras = [],
    meanwhile,
  } = options
  const client = await pool.connect()
  try {
    const { rows } = await client.query<{ id: number }>(
      `insert into sync_run (account_id, trigger, started_at, lease_until, preview)
       values ($1, 'manual', clock_timestamp() + make_interval(secs => $2), now() + interval '1 hour', $3) returning id`,
      [account.id, later, preview],
    )
    const runId = rows[0]!.id // returning gives the row
    const staging = await createStaging(client, account.rootGuid)
    for (let at = 0; at < listed.length; at += PAGE) await staging.addCompanies(listed.slice(at, at + PAGE), [])
    await staging.addCompanies(
      [],
      rejected.map((guid) => ({ reason: 'bad-name', guid, sample: '' })),
    )
    await staging.addExtras(extras)
    await staging.close()
    const { id: accountId, rootGuid } = account
    const planned = await planChanges(client, { accountId, rootGuid, complete, within: null })
    await client.query(
      'update plan p set look_up = a.answer from unnest($1::uuid[], $2::text[]) a (guid, answer) where p.guid = a.guid and is_missing',
      [Object.keys(lookUps), Object.values(lookUps)],
    )
    const { rows: found } = await client.query<{ writes: number }>('select writes from account where id = $1', [
      account.id,
    ])
    await meanwhile?.()
    const applied = await applyPlan(
      client,
      {
        runId,
        accountId,
        rootGuid,
        complete,
        removalGapSeconds,
        company: null,
        preview,
        writes: found[0]?.writes ?? 0,
      },
      planned,
      ({ oddPairs, held, reasons }) =>
        closeRun(
          client,
          runId,
          { phase: 'applying', strategy: 'flat', calls: 0, listed: listed.length, expected: null },
          {
            complete,
            incomplete: null,
            rejected: { count: 0, samples: [] },
            held: { count: held, reasons },
            lookUps: null,
            oddPairs,
            passes: 1,
            error: null,
          },
        ),
    )
    await client.query('discard temp')
    return { ...applied, runId }
  } finally {
    client.release()
  }
}

/** The account's groups by GUID, the unresolved one last; `n` is the number that guidOf was given. */
export async function readGroups(owner: pg.Pool, accountId: number) {
  const { rows } = await owner.query<Record<string, unknown>>(
    `select right(c.guid::text, 2)::int as n, g.name, g.kind, g.presence, g.state, g.path, g.depth, g.size, g.child_count,
       g.not_set_up, g.normal, g.unlinked, p.kind as parent_kind, p.name as parent, c.former_names, g.search_text, c.last_seen_at
     from static_group g left join company c on c.group_id = g.id left join static_group p on p.id = g.parent_id
     where g.account_id = $1 order by c.guid nulls last`,
    [accountId],
  )
  return rows
}

export async function readEvents(owner: pg.Pool, runId: number) {
  const { rows } = await owner.query<Record<string, unknown>>(
    `select e.kind, right(c.guid::text, 2)::int as n, e.before, e.after from group_event e join company c on c.group_id = e.group_id
     where e.run_id = $1 order by 2, 1`,
    [runId],
  )
  return rows
}

/** Paths lead through the parents, and every counter equals counting the rows whose path starts with the group's. */
export async function findBrokenGroups(owner: pg.Pool, accountId: number): Promise<unknown[]> {
  const { rows } = await owner.query(
    `with counted as (
       select above::int as id, count(*) as size, count(*) filter (where leaf and state = 'notSetUp') as a,
         count(*) filter (where leaf and state = 'normal') as b, count(*) filter (where leaf and state = 'unlinked') as c
       from static_group, unnest(string_to_array(trim('/' from path), '/')) above where account_id = $1 group by 1),
     below as (select parent_id as id, count(*) as n from static_group where account_id = $1 group by 1)
     select g.id from static_group g left join static_group p on p.id = g.parent_id
     left join counted n on n.id = g.id left join below b on b.id = g.id
     where g.account_id = $1 and (g.path <> coalesce(p.path, '/') || g.id || '/' or g.depth <> coalesce(p.depth + 1, 0)
       or (g.size, g.not_set_up, g.normal, g.unlinked) is distinct from (n.size, n.a, n.b, n.c) or g.child_count <> coalesce(b.n, 0))`,
    [accountId],
  )
  return rows
}
