/**
 * Applies prisma/migrations to a database and keeps Prisma's own table, so that `prisma migrate deploy` stays usable: its
 * engine is a download that not every network allows.
 * Invariants: a migration is applied wholly or not at all; two starts at once apply each one once; what was applied is never
 * edited afterwards. So a migration must not hold statements that refuse a transaction (CREATE INDEX CONCURRENTLY).
 */
import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'

export interface MigrateOptions {
  /** ICU collation of names, as the migrations read it: `current_setting('msp_console.collation')`. */
  collation: string
  /** Prisma's folder: `<name>/migration.sql`, applied in the order of the names. */
  folder?: string
}

/** The database cannot be brought up to date; the message says what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

interface Migration {
  name: string
  sql: string
  /** SHA-256 of the file, hexadecimal, as Prisma computes it. */
  checksum: string
}

interface AppliedRow {
  migration_name: string
  checksum: string
  finished_at: Date | null
  rolled_back_at: Date | null
}

/** The key under which Prisma serialises its own runs. */
const lockKey = 72_707_369

const defaultFolder = join(import.meta.dirname, '../../../../prisma/migrations')

const createTable = `
  create table if not exists _prisma_migrations (
    id                  varchar(36)  primary key not null,
    checksum            varchar(64)  not null,
    finished_at         timestamptz,
    migration_name      varchar(255) not null,
    logs                text,
    rolled_back_at      timestamptz,
    started_at          timestamptz  not null default now(),
    applied_steps_count integer      not null default 0
  )`

/** Returns the names of the migrations that were applied now. Throws a MigrationError, or pg's error when it cannot connect. */
export async function migrate(ownerUrl: string, options: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(options.folder ?? defaultFolder)
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'msp-console migrate' })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]) // released with the connection
    await client.query('set client_min_messages = warning') // "already exists, skipping" is the normal case
    await client.query(createTable)
    const pending = pendingOf(migrations, await readApplied(client))
    for (const migration of pending) await apply(client, migration, options.collation)
    return pending.map((migration) => migration.name)
  } finally {
    await client.end()
  }
}

/** All migrations of the folder in the order of their names; none when there is no folder. */
export async function readMigrations(folder: string = defaultFolder): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted()
  return Promise.all(
    names.map(async (name) => {
      const file = await readFile(join(folder, name, 'migration.sql'))
      return { name, sql: file.toString('utf8'), checksum: createHash('sha256').update(file).digest('hex') }
    }),
  )
}

async function readApplied(client: pg.Client): Promise<AppliedRow[]> {
  // A handful of rows; the table has no other index than its key.
  const { rows } = await client.query<AppliedRow>(
    'select migration_name, checksum, finished_at, rolled_back_at from _prisma_migrations where rolled_back_at is null',
  )
  return rows
}

function pendingOf(migrations: readonly Migration[], applied: readonly AppliedRow[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const row of applied) {
    const name = row.migration_name
    const migration = known.get(name)
    if (row.finished_at === null) {
      throw new MigrationError(
        `The migration ${name} failed half-way in this database; repair it and mark it with "prisma migrate resolve", or restore a backup.`,
      )
    }
    if (!migration) {
      throw new MigrationError(
        `The database holds the migration ${name}, which this version does not know; start the newer version that made it.`,
      )
    }
    if (migration.checksum !== row.checksum) {
      throw new MigrationError(
        `The migration ${name} was edited after it was applied; restore its file and put the change into a new migration.`,
      )
    }
  }
  const done = new Set(applied.map((row) => row.migration_name))
  return migrations.filter((migration) => !done.has(migration.name))
}

/** Fails without a trace: the row of a migration is written in the same transaction, so the next start simply tries again. */
async function apply(client: pg.Client, migration: Migration, collation: string): Promise<void> {
  const startedAt = new Date()
  await client.query('begin')
  try {
    await client.query(`select set_config('msp_console.collation', $1, true)`, [collation])
    await client.query(migration.sql)
    await client.query(
      `insert into _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
       values ($1, $2, clock_timestamp(), $3, $4, 1)`,
      [randomUUID(), migration.checksum, migration.name, startedAt],
    )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    const reason = error instanceof Error ? error.message : String(error)
    throw new MigrationError(`The migration ${migration.name} failed and changed nothing: ${reason}`, { cause: error })
  }
}
