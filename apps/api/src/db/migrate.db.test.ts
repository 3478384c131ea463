import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate, readMigrations } from './migrate.ts'
import { createTestDatabase } from './testing.ts'
import type { TestDatabase } from './testing.ts'

let database: TestDatabase
let folder: string

beforeEach(async () => {
  database = await createTestDatabase({ empty: true })
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
})

afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

async function put(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true })
  await writeFile(join(folder, name, 'migration.sql'), sql)
}

const run = (collation = 'cs') => migrate(database.ownerUrl, { collation, folder })

async function rows<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

test('applies what is missing in the order of the names and records it as Prisma does', async () => {
  const second = 'alter table thing add column name text;\ninsert into thing values (1, $$one$$);'
  await put('2_second', second)
  await put('1_first', 'create table thing (id int);')
  expect(await run()).toEqual(['1_first', '2_second'])
  expect(await run()).toEqual([])
  await put('3_third', 'create table other (id int);')
  expect(await run()).toEqual(['3_third'])

  const recorded = await rows('select * from _prisma_migrations order by started_at')
  expect(recorded.map((row) => row['migration_name'])).toEqual(['1_first', '2_second', '3_third'])
  expect(recorded[1]).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    checksum: createHash('sha256').update(second).digest('hex'),
    logs: null,
    rolled_back_at: null,
    applied_steps_count: 1,
  })
  expect(recorded[1]?.['finished_at'].getTime()).toBeGreaterThanOrEqual(recorded[1]?.['started_at'].getTime())
})

test('three starts at once apply each migration once', async () => {
  await put('1_first', 'create table thing (id int); select pg_sleep(0.2);')
  const applied = await Promise.all([run(), run(), run()])
  expect(applied.flat()).toEqual(['1_first'])
})

test('a migration that fails changes nothing, and works once it is mended', async () => {
  await put('1_first', 'create table kept (id int);')
  await put('2_broken', 'create table thing (id int); select 1 / 0;')
  await expect(run()).rejects.toThrow('The migration 2_broken failed and changed nothing: division by zero')
  expect(await rows("select to_regclass('thing') as thing, to_regclass('kept') as kept")).toEqual([
    { thing: null, kept: 'kept' },
  ])
  await put('2_broken', 'create table thing (id int);')
  expect(await run()).toEqual(['2_broken'])
})

test('refuses a migration that was edited after it was applied', async () => {
  await put('1_first', 'create table thing (id int);')
  await run()
  await put('1_first', 'create table thing (id bigint);')
  await expect(run()).rejects.toThrow('1_first was edited after it was applied')
})

test('refuses a database in which another tool failed half-way, until that is resolved', async () => {
  await put('1_first', 'create table thing (id int);')
  await run()
  await rows("update _prisma_migrations set finished_at = null, logs = 'ERROR'")
  await expect(run()).rejects.toThrow('1_first failed half-way')
  await rows('update _prisma_migrations set rolled_back_at = now()')
  await rows('drop table thing')
  expect(await run()).toEqual(['1_first'])
})

test('refuses a database made by a newer version', async () => {
  await put('1_first', 'create table thing (id int);')
  await put('2_newer', 'create table newer (id int);')
  await run()
  await rm(join(folder, '2_newer'), { recursive: true })
  await expect(run()).rejects.toThrow('2_newer, which this version does not know')
})

test('hands the collation to the migrations', async () => {
  await put('1_first', "create table seen as select current_setting('msp_console.collation') as value;")
  await run('de')
  expect(await rows('select value from seen')).toEqual([{ value: 'de' }])
})

test('the migrations of this repository apply with an owner that is no superuser', async () => {
  const names = (await readMigrations()).map((migration) => migration.name)
  expect(await migrate(database.ownerUrl, { collation: 'cs' })).toEqual(names)
})
