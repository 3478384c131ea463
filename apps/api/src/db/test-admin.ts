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

/**
 * A pool that has ended is still closing its connections; one that is cut off meanwhile throws where nobody listens. So first the
 * server waits for them, five seconds, and only who stays is ended. Autovacuum may be at work too, which nobody but a superuser may
 * end: it ends by itself.
 */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await execute(adminUrl, `drop database if exists ${name} ${tries === 1 ? '' : 'with (force)'}`)
    } catch (error) {
      if (tries === 20 || !(error instanceof pg.DatabaseError) || !STILL_USED.has(error.code ?? '')) throw error
      if (tries > 1) await sleep(250)
    }
  }
}

/** object_in_use; insufficient_privilege, to end autovacuum. */
const STILL_USED = new Set(['55006', '42501'])
