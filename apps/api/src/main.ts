/**
 * Composition root: reads the configuration, brings the database up to date, connects the parts, listens, and stops
 * everything within five seconds. The only file that knows all of them.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuth } from './access/auth.ts'
import { resealSecrets, WrongKeyError } from './access/reseal.ts'
import { createSeal, type Seal } from './access/seal.ts'
import { toSetupLink } from './access/setup-link.ts'
import { hasUsers } from './access/users.ts'
import { OFFICIAL_HOSTS } from './accounts/address.ts'
import { buildApp } from './app.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { migrate, MigrationError } from './db/migrate.ts'
import { checkServer, openPools } from './db/pools.ts'
import { createInScope } from './db/scoped.ts'
import { seedDemo } from './demo/seed.ts'
import { createLog } from './http/logger.ts'
import { createQueue } from './schedule/queue.ts'
import { createSource } from './source.ts'
import { createSync, secretPlace } from './sync/run.ts'

const STOP_MS = 5_000
const SWEEP_MS = 5_000

async function main(): Promise<void> {
  const config = readConfig()
  const log = createLog(config.logLevel)
  const { databaseUrl: owner, databaseSyncUrl: sync, databaseAppUrl: app } = config
  const pools = openPools({ owner, sync, app }, (err) => log.error({ err }, 'a database connection broke'))
  await migrate(owner, { collation: config.collation })
  await checkServer(pools.app)
  const seal = createSeal(config.secretKey, config.previousKeys)
  const { resealed, unreadable } = await resealSecrets(pools.sync, seal, config.secretKeyLost)
  if (resealed > 0) log.info({ resealed }, 'secrets were sealed anew under the current key')
  if (unreadable > 0) log.warn({ unreadable }, 'stored secrets cannot be opened; their syncs say which to enter again')
  const parts = await connectParts(config, log, pools, seal)
  stopOnSignal(async () => {
    await parts.close()
    await pools.close()
  })
  await parts.server.listen({ port: config.port, host: config.host })
  await parts.afterListening()
}

async function connectParts(
  config: Config,
  log: ReturnType<typeof createLog>,
  pools: ReturnType<typeof openPools>,
  { seal, unseal }: Seal,
) {
  const isDemo = config.mode === 'demo'
  const demoSource = isDemo ? `http://127.0.0.1:${config.emaPort}` : null
  const allowedSources = { hosts: [...OFFICIAL_HOSTS, ...config.emaHosts], loopback: isDemo }
  const { openClient, probe } = createSource(allowedSources)
  const sync = createSync({
    pool: pools.sync,
    leasePool: pools.lease,
    openClient,
    unseal,
    removalGapSeconds: config.removalGapSeconds,
    log,
  })
  const sweeper = setInterval(() => void sync.sweep().catch((err: unknown) => log.error({ err }, 'sweep')), SWEEP_MS)
  const startDue = (accountId: number) => sync.startDue(accountId)
  const queue = await createQueue({ ownerUrl: config.databaseUrl, pool: pools.lease, startDue, log })
  const { secretKey, publicUrl, port } = config
  const auth = createAuth({ prisma: pools.prisma, secretKey, publicUrl, port })
  const connecting = {
    inScope: createInScope(pools.app),
    probe,
    sealPassword: (id: number, password: string) => seal(password, secretPlace(id)),
    allowedSources,
  }
  let waiting: string | null = isDemo ? 'The demo is being prepared.' : null
  const server = await buildApp({
    ...connecting,
    ...config,
    seal: { seal, unseal },
    pools,
    auth,
    log,
    startSync: (accountId, by) => sync.start(accountId, by),
    decide: (decision) => sync.decide(decision),
    instance: { mode: config.mode, version: readVersion(), collation: config.collation, demoSource },
    webRoot: join(import.meta.dirname, '../../web/dist'),
    notReady: () => waiting,
  })
  const ready = () => {
    waiting = null
  }

  async function afterListening(): Promise<void> {
    if (demoSource === null) {
      if (!(await hasUsers(pools.app)))
        process.stdout.write(`Make the first administrator here: ${toSetupLink(auth.baseUrl, secretKey)}\n`)
    } else await prepareDemo(demoSource)
    await queue.begin()
  }

  async function prepareDemo(source: string): Promise<void> {
    await seedDemo({
      ...connecting,
      identity: pools.identity,
      source,
      openClient: (login, password) =>
        openClient({ baseUrl: source, login, password, callsPerSecond: null }, AbortSignal.timeout(60_000)),
      sync: async (accountId) => (await sync.start(accountId, { trigger: 'demo', startedBy: null })).done,
      onReady: ready,
      // A demo without its mock is still a console that can be looked at.
    }).catch((err: unknown) => log.error({ err }, 'the demo could not be prepared wholly'))
    ready()
  }

  async function close(): Promise<void> {
    clearInterval(sweeper)
    // First nothing new begins.
    await queue.stop().catch((err: unknown) => log.error({ err }, 'the queue did not stop well'))
    await Promise.all([server.close(), sync.stop()])
  }
  return { server, afterListening, close }
}

function stopOnSignal(close: () => Promise<void>): void {
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), STOP_MS).unref()
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
    version: string
  } // our own manifest
  return version
}

main().catch((error: unknown) => {
  // What somebody can mend is said in its own sentence; anything else with everything known about it.
  const isPlain = error instanceof ConfigError || error instanceof MigrationError || error instanceof WrongKeyError
  process.stderr.write(`${error instanceof Error ? (isPlain ? error.message : error.stack) : String(error)}\n`)
  process.exit(1)
})
