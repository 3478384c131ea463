// Eight users share two connections while statements fail, time out and are cancelled in between: nobody ever sees a row of
// another. The order is random and can be repeated: SEED=… runs the one that failed.
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInScope, type InScope } from '../db/scoped.ts'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const ROUNDS = 1_000
const USERS = [11, 12, 13, 14, 15, 16, 17, 18]

let database: TestDatabase
let owner: pg.Pool
let pool: pg.Pool
let inScope: InScope
beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
  pool = new pg.Pool({ connectionString: database.ownerUrl, options: '-c role=msp_console_app', max: 2 })
  pool.on('error', () => {})
  inScope = createInScope(pool)
  await owner.query(
    `insert into static_group (id, parent_id, kind, name, path, depth, search_text)
       select n, 2, 'msp'::group_kind, n::text, '/1/2/' || n || '/', 2, n::text from generate_series(11, 18) n
     union all select n * 100 + c, n, 'customer', n::text, '/1/2/' || n || '/' || n * 100 + c || '/', 3, n::text
       from generate_series(11, 18) n, generate_series(1, 5) c`,
  )
})
afterAll(async () => {
  await Promise.all([pool.end(), owner.end()])
  await database.drop()
})

/** mulberry32. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

type Db = Parameters<Parameters<InScope>[1]>[0]
const NAMES = 'select name from static_group'

test(`${ROUNDS} random interleavings of ${USERS.length} users over two connections`, { timeout: 120_000 }, async () => {
  const random = createRandom(SEED)
  const tally: Record<string, number> = {}
  let foreign = 0
  let rowsRead = 0
  const look = async (db: Db, user: number) => {
    const { rows } = await db.query<{ name: string }>(NAMES)
    rowsRead += rows.length
    foreign += rows.filter(({ name }) => name !== String(user)).length
    if (rows.length !== 6) throw new Error(`user ${user} sees ${rows.length} rows (seed ${SEED})`)
  }
  const scope = (user: number) => ({ path: `/1/2/${user}/` })
  const actions: Record<string, (user: number) => Promise<unknown>> = {
    reads: (user) => inScope(scope(user), (db) => look(db, user)),
    'reads in a snapshot': (user) => inScope(scope(user), (db) => look(db, user), { snapshot: true }),
    writes: (user) =>
      inScope(scope(user), async (db) => {
        const { rowCount } = await db.query(`update static_group set setup = 'done' where leaf`)
        if (rowCount !== 5) throw new Error(`user ${user} wrote ${rowCount} rows (seed ${SEED})`)
        await look(db, user)
      }),
    'writes to others': (user) =>
      inScope(scope(user), async (db) => {
        const other = USERS[(USERS.indexOf(user) + 1) % USERS.length]
        const { rowCount } = await db.query(`update static_group set setup = 'skipped' where parent_id = $1`, [other])
        foreign += rowCount ?? 0
      }),
    fails: (user) =>
      inScope(scope(user), async (db) => {
        await look(db, user)
        await db.query('select 1 / 0')
      }).catch(expectCode('22012')),
    'fails outside of the database': (user) =>
      inScope(scope(user), async (db) => {
        await look(db, user)
        throw Object.assign(new Error('ours'), { code: 'ours' })
      }).catch(expectCode('ours')),
    'times out': (user) =>
      inScope(scope(user), async (db) => {
        await look(db, user)
        await db.query(`set local statement_timeout = 5`)
        await db.query('select pg_sleep(1)')
      }).catch(expectCode('57014')),
    'is cancelled': (user) =>
      inScope(scope(user), async (db) => {
        const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid')
        const slept = db.query('select pg_sleep(5)')
        setTimeout(() => void owner.query('select pg_cancel_backend($1)', [rows[0]?.pid]), 5)
        await slept
      }).catch(expectCode('57014')),
    'loses the connection': (user) =>
      inScope(scope(user), async (db) => {
        await look(db, user)
        const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid')
        await owner.query('select pg_terminate_backend($1)', [rows[0]?.pid])
        await db.query('select pg_sleep(1)')
      }).then(
        () => Promise.reject(new Error('it was not lost')),
        () => undefined,
      ),
    'forgets the scope': async () => {
      const { rows } = await pool.query(NAMES)
      foreign += rows.length
    },
  }
  const usual = [
    'reads',
    'reads in a snapshot',
    'writes',
    'writes to others',
    'fails',
    'fails outside of the database',
    'forgets the scope',
  ]
  const rare = ['times out', 'is cancelled', 'loses the connection']
  const pick = () => {
    const among = random(40) === 0 ? rare : usual
    return among[random(among.length)] ?? 'reads'
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const plan = USERS.map((user) => [user, pick()] as const).toSorted(() => random(3) - 1)
    for (const [, name] of plan) tally[name] = (tally[name] ?? 0) + 1
    await Promise.all(plan.map(([user, name]) => actions[name]?.(user) ?? Promise.reject(new Error(name))))
  }
  process.stdout.write(
    `interleavings: ${ROUNDS}, seed ${SEED}, ${rowsRead} rows read, ${foreign} foreign; ${JSON.stringify(tally)}\n`,
  )
  expect(foreign).toBe(0)
  expect(Object.keys(tally).toSorted()).toEqual(Object.keys(actions).toSorted())
})

function expectCode(code: string) {
  return (error: unknown) => {
    if (typeof error !== 'object' || error === null || !('code' in error) || error.code !== code) throw error
  }
}
