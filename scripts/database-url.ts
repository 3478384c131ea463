/** Checks a database that somebody else runs, before anything is started on it: one sentence instead of a stack of the driver. */
import pg from 'pg'
import { codeOf, Trouble } from './trouble.mjs'

const oldestVersion = 17

interface Found {
  version: number
  may_create_tables: boolean
  may_create_roles: boolean
  may_use_roles: boolean
}

/** Throws a Trouble unless the server answers, is new enough and lets us create what the migrations create. */
export async function checkDatabase(url: string): Promise<void> {
  const parsed = new URL(url)
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  client.on('error', () => {}) // a connection lost after the check is the pool's matter
  try {
    await client.connect()
  } catch (error) {
    throw new Trouble(explain(error, parsed))
  }
  try {
    // Catalogs only. Roles belong to the whole server: another console there may have made them for its own user.
    const { rows } = await client.query<Found>(`
      select current_setting('server_version_num')::int / 10000 as version,
             has_schema_privilege('public', 'create') as may_create_tables,
             me.rolsuper or me.rolcreaterole or count(r.oid) = 2 as may_create_roles,
             coalesce(bool_and(pg_has_role(r.oid, 'set') or pg_has_role(r.oid, 'member with admin option')), true) as may_use_roles
      from pg_roles me left join pg_roles r on r.rolname in ('msp_console_sync', 'msp_console_app')
      where me.rolname = current_user
      group by me.rolsuper, me.rolcreaterole`)
    const found = rows[0]
    if (!found) throw new Trouble('DATABASE_URL: the server gave no answer about itself; check that it is PostgreSQL.')
    if (found.version < oldestVersion) {
      throw new Trouble(
        `DATABASE_URL: the server is PostgreSQL ${found.version}; version ${oldestVersion} or later is needed.`,
      )
    }
    const user = decodeURIComponent(parsed.username)
    if (!found.may_create_tables) {
      throw new Trouble(
        `DATABASE_URL: the user ${user} may not create tables in the database; make it the owner: alter database ${parsed.pathname.slice(1)} owner to ${user}.`,
      )
    }
    if (!found.may_create_roles) {
      throw new Trouble(`DATABASE_URL: the user ${user} may not create roles; allow it: alter role ${user} createrole.`)
    }
    if (!found.may_use_roles) {
      throw new Trouble(
        `DATABASE_URL: the user ${user} may not use the console's roles, which exist on this server; allow it: grant msp_console_sync, msp_console_app to ${user}.`,
      )
    }
  } finally {
    await client.end()
  }
}

function explain(error: unknown, url: URL): string {
  const where = `${url.hostname}:${url.port || '5432'}`
  const message = error instanceof Error ? error.message : String(error)
  switch (codeOf(error)) {
    case '28P01':
    case '28000':
      return `DATABASE_URL: the server at ${where} does not accept this user and password; correct them and start again.`
    case '3D000':
      return `DATABASE_URL: the database ${url.pathname.slice(1)} does not exist at ${where}; create it and start again.`
    case 'ECONNREFUSED':
      return `DATABASE_URL: nothing answers at ${where}; start the server or correct the address.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `DATABASE_URL: the host ${url.hostname} is not known; correct the address.`
    default:
      return `DATABASE_URL: no connection to ${where} (${message}); correct it and start again.`
  }
}
