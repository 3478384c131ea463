// What tests ask the server itself for. Also for scripts and browser tests, so nothing of the test runner is used here.
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Autovacuum may be at work in it, which nobody but a superuser may end: it ends by itself. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await execute(adminUrl, `drop database if exists ${name} with (force)`)
    } catch (error) {
      if (tries === 20 || !(error instanceof pg.DatabaseError) || error.code !== '42501') throw error
      await sleep(250)
    }
  }
}
