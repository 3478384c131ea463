import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openPools, type Pools } from '../db/pools.ts'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import { secretPlace } from '../sync/run.ts'
import { resealSecrets, WrongKeyError } from './reseal.ts'
import { createSeal, type Seal } from './seal.ts'

const [first, second, third] = [1, 2, 3].map((fill) => Buffer.alloc(32, fill)) as [Buffer, Buffer, Buffer] // three made
const COUNT = 250

let database: TestDatabase
let owner: pg.Pool
let pools: Pools
beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
  pools = openPools({ owner: database.ownerUrl }, () => {})
})
afterAll(async () => {
  await Promise.all([pools.close(), owner.end()])
  await database.drop()
})
beforeEach(() => addAccounts(createSeal(first)))
afterEach(() => owner.query('truncate account, secret_check cascade'))

const password = (id: number) => `canary-password-${id}`
const reseal = (seal: Seal, isLost = false) => resealSecrets(pools.sync, seal, isLost)

async function addAccounts({ seal }: Seal): Promise<void> {
  const { rows } = await owner.query<{ id: number }>(
    `insert into account (name, base_url, login, company_guid)
     select 'a' || n, 'https://mspapi.eset.com', 'login' || n, gen_random_uuid() from generate_series(1, $1) n returning id`,
    [COUNT],
  )
  await owner.query(
    'update account a set secret = s from unnest($1::int[], $2::bytea[]) f (id, s) where a.id = f.id and a.id % 50 <> 0',
    [rows.map(({ id }) => id), rows.map(({ id }) => seal(password(id), secretPlace(id)))],
  )
}

/** How many secrets open to the password of their row; those that do not throw. */
async function countOpened({ unseal }: Seal): Promise<number> {
  const { rows } = await owner.query<{ id: number; secret: Buffer }>(
    'select id, secret from account where secret is not null',
  )
  for (const { id, secret } of rows) expect(unseal(secret, secretPlace(id))).toBe(password(id))
  return rows.length
}

const toHex = (text: string) => Buffer.from(text).toString('hex')

const countSecrets = async () =>
  (await owner.query<{ n: number }>('select count(*)::int as n from account where secret is not null')).rows[0]?.n ?? 0

describe('at start', () => {
  test('the key of before is proved and nothing is written twice', async () => {
    const n = await countSecrets()
    expect(await reseal(createSeal(first))).toEqual({ resealed: 0, unreadable: 0 })
    expect(await reseal(createSeal(first))).toEqual({ resealed: 0, unreadable: 0 })
    expect(await countOpened(createSeal(first))).toBe(n)
  })

  test('everything comes under the new key, and the old one is needed no more', async () => {
    const n = await countSecrets()
    await reseal(createSeal(first))
    expect(await reseal(createSeal(second, [first]))).toEqual({ resealed: n, unreadable: 0 })
    expect(await reseal(createSeal(second))).toEqual({ resealed: 0, unreadable: 0 })
    expect(await countOpened(createSeal(second))).toBe(n)
    await expect(reseal(createSeal(first))).rejects.toThrow(WrongKeyError)
  })

  test('a wrong key is told in one sentence, and nothing changes', async () => {
    await reseal(createSeal(first))
    const before = await owner.query('select id, secret from account order by id')
    for (const wrong of [createSeal(second), createSeal(third, [second])]) {
      await expect(reseal(wrong)).rejects.toThrow(/^SECRET_KEY is not [^.]*\.$/)
      expect((await owner.query('select id, secret from account order by id')).rows).toEqual(before.rows)
    }
    expect(await reseal(createSeal(first))).toEqual({ resealed: 0, unreadable: 0 })
  })

  test('a wrong key is told too where the check was never written', async () => {
    await expect(reseal(createSeal(second))).rejects.toThrow(WrongKeyError)
    expect((await owner.query('select from secret_check')).rowCount).toBe(0)
    expect(await countOpened(createSeal(first))).toBe(await countSecrets())
  })

  test('a lost key ends nothing but its secrets, which stay as they are', async () => {
    await reseal(createSeal(first))
    const n = await countSecrets()
    expect(await reseal(createSeal(second), true)).toEqual({ resealed: 0, unreadable: n })
    expect(await countSecrets()).toBe(n)
    expect(await reseal(createSeal(second))).toMatchObject({ unreadable: n })
    expect(await countOpened(createSeal(first))).toBe(n)
  })

  test('a damaged secret stays one of its own', async () => {
    const n = await countSecrets()
    await reseal(createSeal(first))
    const damage =
      'update account set secret = set_byte(secret, 30, 255 - get_byte(secret, 30)) where id = (select min(id) from account)'
    await owner.query(damage)
    expect(await reseal(createSeal(second, [first]))).toEqual({ resealed: n - 1, unreadable: 1 })
    expect(await reseal(createSeal(second))).toEqual({ resealed: 0, unreadable: 1 })
  })

  test('stopped after any set it goes on where it was', async () => {
    await reseal(createSeal(first))
    const n = await countSecrets()
    // The second set cannot be written.
    const middle = (
      await owner.query<{ id: number }>(
        'select id from account where secret is not null order by id offset 120 limit 1',
      )
    ).rows[0]?.id
    await owner.query(
      `alter table account add constraint halt check (id <> ${middle} or substring(secret from 1 for 5) <> '\\x${createSeal(second).header.toString('hex')}')`,
    )
    await expect(reseal(createSeal(second, [first]))).rejects.toThrow(/halt/)
    await owner.query('alter table account drop constraint halt')
    await expect(reseal(createSeal(second))).rejects.toThrow(WrongKeyError)
    expect(await reseal(createSeal(second, [first]))).toEqual({ resealed: n - 100, unreadable: 0 })
    expect(await countOpened(createSeal(second))).toBe(n)
  })

  test('two at once do the work once', async () => {
    await reseal(createSeal(first))
    const n = await countSecrets()
    const both = await Promise.all([1, 2].map(() => reseal(createSeal(second, [first]))))
    expect(both.reduce((sum, { resealed }) => sum + resealed, 0)).toBe(n)
    expect(both.every(({ unreadable }) => unreadable === 0)).toBe(true)
    expect(await countOpened(createSeal(second))).toBe(n)
  })
})

describe('what is stored', () => {
  test('is closed to the role that serves requests', async () => {
    for (const statement of [
      'select secret from account',
      'select * from secret_check',
      'select sealed from secret_check',
    ])
      await expect(pools.app.query(statement)).rejects.toMatchObject({ code: '42501' })
  })

  test('holds no password in any table, in any form of bytes', async () => {
    await reseal(createSeal(first))
    const { rows: tables } = await owner.query<{ name: string }>(
      `select format('%I', table_name) as name from information_schema.tables where table_schema = 'public'`,
    )
    let size = 0
    for (const { name } of tables) {
      const { rows } = await owner.query<{ row: string }>(`select t::text as row from ${name} t`)
      for (const { row } of rows) {
        size += row.length
        expect(['canary', toHex('canary'), toHex('yranac')].some((form) => row.includes(form))).toBe(false)
      }
    }
    expect(size).toBeGreaterThan(COUNT * 50)
    // The search would have found it.
    await owner.query(`update account set secret = 'canary' where id = (select min(id) from account)`)
    const { rows } = await owner.query<{ row: string }>('select t::text as row from account t')
    expect(rows.filter(({ row }) => row.includes(toHex('canary')))).toHaveLength(1)
  })
})
