// Row-level security by itself, without any of our queries: each table × command × what the connection says about itself.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createInScope, rangeOf } from '../db/scoped.ts'
import { openPools, type Pools } from '../db/pools.ts'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'

let database: TestDatabase
let owner: pg.Pool
let pools: Pools
/** The same connection for all, because what a transaction leaves behind is the point. */
let client: pg.PoolClient
let cells = 0

const OWN = '/1/2/10/11/'
const FOREIGN = '/1/2/20/21/'

beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
  pools = openPools({ owner: database.ownerUrl }, () => {})
  client = await pools.app.connect()
  await owner.query(WORLD)
})
afterAll(async () => {
  process.stdout.write(`row-level security: ${cells} cells\n`)
  client.release()
  await Promise.all([pools.close(), owner.end()])
  await database.drop()
})

/** Two accounts (roots 10 and 20), an MSP below each (11, 21) with two customers, and one row of everything beside each. */
const WORLD = `
  insert into account (id, name, base_url, login, company_guid, root_group_id) overriding system value
    select n, 'a' || n, 'http://x', 'l' || n, gen_random_uuid(), n from unnest(array[10, 20]) n;
  insert into static_group (id, parent_id, account_id, kind, name, path, depth, search_text)
    select n, 2, n, 'distributor'::group_kind, 'g' || n, '/1/2/' || n || '/', 2, 'g' from unnest(array[10, 20]) n
    union all select n + 1, n, n, 'msp', 'g' || n + 1, '/1/2/' || n || '/' || n + 1 || '/', 3, 'g' from unnest(array[10, 20]) n
    union all select n + 1 + c, n + 1, n, 'customer', 'g' || n + 1 + c, '/1/2/' || n || '/' || n + 1 || '/' || n + 1 + c || '/', 4, 'g'
      from unnest(array[10, 20]) n, generate_series(1, 2) c;
  insert into company (group_id, account_id, guid, type_code) select id, account_id, gen_random_uuid(), 1007 from static_group where account_id is not null;
  insert into sync_run (account_id, trigger, status) select id, 'manual', 'succeeded' from account;
  insert into group_event (group_id, kind) select id, 'created' from static_group where account_id is not null;
  insert into tree_generation (group_id, generation) select id, 1 from static_group where account_id is not null and not leaf;
  insert into plan_item (run_id, account_id, preview, kind, anchor_id, company_kind, name, aim) select r.id, g.account_id, false, 'unlinked', g.id, g.kind,
    g.name, '' from static_group g join sync_run r on r.account_id = g.account_id;
  insert into app_user (id, name, email, home_group_id) select 'u' || id, 'u', 'u' || id || '@x.example', id from static_group where account_id is not null;
  insert into app_user (id, name, email) values ('lost', 'lost', 'lost@x.example');
  insert into permission_set (name, group_id) select 's', id from static_group where account_id is not null;
  insert into user_grant (user_id, set_id, root_group_id) select 'u' || g.id, s.id, g.id from static_group g, permission_set s
    where g.account_id is not null and s.key = 'partner';
  insert into user_session (id, user_id, token, expires_at) select 's' || id, id, 't' || id, now() + interval '1 h' from app_user;
  insert into user_credential (id, user_id, account_id, provider_id) select 'c' || id, id, id, 'credential' from app_user;
  insert into user_verification (id, identifier, value, expires_at) values ('v', 'v', 'v', now() + interval '1 h');`

interface Table {
  /** Rows that the own MSP sees, and rows that everybody sees. */
  own: number
  always?: number
  /** A column to write; `sealed`: requests may not. */
  update: string
  sealed?: boolean
  remove: boolean
  /** A row for a group, or null where requests may not insert. */
  insert: ((group: number) => string) | null
  /** Where the own MSP may not write what it sees. */
  key?: string
}

const EVENT = (group: number) => `insert into group_event (group_id, kind) values (${group}, 'setup')`
const TABLES: Record<string, Table> = {
  static_group: { own: 3, update: 'setup', remove: false, insert: null },
  company: { own: 3, update: 'tags', remove: false, insert: null },
  group_event: { own: 3, update: 'actor', sealed: true, remove: false, insert: EVENT },
  plan_item: { own: 3, key: 'id', update: 'decision', sealed: true, remove: false, insert: null },
  tree_generation: { own: 1, update: 'generation', sealed: true, remove: false, insert: null },
  account: {
    own: 1,
    key: 'id',
    update: 'state',
    remove: false,
    insert: (group) => `insert into account (name, base_url, login, company_guid, root_group_id)
    values ('n', 'http://n', 'n', gen_random_uuid(), ${group - 1}00)`,
  },
  sync_run: {
    own: 1,
    update: 'started_by',
    sealed: true,
    remove: false,
    insert: (group) => `insert into sync_run (account_id, trigger, status) values (${group - 1}, 'manual', 'failed')`,
  },
  app_user: {
    own: 3,
    update: 'name',
    remove: true,
    insert: (group) =>
      `insert into app_user (id, name, email, home_group_id) values ('n', 'n', 'n@x.example', ${group})`,
  },
  permission_set: {
    own: 3,
    always: 5,
    update: 'name',
    remove: true,
    insert: (group) => `insert into permission_set (name, group_id) values ('n', ${group})`,
  },
  user_grant: {
    own: 3,
    update: 'granted_by',
    remove: true,
    insert: (group) => `insert into user_grant (user_id, set_id, root_group_id) values ('u${group}', 1, ${group + 1})`,
  },
  user_session: {
    own: 0,
    update: 'ip_address',
    remove: true,
    insert: (group) =>
      `insert into user_session (id, user_id, token, expires_at) values ('n', 'u${group}', 'n', now())`,
  },
  user_credential: {
    own: 0,
    update: 'scope',
    remove: true,
    insert: (group) =>
      `insert into user_credential (id, user_id, account_id, provider_id) values ('n', 'u${group}', 'n', 'n')`,
  },
  user_verification: {
    own: 0,
    update: 'value',
    remove: true,
    insert: () => `insert into user_verification (id, identifier, value, expires_at) values ('n', 'n', 'n', now())`,
  },
}

