/**
 * A console of its own for a test file: a database cloned from the template, the mock EMA with its demo world in this
 * process, the API as a real child process that serves the built web application.
 * Invariants: nothing is shared with another stack; whatever ends the worker, the API ends with it. Faults are made in the
 * mock's world or by killing the process, never between browser and API.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { buildMockEma, createWorld, type World } from '../apps/mock-ema/src/index.ts'
import { dropDatabase, execute } from '../apps/api/src/db/test-admin.ts'
import { freePort } from '../scripts/postgres.ts'

const root = join(import.meta.dirname, '..')
const guard = new URL('../scripts/end-with-launcher.ts', import.meta.url).href
const START_MS = 45_000

export interface Stack {
  /** Where browsers reach the console. */
  origin: string
  /** Where the mock EMA answers. */
  emaOrigin: string
  world: World
  /** Every answer of the mock takes that long from now on. */
  setLatency: (ms: number) => void
  query: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>
  /** `kill -9`; resolves when the process is gone. */
  killApi: () => Promise<void>
  /** After `killApi`. Resolves when it is ready. */
  startApi: () => Promise<void>
  /** What the API has written so far. */
  logFile: string
  close: () => Promise<void>
}

/**
 * Ready when the demo is prepared wholly: an account synced three times, half of the customers marked, some removed.
 * @param settings further environment of the API
 */
export async function startStack(settings: Readonly<Record<string, string>> = {}): Promise<Stack> {
  const name = `e2e_${randomBytes(6).toString('hex')}`
  const dataDir = join(root, '.cache/e2e', name)
  mkdirSync(dataDir, { recursive: true })
  const database = await createDatabase(name)
  let latency = 0
  const world = createWorld('demo')
  const ema = buildMockEma({ world, onRequest: () => (latency > 0 ? sleep(latency) : undefined) })
  const emaOrigin = await ema.listen({ port: 0, host: '127.0.0.1' })
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const logFile = join(root, '.cache/e2e', `${name}.log`)
  const api = createApi(origin, logFile, {
    MODE: 'demo',
    HOST: 'localhost',
    PORT: String(port),
    EMA_PORT: new URL(emaOrigin).port,
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    RATE_LIMIT: '60000',
    ...settings,
  })
  const query: Stack['query'] = async (text, values) => (await database.pool.query(text, values)).rows
  const close = async () => {
    await api.stop()
    await ema.close()
    await database.drop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await api.start()
    await becomesPrepared(query)
  } catch (error) {
    await close()
    throw error
  }
  const setLatency = (ms: number) => {
    latency = ms
  }
  return { origin, emaOrigin, world, setLatency, query, killApi: api.kill, startApi: api.start, logFile, close }
}

async function createDatabase(name: string) {
  const adminUrl = process.env['E2E_ADMIN_URL'] ?? ''
  await execute(adminUrl, `create database ${name} template ${process.env['E2E_TEMPLATE']}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  const pool = new pg.Pool({ connectionString: url.href, max: 2 })
  const drop = async () => {
    await pool.end()
    await dropDatabase(adminUrl, name)
  }
  return { url: url.href, pool, drop }
}

function createApi(origin: string, logFile: string, settings: Record<string, string>) {
  const log = createWriteStream(logFile)
  let child: ChildProcess | undefined
  let gone = Promise.resolve()

  const start = async () => {
    const mine = spawn(process.execPath, ['--import', guard, join(root, 'apps/api/src/main.ts')], {
      env: { PATH: process.env['PATH'], NO_COLOR: '1', ...settings },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    child = mine
    gone = new Promise((resolve) => mine.once('exit', () => resolve()))
    for (const stream of [mine.stdout, mine.stderr]) stream?.pipe(log, { end: false })
    const until = Date.now() + START_MS
    while (!(await isReady(origin))) {
      if (mine.exitCode !== null || Date.now() > until) throw new Error(`The API does not start; read ${logFile}`)
      await sleep(50)
    }
  }
  const end = (signal: NodeJS.Signals) => async () => {
    child?.kill(signal)
    await gone
  }
  return { start, kill: end('SIGKILL'), stop: end('SIGTERM') }
}

async function isReady(origin: string): Promise<boolean> {
  const answer = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
  await answer?.body?.cancel()
  return answer?.ok ?? false
}

/** The server is ready after the first of the three syncs that prepare the demo. */
async function becomesPrepared(query: Stack['query']): Promise<void> {
  for (const until = Date.now() + START_MS; Date.now() < until; await sleep(50)) {
    const [runs] = await query<{ done: number }>(
      `select count(*)::int as done from sync_run where trigger = 'demo' and status = 'succeeded'`,
    )
    if (runs?.done === 3) return
  }
  throw new Error('The demo does not get prepared.')
}
