// What the catalogue of the database says about every table, view and function, also about those that somebody adds later:
// row-level security is on, forced and has policies, or the table stands here with a reason.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { checkServer, openPools } from '../db/pools.ts'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'

let database: TestDatabase
let owner: pg.Pool
beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

/** Tables without row-level security, each with its reason. */
const OPEN_TABLES: Record<string, string> = {
  _prisma_migrations: 'names of migrations, for the owner alone',
}

/** What requests may do, table by table; anything else is a finding. Columns stand for a right on these columns only. */
const APP_MAY: Record<string, string> = {
  account: 'insert update select:columns',
  app_user: 'insert select update delete',
  _prisma_migrations: '',
  company: 'select update:columns',
  group_event: 'insert select',
  permission_set: 'insert select update delete',
  plan_item: 'select:columns',
  static_group: 'select update:columns',
  sync_run: '',
  tree_generation: 'select',
  user_credential: 'insert select update delete',
  user_grant: 'insert select update delete',
  user_session: 'insert select update delete',
  user_verification: 'insert select update delete',
}

interface Table {
  name: string
  enabled: boolean
  forced: boolean
  app: string[]
  sync: string[]
  commands: string[]
}

async function readTables(): Promise<Table[]> {
  const { rows } = await owner.query<Table>(
    `select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
       array(select distinct lower(privilege_type) from information_schema.role_table_grants g
         where g.table_schema = 'public' and g.table_name = c.relname and g.grantee = 'msp_console_app' order by 1) as app,
       array(select distinct lower(privilege_type) from information_schema.role_table_grants g
         where g.table_schema = 'public' and g.table_name = c.relname and g.grantee = 'msp_console_sync' order by 1) as sync,
       array(select distinct lower(cmd) from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname
         and 'msp_console_app' = any(p.roles) order by 1) as commands
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`,
  )
  return rows
}

