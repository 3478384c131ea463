// What a browser waits for: the server as a process of its own, requests of signed-in users over HTTP, everything on this machine.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { Agent, createServer, request } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EVERYTHING } from '../apps/api/src/access/scope.ts'
import { createUser } from '../apps/api/src/access/users.ts'
import { openPools } from '../apps/api/src/db/pools.ts'
import { createInScope } from '../apps/api/src/db/scoped.ts'
import { freePort } from '../scripts/postgres.ts'
import type { Loaded } from './loaded.ts'
import { type Line, median, ms, quantile, timed } from './stand.ts'

const PASSWORD = randomBytes(12).toString('hex')
const EMAIL = { all: 'all@bench.example', part: 'part@bench.example' }
const CONNECTIONS = 50
const SECONDS = 8

export async function benchHttp(loaded: Loaded): Promise<Line[]> {
  const part = await addUsers(loaded)
  const server = await startServer(loaded.url)
  try {
    const [all, ofPart] = [await server.signIn(EMAIL.all), await server.signIn(EMAIL.part)]
    const groups = await findGroups(loaded, part.path)
    const alone = await Promise.all([measureOne(all, '/customers?limit=50'), measureOne(ofPart, '/customers?limit=50')])
    const load = await measureLoad(ofPart, groups)
    return [
      line('list page, one connection, everything', median(alone[0]), 1),
      line(`list page, one connection, ${part.size} companies`, median(alone[1]), 1),
      {
        what: `${CONNECTIONS} connections, ${part.size} companies`,
        measured: `${load.rate.toFixed(0)} req/s`,
        ratio: null,
        target: '≥ 500 req/s',
        isMet: load.rate >= 500,
      },
      line(`${CONNECTIONS} connections, p99`, quantile(load.times, 0.99), 150),
      ...(await measureSnapshot(ofPart)),
    ]
  } finally {
    await server.stop()
  }
}

function line(what: string, measured: number, most: number): Line {
  return { what, measured: ms(measured), ratio: null, target: `≤ ${most} ms`, isMet: measured <= most }
}

/** Somebody who sees all, and somebody who sees a tenth or less. */
async function addUsers({ url, owner }: Loaded) {
  const { rows } = await owner.query<{ id: number; path: string; size: number }>(
    `select id, path, size from static_group where not leaf and size * 10 <= (select size from static_group where id = 1) order by size desc limit 1`,
  )
  const [part] = rows
  if (part === undefined) throw new Error('the world has no subtree of that size')
  await owner.query('update account_schedule set next_run_at = null')
  const pools = openPools({ owner: url }, () => {})
  await createInScope(pools.identity)(EVERYTHING, async (db) => {
    const user = { name: 'Bench', password: PASSWORD }
    await createUser(db, { ...user, email: EMAIL.all })
    await createUser(db, { ...user, email: EMAIL.part, homeGroupId: part.id, set: 'mspManager' })
  })
  await pools.close()
  return part
}

async function findGroups({ owner }: Loaded, path: string): Promise<number[]> {
  const { rows } = await owner.query<{ id: number }>(
    'select id from static_group where starts_with(path, $1) and not leaf order by size desc limit 300',
    [path],
  )
  return rows.map(({ id }) => id)
}

type Get = (path: string, headers?: Record<string, string>) => Promise<{ status: number; etag: string; bytes: number }>

async function startServer(databaseUrl: string) {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-http-'))
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [join(import.meta.dirname, '../apps/api/src/main.ts')], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      SECRET_KEY: randomBytes(32).toString('hex'),
      SECRET_KEY_LOST: 'yes', // the account's secret was never sealed
      RATE_LIMIT: '1000000000',
      USER_RATE_LIMIT: '1000000000',
      LOG_LEVEL: 'fatal',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  for (let tries = 0; ; tries++) {
    if (child.exitCode !== null || tries > 300) throw new Error('the server does not start')
    if (
      await fetch(`${origin}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break
    await sleep(100)
  }
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  return {
    async signIn(email: string): Promise<Get> {
      const response = await fetch(`${origin}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: PASSWORD }),
      })
      if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`)
      const cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
      return (path, headers = {}) =>
        get(agent, `${origin}/api/v1${path}`, { cookie, 'accept-encoding': 'gzip', ...headers })
    },
    async stop() {
      agent.destroy()
      child.kill('SIGTERM')
      await gone
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function get(agent: Agent, url: string, headers: Record<string, string>): ReturnType<Get> {
  return new Promise((resolve, reject) => {
    request(url, { agent, headers }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => (bytes += chunk.length))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, etag: response.headers.etag ?? '', bytes }))
    })
      .on('error', reject)
      .end()
  })
}

async function expectOk(answer: ReturnType<Get>): Promise<void> {
  const { status } = await answer
  if (status !== 200) throw new Error(`a request was answered with ${status}`)
}

async function measureOne(get: Get, path: string): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < 300; i++) times.push(await timed(() => expectOk(get(path))))
  return times.slice(50) // once warm
}

/** As people click: pages of the tree most, then a company, a list, a search. */
async function measureLoad(get: Get, groups: readonly number[]): Promise<{ rate: number; times: number[] }> {
  const paths = (n: number) => {
    const id = groups[n % groups.length] ?? 1
    return [
      `/groups/${id}/children`,
      `/groups/${id}`,
      `/groups/${id}/children`,
      `/customers?limit=50&under=${id}`,
      `/groups/${id}`,
      n % 20 === 5 ? '/groups/search?q=qqxyzzy' : `/groups/${id}/events`,
    ][n % 6]!
  }
  let n = 0
  const times: number[] = []
  const until = async (end: number) => {
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        while (performance.now() < end) times.push(await timed(() => expectOk(get(paths(n++)))))
      }),
    )
  }
  await until(performance.now() + 2000)
  times.length = 0
  await until(performance.now() + SECONDS * 1000)
  return { rate: times.length / SECONDS, times }
}

/** The finished snapshot of the inner part against the same bytes from a server that does nothing else, in turn. */
async function measureSnapshot(read: Get): Promise<Line[]> {
  const { bytes, etag } = await read('/tree?part=inner')
  const body = Buffer.alloc(bytes)
  const bare = createServer((_, response) => void response.writeHead(200, { 'content-length': bytes }).end(body))
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve))
  const address = bare.address()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const bareUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`
  const times = { ours: [] as number[], bare: [] as number[] }
  for (let i = 0; i < 200; i++) {
    times.ours.push(await timed(() => expectOk(read('/tree?part=inner'))))
    times.bare.push(await timed(() => get(agent, bareUrl, {})))
  }
  agent.destroy()
  bare.close()
  const again = await read('/tree?part=inner', { 'if-none-match': etag })
  const ratio = median(times.bare) / median(times.ours)
  return [
    {
      what: `limit: ${(bytes / 1024).toFixed(0)} KB from a bare server`,
      measured: ms(median(times.bare)),
      ratio: 1,
      target: '',
    },
    {
      what: 'tree, inner part, finished',
      measured: ms(median(times.ours)),
      ratio,
      target: '≥ 0.8 of it',
      isMet: ratio >= 0.8,
    },
    {
      what: 'the same generation again',
      measured: `${again.status}, ${again.bytes} B`,
      ratio: null,
      target: '304',
      isMet: again.status === 304,
    },
  ]
}
