// The server as a test sees it: real database, real sync, and, where asked for, the real mock of EMA on a free port.
import { createHmac, randomUUID } from 'node:crypto'
import type { Args, BuiltInSet, Endpoint, Problem, Reply } from '@msp-console/contract'
import {
  buildMockEma,
  createWorld,
  DEMO_PASSWORD,
  type MockEma,
  type OnRequest,
  type World,
} from '@msp-console/mock-ema'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import pg from 'pg'
import { createAuth } from './access/auth.ts'
import { EVERYTHING } from './access/scope.ts'
import { createSeal } from './access/seal.ts'
import { createUser } from './access/users.ts'
import { type AppDeps, buildApp } from './app.ts'
import { openPools, type Pools } from './db/pools.ts'
import { createInScope } from './db/scoped.ts'
import { createTestDatabase } from './db/testing.ts'
import { createLog } from './http/logger.ts'
import { createSource } from './source.ts'
import { createSync, type Sync, secretPlace } from './sync/run.ts'

export const SECRET_KEY = Buffer.alloc(32, 7)
export const ADMIN = { name: 'Ada Admin', email: 'ada@console.example', password: 'a-long-Password-1' }

/** Somebody who calls endpoints; `headers` go with every call. */
export interface Actor {
  headers: Record<string, string>
  /** Calls an endpoint and checks the reply's shape; throws the problem it got instead. */
  call: <E extends Endpoint>(endpoint: E, args?: Partial<Args<E>>) => Promise<Reply<E>>
  /** The problem that a call must end with. */
  problem: <E extends Endpoint>(endpoint: E, args?: Partial<Record<keyof Args<E>, unknown>>) => Promise<Problem>
}

export interface TestApp extends Omit<Actor, 'headers'> {
  app: FastifyInstance
  pools: Pools
  /** As the owner, to arrange what no request can. */
  owner: pg.Pool
  sync: Sync
  /** `name=value` of the administrator's session. */
  cookie: string
  /** Calls as whoever these headers say. */
  act: (headers: Record<string, string>) => Actor
  /** A new user with a built-in set on a group, signed in. */
  actAs: (set: BuiltInSet, homeGroupId: number) => Promise<Actor & { email: string }>
  /** Connects an account at the mock as the route does and waits for its first sync. */
  connect: (mock: TestMock, login?: string) => Promise<string>
  /** Waits for every run that was started over HTTP. */
  settle: () => Promise<void>
  close: () => Promise<void>
}

export async function openTestApp(changes: Partial<AppDeps> = {}): Promise<TestApp> {
  const database = await createTestDatabase()
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
  const pools = openPools({ owner: database.ownerUrl }, () => {})
  const log = changes.log ?? createLog(process.env['TEST_LOG'] ?? 'silent')
  const { seal, unseal } = createSeal(SECRET_KEY)
  const allowedSources = changes.allowedSources ?? { hosts: [], loopback: true }
  const { openClient, probe } = createSource(allowedSources)
  const sync = createSync({ pool: pools.sync, leasePool: pools.lease, openClient, unseal, removalGapSeconds: 0, log })
  const runs: Promise<void>[] = []
  const publicUrl = changes.publicUrl
  const auth = createAuth({ prisma: pools.prisma, secretKey: SECRET_KEY, publicUrl, port: 3000 })
  const app = await buildApp({
    pools,
    auth,
    log,
    secretKey: SECRET_KEY,
    seal: { seal, unseal },
    publicUrl,
    rateLimitPerMinute: 100_000,
    userRateLimitPerMinute: 100_000,
    wholeTreeMost: 200_000,
    trustedProxies: publicUrl === undefined ? [] : ['loopback'],
    webRoot: '/nonexistent',
    instance: { mode: 'demo', version: '0.0.0', collation: 'cs', demoSource: null },
    notReady: () => null,
    probe,
    sealPassword: (id, password) => seal(password, secretPlace(id)),
    allowedSources,
    async startSync(accountId, by) {
      const started = await sync.start(accountId, by)
      runs.push(started.done)
      return started
    },
    decide: (decision) => sync.decide(decision),
    ...changes,
  })
  await app.ready()
  sendAsBrowsersDo(app)
  await createInScope(pools.identity)(EVERYTHING, (db) => createUser(db, ADMIN))
  const cookie = await signIn(app, ADMIN)

  const act = (headers: Record<string, string>): Actor => {
    const send = (endpoint: Endpoint, args: SentArgs = {}) => app.inject({ ...toRequest(endpoint, args), headers })
    return {
      headers,
      async call(endpoint, args) {
        const response = await send(endpoint, args)
        if (response.statusCode !== endpoint.status) throw new Error(`${endpoint.name}: ${response.body}`)
        return endpoint.response.parse(response.json()) as Reply<typeof endpoint> // parsed by its own schema
      },
      async problem(endpoint, args) {
        const response = await send(endpoint, args)
        if (!response.headers['content-type']?.startsWith('application/problem+json'))
          throw new Error(`no problem but ${response.statusCode} ${response.body.slice(0, 200)}`)
        return response.json<Problem>()
      },
    }
  }
  const { call, problem } = act({ cookie })

  return {
    app,
    pools,
    owner,
    sync,
    cookie,
    call,
    problem,
    act,
    async actAs(set, homeGroupId) {
      const user = {
        name: `A ${set}`,
        email: `${set.toLowerCase()}-${randomUUID()}@console.example`,
        password: ADMIN.password,
      }
      await createInScope(pools.identity)(EVERYTHING, (db) => createUser(db, { ...user, set, homeGroupId }))
      return { ...act({ cookie: await signIn(app, user) }), email: user.email }
    },
    async connect(mock, login = 'distributor@demo.example') {
      const response = await app.inject({
        method: 'POST',
        url: '/api/v1/accounts',
        headers: { cookie },
        payload: { baseUrl: mock.url, login, password: DEMO_PASSWORD, callsPerSecond: null },
      })
      if (response.statusCode !== 200) throw new Error(response.body)
      await Promise.all(runs)
      return response.json<{ id: string }>().id
    },
    async settle() {
      await Promise.all(runs)
    },
    async close() {
      await app.close()
      await sync.stop()
      await Promise.all([pools.close(), owner.end()])
      await database.drop()
    },
  }
}