describe('every table', () => {
  test('has row-level security, forced, with a policy for what the app role may do', async () => {
    const tables = await readTables()
    const faults = tables
      .filter(({ name }) => !(name in OPEN_TABLES))
      .flatMap(({ name, enabled, forced, app, commands }) => [
        ...(enabled ? [] : [`${name}: row-level security is off`]),
        ...(forced ? [] : [`${name}: not forced`]),
        ...(app.length > 0 && commands.length === 0 ? [`${name}: granted to the app role without a policy`] : []),
      ])
    expect(faults).toEqual([])
    expect(tables.length).toBeGreaterThanOrEqual(13)
    process.stdout.write(`catalogue: ${tables.length} tables × {enabled, forced, policies, grants}\n`)
  })

  test('that is open is closed to requests and to the sync', async () => {
    const open = (await readTables()).filter(({ enabled }) => !enabled)
    expect(open.map(({ name }) => name).toSorted()).toEqual(Object.keys(OPEN_TABLES).toSorted())
    for (const { app, sync } of open) expect([...app, ...sync]).toEqual([])
  })

  test('grants the app role what is listed here and no more', async () => {
    const { rows } = await owner.query<{ name: string; columns: string[] }>(
      `select table_name as name, array_agg(distinct lower(privilege_type) || ':columns') as columns
       from information_schema.role_column_grants g
       where grantee = 'msp_console_app' and table_schema = 'public' and not exists (
         select from information_schema.role_table_grants t where t.table_schema = 'public' and t.table_name = g.table_name
           and t.grantee = g.grantee and t.privilege_type = g.privilege_type) group by 1`,
    )
    const columns = new Map(rows.map((row) => [row.name, row.columns]))
    for (const { name, app } of await readTables()) {
      const has = [...app, ...(columns.get(name) ?? [])].toSorted()
      const known = APP_MAY[name]
      // Tables that others add have lists of their own beside them.
      expect([name, known === undefined ? [] : has]).toEqual([name, known?.split(' ').filter(Boolean).toSorted() ?? []])
      // A table that this list does not know yet may be read and written by rows, never emptied or given triggers.
      expect([name, has.filter((right) => /truncate|trigger|references|maintain/.test(right))]).toEqual([name, []])
    }
  })

  test('never opens with a policy that is always true for the app role', async () => {
    const { rows } = await owner.query(
      `select tablename, policyname from pg_policies where schemaname = 'public'
         and (roles && array['public', 'msp_console_app']::name[]) and (qual = 'true' or with_check = 'true')`,
    )
    expect(rows).toEqual([])
  })

  test('compares the settings through nullif, which fails closed after a transaction', async () => {
    const { rows } = await owner.query<{ at: string; text: string }>(
      `select tablename || '.' || policyname as at, coalesce(qual, '') || ' ' || coalesce(with_check, '') as text from pg_policies
       where schemaname = 'public' and coalesce(qual, '') || coalesce(with_check, '') like '%msp.scope%'`,
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const { at, text } of rows) {
      const settings = text.match(/current_setting\('msp\.scope/g) ?? []
      const guarded = text.match(/NULLIF\(current_setting\('msp\.scope/g) ?? []
      expect([at, settings.length]).toEqual([at, guarded.length])
    }
  })
})

/** Views that ask with the owner's rights: they hold the scope themselves, and rows.db.test.ts tries each of their columns. */
const SCOPED_VIEWS = ['account_seen', 'run_seen']

test('views that ask with the rights of the owner hold the scope, are barriers, and can be read at most', async () => {
  const { rows } = await owner.query<{ name: string; options: string[]; text: string; app: string[] }>(
    `select c.relname as name, c.reloptions as options, pg_get_viewdef(c.oid) as text,
       array(select distinct lower(privilege_type) from information_schema.role_table_grants g
         where g.table_name = c.relname and g.grantee = 'msp_console_app') as app
     from pg_class c where c.relname = any($1) order by 1`,
    [SCOPED_VIEWS],
  )
  expect(rows.map(({ name }) => name)).toEqual(SCOPED_VIEWS)
  for (const { options, text, app } of rows) {
    expect(options).toSatisfy((given: string[]) => given.some((option) => option.startsWith('security_barrier')))
    expect(app).toEqual(['select'])
    expect(text).toMatch(/NULLIF\(current_setting\('msp\.scope|account_seen/)
    expect(text.match(/current_setting/g)?.length).toBe(text.match(/NULLIF\(current_setting/g)?.length)
  }
})

test('every other view asks with the rights of the reader', async () => {
  const { rows } = await owner.query(
    `select relname from pg_class where relnamespace = 'public'::regnamespace and (relkind = 'm'
       or relkind = 'v' and not coalesce('security_invoker=true' = any(reloptions) or 'security_invoker=on' = any(reloptions), false))
       and relname <> all($1)`,
    [SCOPED_VIEWS],
  )
  expect(rows).toEqual([])
})

/** Functions of the owner that everybody may call: they tell nothing of rows. */
const PUBLIC_DEFINERS = new Set(['mirror_is_empty'])

test('every function of the owner has a fixed search path and is closed to PUBLIC', async () => {
  const { rows } = await owner.query<{ name: string; path: boolean; open: boolean }>(
    `select p.proname as name, coalesce(exists (select from unnest(p.proconfig) c where c like 'search_path=%'), false) as path,
       has_function_privilege('public', p.oid, 'execute') as open
     from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef`,
  )
  expect(rows.length).toBeGreaterThanOrEqual(8)
  expect(rows.filter(({ path }) => !path)).toEqual([])
  expect(rows.filter(({ name, open }) => open && !PUBLIC_DEFINERS.has(name))).toEqual([])
})

test('the app and sync roles own nothing, bypass nothing and may not make tables', async () => {
  const { rows } = await owner.query(
    `select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, has_schema_privilege(rolname, 'public', 'create') as creates,
       (select count(*)::int from pg_class where relowner = r.oid) as owned
     from pg_roles r where rolname in ('msp_console_app', 'msp_console_sync') order by 1`,
  )
  const nothing = {
    rolsuper: false,
    rolbypassrls: false,
    rolcreaterole: false,
    rolcreatedb: false,
    creates: false,
    owned: 0,
  }
  expect(rows).toEqual([
    { rolname: 'msp_console_app', ...nothing },
    { rolname: 'msp_console_sync', ...nothing },
  ])
})

describe('the server refuses to start', () => {
  const check = async (app?: string) => {
    const pools = openPools({ owner: database.ownerUrl, app }, () => {})
    try {
      await checkServer(pools.app)
    } finally {
      await pools.close()
    }
  }
  const made = `test_${Date.now()}`

  const { superuserUrl } = inject('testPostgres')
  test.for([
    ['superuser in role msp_console_app', 'is a superuser'],
    ['bypassrls in role msp_console_app', 'has BYPASSRLS'],
    ['in role msp_console_app, msp_console_sync', 'is a member of msp_console_sync'],
    ['in role msp_console_app, test_owner', 'is a member of the role that'],
  ] as const)('with an app role that is %s', async ([what, why], { skip }) => {
    if (superuserUrl === null) return skip('the server was given, and its superuser is nobody’s business')
    const root = new pg.Pool({ connectionString: superuserUrl, max: 1 })
    await root.query(`create role ${made} login password 'x' ${what}`)
    const url = new URL(database.ownerUrl)
    url.username = made
    url.password = 'x'
    try {
      await expect(check(url.href)).rejects.toThrow(why)
    } finally {
      await root.query(`drop role ${made}`)
      await root.end()
    }
  })

  test('with the owner as app role', async () => {
    await expect(check(database.ownerUrl)).rejects.toThrow(/owns tables|is a superuser|has BYPASSRLS/)
  })

  test('and starts with the one that the migrations made', async () => {
    await expect(check()).resolves.toBeUndefined()
  })
})
