// Row-level security by itself, without any of our queries: each table × command × what the connection says about itself.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createInScope, rangeOf } from '../db/scoped.ts'
import { openPools, type Pools } from '../db/pools.ts'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import { CONTEXTS, OWN, type Settings, WORLD } from './row-world.ts'

let database: TestDatabase
let owner: pg.Pool
let pools: Pools
/** The same connection for all, because what a transaction leaves behind is the point. */
let client: pg.PoolClient
let cells = 0

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
  // Of a part of an account's tree nobody reads the table: see below for the views.
  account: {
    own: 0,
    key: 'id',
    update: 'state',
    remove: false,
    insert: (group) => `insert into account (name, base_url, login, company_guid, root_group_id)
    values ('n', 'http://n', 'n', gen_random_uuid(), ${group - 1}00)`,
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
    const taken = sees === 'own' && spec.own > 0
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