/** A cookie is a browser's, and browsers say where a request comes from; a test that says it itself is left alone. */
function sendAsBrowsersDo(app: FastifyInstance): void {
  const inject = app.inject.bind(app) as (options: InjectOptions) => Promise<LightMyRequestResponse>
  const send = (options: InjectOptions | string) => {
    if (typeof options === 'string') return inject({ url: options })
    const { headers = {} } = options
    const isSaid = !('cookie' in headers) || 'origin' in headers || 'sec-fetch-site' in headers
    return inject(isSaid ? options : { ...options, headers: { ...headers, 'sec-fetch-site': 'same-origin' } })
  }
  app.inject = send as typeof app.inject // the forms with callbacks and chains are used nowhere
}

interface SentArgs {
  params?: unknown
  query?: unknown
  body?: unknown
}

/** As `inject` takes it. */
export function toRequest(endpoint: Endpoint, args: SentArgs) {
  const path = endpoint.path.replaceAll(/:([a-z]+)/gi, (_, name: string) => String(toRecord(args.params)[name]))
  return {
    method: endpoint.method,
    url: `/api/v1${path}`,
    query: toQuery(args.query),
    ...(args.body === undefined ? {} : { payload: args.body as object }), // tests send what they like
  }
}

/** As a URL carries it; what is undefined is left out. */
function toQuery(value: unknown): Record<string, string> {
  const given = Object.entries(toRecord(value)).filter(([, each]) => each !== undefined)
  return Object.fromEntries(given.map(([name, each]) => [name, String(each)]))
}

function toRecord(value: unknown): Record<string, unknown> {
  return { ...(value as Record<string, unknown> | undefined) } // arguments of an endpoint are objects
}

export async function signIn(app: FastifyInstance, user: { email: string; password: string }): Promise<string> {
  const { email, password } = user
  const response = await app.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    payload: { email, password },
    remoteAddress: toAddress(),
  })
  const cookie = response.cookies[0]
  if (cookie === undefined) throw new Error(`no session: ${response.body}`)
  return `${cookie.name}=${encodeURIComponent(cookie.value)}`
}

/** What an authenticator app reads. */
export function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'))
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((eight) => parseInt(eight, 2)))
}

let addresses = 0
/** Another loopback address each time: there is a limit per address on signing in. */
export function toAddress(): string {
  addresses += 1
  return `127.1.${addresses >> 8}.${addresses & 255}`
}

export interface TestMock {
  url: string
  world: World
  server: MockEma
  close: () => Promise<void>
}

export async function openMock(options: { world?: World; onRequest?: OnRequest } = {}): Promise<TestMock> {
  const world = options.world ?? createWorld('demo', 1)
  const server = buildMockEma({ world, ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }) })
  const url = await server.listen({ port: 0, host: '127.0.0.1' })
  return { url, world, server, close: () => server.close() }
}

/** Every counter of the tree against what counting says; the ids of the groups that differ. */
export async function findWrongCounters(db: pg.Pool): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `select g.id from static_group g cross join lateral (
       select count(*)::int as size, count(*) filter (where s.leaf and s.state = 'notSetUp')::int as not_set_up,
         count(*) filter (where s.leaf and s.state = 'normal')::int as normal,
         count(*) filter (where s.leaf and s.state = 'unlinked')::int as unlinked,
         count(*) filter (where s.parent_id = g.id)::int as children
       from static_group s where s.path >= g.path and s.path < left(g.path, -1) || '0') t
     where (g.size, g.not_set_up, g.normal, g.unlinked, g.child_count)
       is distinct from (t.size, t.not_set_up, t.normal, t.unlinked, t.children) order by g.id`,
  )
  return rows.map(({ id }) => id)
}

/** A cookie value as better-auth would sign it with another secret. */
export function forgeCookie(name: string, token: string): string {
  return `${name}=${encodeURIComponent(`${token}.${createHmac('sha256', 'another').update(token).digest('base64')}`)}`
}
