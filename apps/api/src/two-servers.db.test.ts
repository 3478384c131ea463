/**
 * Two whole servers, each a process of its own, on one database and one source: whatever triggers them, no account is run twice at
 * a time, and when one is killed the other goes on. The witnesses are the rows of the runs and what each server has logged.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildMockEma, createWorld, DEMO_PASSWORD } from '@msp-console/mock-ema'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSeal } from './access/seal.ts'
import { createTestDatabase, type TestDatabase } from './db/testing.ts'
import { DEMO_USER } from './demo/seed.ts'
import { isLong, OVERLAPS, until } from './schedule/testing.ts'
import { secretPlace } from './sync/run.ts'
import { SECRET_KEY } from './testing.ts'

const LOGINS = ['distributor@demo.example', 'manager@demo.example', 'msp@demo.example']
const pace = { latency: 2 }
const world = createWorld('demo', 1)
const mock = buildMockEma({ world, onRequest: () => sleep(pace.latency) })

let database: TestDatabase
let owner: pg.Pool
let emaUrl: string
const servers: Server[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 4 })
  emaUrl = await mock.listen({ port: 0, host: '127.0.0.1' })
  for (const login of LOGINS) await addAccount(login)
  // The first one makes the queue's schema and the user of the demo; the second finds both.
  servers.push(await startServer())
  servers.push(await startServer())
}, 60_000)
afterAll(async () => {
  for (const server of servers) await server.kill()
  await mock.close()
  await owner.end()
  await database.drop()
})

async function addAccount(login: string): Promise<void> {
  const company = world.users.find(({ email }) => email === login)?.company ?? 0
  const { rows } = await owner.query<{ id: number }>(
    `insert into account (name, base_url, login, company_guid) values ($1, $2, $1, $3) returning id`,
    [login, emaUrl, world.idOf(company)],
  )
  const id = rows[0]?.id ?? 0
  await owner.query('update account set secret = $2 where id = $1', [
    id,
    createSeal(SECRET_KEY).seal(DEMO_PASSWORD, secretPlace(id)),
  ])
}

type Server = Awaited<ReturnType<typeof startServer>>

async function startServer() {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const dataDir = mkdtempSync(join(tmpdir(), 'two-servers-'))
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: {
      PATH: process.env['PATH'],
      MODE: 'demo',
      HOST: '127.0.0.1',
      PORT: String(port),
      EMA_PORT: new URL(emaUrl).port,
      DATABASE_URL: database.ownerUrl,
      DATA_DIR: dataDir,
      SECRET_KEY: SECRET_KEY.toString('hex'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (log += text.toString()))
  const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  void gone.then(() => rmSync(dataDir, { recursive: true, force: true }))
  const isReady = () =>
    fetch(`${origin}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  await until(async () => child.exitCode !== null || (await isReady()), 30_000)
  if (child.exitCode !== null) throw new Error(`the server does not start:\n${log}`)
  const headers = { origin, 'content-type': 'application/json', cookie: await signIn(origin) }
  return {
    /** Ids of the runs that this server says it has ended. */
    ended: () => [...log.matchAll(/"runId":(\d+)[^\n]*"msg":"sync run ended"/g)].map(([, id]) => Number(id)),
    trigger: (accountId: number) => fetch(`${origin}/api/v1/accounts/${accountId}/runs`, { method: 'POST', headers }),
    stop() {
      child.kill('SIGTERM')
      return gone
    },
    kill() {
      child.kill('SIGKILL')
      return gone
    },
  }
}

async function signIn(origin: string): Promise<string> {
  const { email, password } = DEMO_USER
  const response = await fetch(`${origin}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  return response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

async function readRuns() {
  const { rows } = await owner.query<{
    id: number
    account: number
    status: string
    trigger: string
    error: string | null
  }>('select id, account_id as account, status, trigger, error_code as error from sync_run order by id')
  return rows
}

async function findOverlaps(): Promise<unknown[]> {
  const found = await Promise.all(LOGINS.map((_, i) => owner.query(OVERLAPS, [i + 1])))
  return found.flatMap(({ rows }) => rows as unknown[])
}

test('a storm of triggers at both, and a schedule that is always due: no account is run twice at a time', async () => {
  const [a, b] = servers as [Server, Server] // two, started above
  const over = Date.now() + (isLong ? 60_000 : 4000)
  let dueAt = 0
  for (let i = 0; Date.now() < over; i++) {
    if (Date.now() > dueAt) {
      await owner.query('update account_schedule set next_run_at = now()')
      dueAt = Date.now() + 200
    }
    // In between only the schedule.
    const both = i % 3 === 0 ? [a, b] : []
    const answers = await Promise.all(both.flatMap((server) => LOGINS.map((_, at) => server.trigger(at + 1))))
    for (const { status } of answers) expect(status).toBe(202)
    await sleep(100)
  }
  await owner.query(`update account_schedule set next_run_at = now() + interval '1 hour'`)
  await ended()

  const runs = await readRuns()
  expect(await findOverlaps()).toEqual([])
  expect(runs.length).toBeGreaterThan(6)
  expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['succeeded']))
  expect(new Set(runs.map(({ trigger }) => trigger))).toEqual(new Set(['manual', 'schedule']))
  // Each run was of exactly one of them, and both had some.
  await expect.poll(() => [...a.ended(), ...b.ended()].toSorted((x, y) => x - y)).toEqual(runs.map(({ id }) => id))
  expect(Math.min(a.ended().length, b.ended().length)).toBeGreaterThan(0)
}, 180_000)

test('one is killed with a run under way: the other ends that run and does it again', async () => {
  const [a, b] = servers as [Server, Server] // as above
  pace.latency = 500
  expect((await b.trigger(1)).status).toBe(202)
  const [dead] = (await readRuns()).slice(-1)
  await sleep(300)
  await b.kill()
  const since = Date.now()
  pace.latency = 0
  // The database's time passes at once, or really.
  if (!isLong) await owner.query(`update sync_run set lease_until = now() where status = 'running'`)
  await until(
    async () => (await readRuns()).some(({ id, status }) => id > (dead?.id ?? 0) && status === 'succeeded'),
    40_000,
  )
  // A lease, a look for leases, one for what is due, and one for jobs.
  expect(Date.now() - since).toBeLessThan((isLong ? 15_000 : 0) + 5000 + 5000 + 2000 + 3000)
  const last = (await readRuns()).slice(-2)
  expect(last).toMatchObject([
    { id: dead?.id, status: 'interrupted' },
    { account: 1, status: 'succeeded', trigger: 'schedule' },
  ])
  // It says so a moment after the row does.
  await expect.poll(() => a.ended()).toContain(last[1]?.id)
  expect(await findOverlaps()).toEqual([])
}, 60_000)

test('one that is told to stop leaves within five seconds, and its run is due again', async () => {
  const [a] = servers as [Server, Server] // as above
  pace.latency = 500
  expect((await a.trigger(2)).status).toBe(202)
  await sleep(300)
  const since = Date.now()
  expect(await a.stop()).toBe(0)
  expect(Date.now() - since).toBeLessThan(5000)
  expect((await readRuns()).at(-1)).toMatchObject({ account: 2, status: 'failed', error: 'stopped' })
  const { rows } = await owner.query('select account_id from account_schedule where next_run_at <= now()')
  expect(rows).toEqual([{ account_id: 2 }])
}, 30_000)

async function ended(): Promise<void> {
  await until(async () => (await readRuns()).every(({ status }) => status !== 'running'), 20_000)
}
