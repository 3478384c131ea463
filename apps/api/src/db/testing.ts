/**
 * Databases for tests: a clone of a template that holds all migrations, one per test file.
 * The server is started by scripts/test-postgres.ts before the first file and stopped after the last.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { inject } from 'vitest'

declare module 'vitest' {
  export interface ProvidedContext {
    testPostgres: TestPostgres
  }
}

interface TestPostgres {
  /** Connection to the maintenance database, as a role that may create databases. */
  adminUrl: string
  /** For what no owner may: null where the server was given, and its superuser is nobody's business. */
  superuserUrl: string | null
  /** Name of the database to clone. */
  template: string
}

export interface TestDatabase {
  /** Connection as the owner; connections of the other roles are derived from it. */
  ownerUrl: string
  /** Ends what is still connected and removes the database. */
  drop: () => Promise<void>
}

/** A fresh migrated database, or an empty one with `{ empty: true }`. Drop it in `afterAll`. */
export async function createTestDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const { adminUrl, template } = inject('testPostgres')
  const name = `test_${randomBytes(6).toString('hex')}`
  // 30 ms; the file_copy strategy was measured and is not faster at this size.
  await asAdmin(adminUrl, `create database ${name} template ${options.empty ? 'template0' : template}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return {
    ownerUrl: url.href,
    drop: () => dropDatabase(adminUrl, name),
  }
}

/** Autovacuum may be at work in it, which nobody but a superuser may end: it ends by itself. */
async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await asAdmin(adminUrl, `drop database if exists ${name} with (force)`)
    } catch (error) {
      if (tries === 20 || !(error instanceof pg.DatabaseError) || error.code !== '42501') throw error
      await sleep(250)
    }
  }
}

async function asAdmin(adminUrl: string, statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    await admin.query(statement)
  } finally {
    await admin.end()
  }
}