type Settings = readonly [scope: string, end: string] | null
const CONTEXTS: Record<string, { before?: Settings; now: Settings; sees: 'nothing' | 'own' | 'foreign' }> = {
  none: { now: null, sees: 'nothing' },
  empty: { now: ['', ''], sees: 'nothing' },
  malformed: { now: ['not a path', 'not a path0'], sees: 'nothing' },
  '%': { now: ['%', '%'], sees: 'nothing' },
  '/': { now: ['/', '/'], sees: 'nothing' },
  foreign: { now: rangeOf(FOREIGN), sees: 'foreign' },
  own: { now: rangeOf(OWN), sees: 'own' },
  'after a committed transaction': { before: rangeOf('/1/'), now: null, sees: 'nothing' },
}

async function inTransaction(settings: Settings, statement: string, end: 'commit' | 'rollback') {
  await client.query('begin')
  if (settings !== null)
    await client.query(`select set_config('msp.scope', $1, true), set_config('msp.scope_end', $2, true)`, [...settings])
  try {
    const { rowCount, rows } = await client.query<{ count?: number }>(statement)
    return { rows: rows[0]?.count ?? rowCount ?? 0, refused: '' }
  } catch (error) {
    return { rows: 0, refused: error instanceof Error ? error.message : 'x' }
  } finally {
    await client.query(end)
  }
}

const DENIED = /^permission denied for table/
const POLICY = /^new row violates row-level security policy/

describe.each(Object.entries(TABLES))('%s', (table, spec) => {
  test.each(Object.entries(CONTEXTS))('under scope %s', async (_, { before, now, sees }) => {
    if (before !== undefined) await inTransaction(before, 'select count(*) from static_group', 'commit')
    const ask = (statement: string) => {
      cells += 1
      return inTransaction(now, statement, 'rollback')
    }
    const mine = sees === 'nothing' ? 0 : spec.own
    expect(await ask(`select count(${spec.key ?? '*'}) from ${table}`)).toEqual({
      rows: mine + (spec.always ?? 0),
      refused: '',
    })

    const seen = { rows: mine, refused: '' }
    const denied = { rows: 0, refused: expect.stringMatching(DENIED) as string }
    const updated = await ask(`update ${table} set ${spec.update} = ${spec.update}`)
    expect(updated).toEqual(spec.sealed === true ? denied : seen)

    const removed = await ask(`delete from ${table}`)
    expect(removed).toEqual(spec.remove ? seen : denied)

    const inserted = await ask(spec.insert?.(11) ?? `insert into ${table} default values`)
    const taken = sees === 'own' && spec.own > 0 && table !== 'account'
    const held = { rows: 0, refused: expect.stringMatching(POLICY) as string }
    expect(inserted).toEqual(spec.insert === null ? denied : taken ? { rows: 1, refused: '' } : held)
  })
})

test('tables that are not in this matrix show nothing without a scope either', async () => {
  const { rows } = await owner.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity`,
  )
  for (const { name } of rows.filter((row) => !(row.name in TABLES))) {
    for (const { now, sees } of Object.values(CONTEXTS)) {
      if (sees !== 'nothing') continue
      for (const statement of [`select count(*) from ${name}`, `delete from ${name}`]) {
        cells += 1
        const { rows: seen, refused } = await inTransaction(now, statement, 'rollback')
        expect([name, seen, refused]).toEqual([name, 0, expect.stringMatching(/^(permission denied.*|)$/)])
      }
    }
  }
  expect(cells).toBeGreaterThanOrEqual(384)
})

test('the account in one’s tree can be seen and the password of none, sealed or not', async () => {
  expect((await inTransaction(rangeOf('/1/'), 'select secret from account', 'rollback')).refused).toMatch(DENIED)
})

describe('inScope', () => {
  test('rolls everything back when the work fails', async () => {
    const inScope = createInScope(pools.app)
    const attempt = inScope({ path: OWN }, async (db) => {
      const { rowCount } = await db.query(`update static_group set setup = 'done' where leaf`)
      expect(rowCount).toBe(2)
      await db.query(EVENT(12))
      throw new Error('no')
    })
    await expect(attempt).rejects.toThrow('no')
    const { rows } = await owner.query(`select (select count(*)::int from static_group where setup = 'done') as marked,
      (select count(*)::int from group_event where kind = 'setup') as events`)
    expect(rows).toEqual([{ marked: 0, events: 0 }])
  })

  test.each(['', '/', '%', '/1', '1/', '/1//', "/1/' or ''='", '/-1/', '//'])('takes %j for no scope', async (path) => {
    await expect(createInScope(pools.app)({ path }, (db) => db.query('select 1'))).rejects.toThrow('no such scope')
  })
})
