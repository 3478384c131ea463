/**
 * Connections, one pool per role. `app` serves requests and may not touch the mirrored structure; `sync` writes it; the
 * owner only migrates. Invariant: no pool connects with more rights than its work needs.
 */
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from './generated/client.ts'

export interface DatabaseUrls {
  /** Of the owner: runs the migrations and may switch to the other roles. */
  owner: string
  sync?: string | undefined
  app?: string | undefined
}

export interface Pools {
  app: pg.Pool
  /** The app role as the sign-in code uses it: users, sessions and credentials are open to these connections alone. */
  identity: pg.Pool
  sync: pg.Pool
  /** Also the sync role: leases and heartbeats of its runs, which hold their connections of `sync` for hours. */
  lease: pg.Pool
  /** Speaks over the identity pool. */
  prisma: PrismaClient
  /** A connection of the app role outside the pool, for LISTEN. Not connected yet. */
  listener: () => pg.Client
  close: () => Promise<void>
}

const MIN_VERSION = 170_000
const BIGINT = 20
const TIMESTAMPTZ = 1184

/**
 * Values as requests want them: counts and generations as numbers (none comes near 2^53), timestamps as the ISO text of
 * the database, because microseconds must survive a keyset cursor and a Date holds milliseconds only.
 */
const appTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary' && oid === BIGINT) return Number
    if (format !== 'binary' && oid === TIMESTAMPTZ) return toIso
    return pg.types.getTypeParser(oid, format) as (text: string) => unknown // pg types the default parser as any
  },
}

/** `2026-11-22 17:00:00.25+00` → `2026-11-22T17:00:00.25Z`: connections of this file have time zone UTC. */
function toIso(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11).replace(/\+00$/, 'Z')}`
}

export function openPools(urls: DatabaseUrls, onError: (error: Error) => void): Pools {
  const app: pg.PoolConfig = {
    ...connection(urls.app, urls.owner, 'msp_console_app', '-c statement_timeout=5000'),
    application_name: 'msp-console app',
    types: appTypes,
    max: 12,
  }
  const sync: pg.PoolConfig = {
    ...connection(urls.sync, urls.owner, 'msp_console_sync'),
    application_name: 'msp-console sync',
    max: 8,
  }
  const identity: pg.PoolConfig = { ...app, options: `${app.options} -c msp.identity=on`, max: 6 }
  const lease: pg.PoolConfig = {
    ...connection(urls.sync, urls.owner, 'msp_console_sync', '-c statement_timeout=5000'),
    application_name: 'msp-console lease',
    max: 3,
  }
  const pools = {
    app: new pg.Pool(app),
    identity: new pg.Pool(identity),
    sync: new pg.Pool(sync),
    lease: new pg.Pool(lease),
  }
  // Without a listener an idle connection that breaks ends the process.
  for (const pool of Object.values(pools)) pool.on('error', onError)
  const prisma = new PrismaClient({ adapter: new PrismaPg(pools.identity) })
  const close = async () => {
    await prisma.$disconnect()
    await Promise.all([pools.app.end(), pools.identity.end(), pools.sync.end(), pools.lease.end()])
  }
  return { ...pools, prisma, close, listener: () => new pg.Client({ ...app, keepAlive: true }) }
}

function connection(given: string | undefined, owner: string, role: string, settings = ''): pg.PoolConfig {
  // A login of its own has its role by itself; the owner's becomes one through a start-up option, before any statement.
  const options = [given === undefined ? `-c role=${role}` : '', '-c TimeZone=UTC', settings].join(' ').trim()
  return { connectionString: given ?? owner, options, connectionTimeoutMillis: 10_000 }
}

/** Throws an Error with one sentence when the server is too old, or when row-level security would not hold the app role. */
export async function checkServer(pool: pg.Pool): Promise<void> {
  await checkRole(pool)
  const { rows } = await pool.query<{ server_version_num: string }>('show server_version_num')
  const version = Number(rows[0]?.server_version_num)
  if (version >= MIN_VERSION) return
  throw new Error(
    `DATABASE_URL points at PostgreSQL ${Math.floor(version / 10_000)}, but version 17 or later is needed; upgrade that server or use another one.`,
  )
}

/**
 * A superuser, a role with BYPASSRLS, the owner of a table and the role of syncs see past the policies, and so does every member of
 * those two; requests must not be served with one.
 */
async function checkRole(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string; why: string | null }>(
    `select current_user as name, case when rolsuper then 'is a superuser' when rolbypassrls then 'has BYPASSRLS'
       when exists (select from pg_class t join pg_class c using (relnamespace) where t.oid = 'static_group'::regclass
         and c.relkind = 'r' and pg_has_role(r.oid, c.relowner, 'member')) then 'owns tables or is a member of the role that does'
       when pg_has_role(r.oid, 'msp_console_sync', 'member') then 'is a member of msp_console_sync' end as why
     from pg_roles r where rolname = current_user`,
  )
  const { name, why } = rows[0] ?? {}
  if (why === null) return
  throw new Error(
    `The role ${name} of DATABASE_APP_URL ${why ?? 'is unknown'}, so row-level security would not hold it; give a login that has only the role msp_console_app.`,
  )
}
