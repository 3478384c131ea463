import type pg from 'pg'

/** Anything that runs one statement: the pool, or a client inside a transaction. */
export type Db = Pick<pg.Pool, 'query'>

/** Runs `work` in one transaction on one connection: all of it or nothing. Statements may last `timeoutSeconds`. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (db: pg.PoolClient) => Promise<T>,
  { timeoutSeconds = 5, begin = 'begin' }: { timeoutSeconds?: number; begin?: string } = {},
): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  // The pool listens to idle clients only; one that is lost while it works would otherwise end the process.
  const onError = (error: Error): void => {
    broken = error
  }
  client.on('error', onError)
  try {
    await client.query(begin)
    if (timeoutSeconds !== 5) await client.query(`set local statement_timeout = ${timeoutSeconds * 1000}`)
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error(String(failure))
    })
    throw error
  } finally {
    // A connection that cannot even roll back must not go back to the pool.
    if (broken === undefined) client.off('error', onError)
    client.release(broken)
  }
}
