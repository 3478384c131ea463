/**
 * Composition root: reads the configuration, brings the database up to date, connects the parts, listens, and stops
 * everything within five seconds. The only file that knows all of them.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuth } from './access/auth.ts'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'
import { migrate } from './db/migrate.ts'
import { checkServer, openPools } from './db/pools.ts'
import { createLog } from './http/logger.ts'

const config = readConfig()
const log = createLog(config.logLevel)
const pools = openPools(
  { owner: config.databaseUrl, sync: config.databaseSyncUrl, app: config.databaseAppUrl },
  (err) => log.error({ err }, 'a database connection broke'),
)
await migrate(config.databaseUrl, { collation: config.collation })
await checkServer(pools.app)
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
  version: string
} // our own manifest
const auth = createAuth({
  prisma: pools.prisma,
  secretKey: config.secretKey,
  publicUrl: config.publicUrl,
  port: config.port,
})
const app = await buildApp({
  pools,
  auth,
  secretKey: config.secretKey,
  instance: { mode: config.mode, version, collation: config.collation, demoSource: null },
  publicUrl: config.publicUrl,
  rateLimitPerMinute: config.rateLimitPerMinute,
  log,
  webRoot: join(import.meta.dirname, '../../web/dist'),
  notReady: () => null,
})
await app.listen({ port: config.port, host: config.host })
