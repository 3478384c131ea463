// For tests that let something go wrong at a step of a run: a worker whose connections to PostgreSQL pass a proxy that listens.
import { openTcpProxy, type TcpProxy } from '@msp-console/mock-ema'
import pg from 'pg'
import { createTestSync } from '../sync/test-sync.ts'

/** What is said to PostgreSQL, one after the other, when the step begins. */
export const STEPS: Readonly<Record<string, readonly string[]>> = {
  'the listing': ['create temp table staging'],
  staging: ['copy staging'],
  planning: ['insert into plan'],
  'the history': ['insert into group_event'],
  applying: ['insert into static_group'],
  'the commit': ['insert into static_group', 'commit\0'],
}

/**
 * Runs an account, and calls `strike` once when the step begins, before what is said is passed on.
 * @param strike gets the proxy, which is healed afterwards, and the process of PostgreSQL that serves the run
 * @returns the run, which has ended as far as its worker knows
 */
export async function runWithStrike(
  databaseUrl: string,
  accountId: number,
  step: string,
  strike: (proxy: TcpProxy, backend: number) => void,
): Promise<number> {
  const left = [...(STEPS[step] ?? [])]
  let backend = 0
  const url = new URL(databaseUrl)
  const proxy: TcpProxy = await openTcpProxy({
    target: { host: url.hostname, port: Number(url.port) },
    onChunk(from, chunk) {
      if (from !== 'up' || left[0] === undefined || !chunk.includes(left[0])) return
      left.shift()
      if (left.length === 0) strike(proxy, backend)
    },
  })
  url.hostname = proxy.host
  url.port = String(proxy.port)
  const open = () =>
    new pg.Pool({
      connectionString: url.href,
      options: '-c role=msp_console_sync',
      max: 1,
      connectionTimeoutMillis: 500,
    }).on('error', () => {})
  const [pool, leasePool] = [open(), open()]
  pool.on('connect', (client) => {
    backend = (client as unknown as { processID: number }).processID // told by the server, kept by pg
  })
  const sync = createTestSync({ pool, leasePool })
  const { runId, done } = await sync.start(accountId, { trigger: 'manual', startedBy: null })
  await done
  if (left.length > 0) throw new Error(`the run never came to ${step}`)
  proxy.set('up', {})
  proxy.set('down', {})
  await proxy.setDown(false)
  await Promise.all([pool.end(), leasePool.end()])
  await proxy.close()
  return runId
}
