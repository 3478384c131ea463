/**
 * Databases for tests: a clone of a template that holds all migrations, one per test file.
 * The server is started by scripts/test-postgres.ts before the first file and stopped after the last.
 */
import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { dropDatabase, execute } from './test-admin.ts'

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
  await execute(adminUrl, `create database ${name} template ${options.empty ? 'template0' : template}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return {
    ownerUrl: url.href,
    drop: () => dropDatabase(adminUrl, name),
  }
}
