/**
 * The launcher: database, mock EMA (demo only) and API as one command, until Ctrl-C.
 * Invariants: one launcher per data folder; whatever ends it, nothing that it started lives on; every foreseeable failure is
 * one sentence and a non-zero exit. It holds no logic of the console.
 */
import { accessSync, constants } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../apps/api/src/config.ts'
import type { Config } from '../apps/api/src/config.ts'
import { DEMO_ADMIN, DEMO_OTHERS, DEMO_PASSWORD } from '../apps/api/src/demo/sign-ins.ts'
import { build, prismaClient, webApplication } from './build.ts'
import { openChildLog } from './child-log.ts'
import { keepRunning } from './child.ts'
import type { Kept } from './child.ts'
import { checkDatabase } from './database-url.ts'
import { watchSources, startWebServer } from './dev.ts'
import { takeLock } from './lock.mjs'
import { makeFolder } from './make-folder.ts'
import { requireFreePort } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { onStop } from './stop.ts'
import { explainWrite, printTrouble, Trouble } from './trouble.mjs'

const root = join(import.meta.dirname, '..')
const say = (line: string) => console.log(line)

/** What to undo, the last started first. */
const running: { stop: () => Promise<void>; kill?: () => void }[] = []
let stopping: Promise<void> | undefined

function stopAll(): Promise<void> {
  stopping ??= (async () => {
    for (const part of running.toReversed()) await part.stop()
  })()
  return stopping
}

async function start(): Promise<void> {
  const { production, dev } = readFlags()
  const given = process.env['DATABASE_URL'] || undefined
  const dataDir = resolve(root, process.env['DATA_DIR'] || '.data')
  const env: NodeJS.ProcessEnv = { ...process.env, MODE: production ? 'production' : 'demo', DATA_DIR: dataDir }
  makeDataDir(dataDir)
  const config = readSettings({ ...env, DATABASE_URL: given ?? 'postgres://localhost/started-below' })
  const address = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`
  const afterCrash = lockDataDir(dataDir, address)
  // What a killed launcher started is ending by itself just now.
  const patienceMs = afterCrash ? 8000 : 0
  await requireFreePort(config.port, config.host, 'PORT', patienceMs)
  if (!production) await requireFreePort(config.emaPort, '127.0.0.1', 'EMA_PORT', patienceMs)

  const log = openChildLog(dataDir, say)
  const children: Kept[] = []
  const keep = (name: string, args: string[], childEnv: NodeJS.ProcessEnv) => {
    const child = keepRunning({ name, command: args, env: childEnv, onLine: log.lines(name, name !== 'API') }, say)
    running.push(child)
    children.push(child)
    const where = `read what it said above, all of it in ${log.file}`
    void child.gaveUp.then((how) => fail(new Trouble(`The ${name} does not keep running (${how}); ${where}.`)))
    return child
  }
  if (!production) {
    keep(
      'mock EMA',
      [
        join(root, 'apps/mock-ema/src/main.ts'),
        '--world',
        'demo',
        '--port',
        String(config.emaPort),
        '--journal',
        join(dataDir, 'mock-ema.jsonl'),
      ],
      env,
    )
  }
  const [databaseUrl] = await Promise.all([
    given === undefined ? startEmbedded(dataDir) : checkDatabase(given).then(() => given),
    build(dev ? [prismaClient] : [prismaClient, webApplication], say),
  ])
  if (stopping) return
  const api = keep('API', [join(root, 'apps/api/src/main.ts')], { ...env, DATABASE_URL: databaseUrl })
  await becomesReady(config)
  for (const child of children) child.established()
  if (dev) {
    running.push(startWebServer(address, say))
    watchSources(() => void api.restart(), say)
  }
  greet(production, dev ? 'http://localhost:5173' : (config.publicUrl ?? address))
}

function readFlags(): { production: boolean; dev: boolean } {
  try {
    const { values } = parseArgs({ options: { production: { type: 'boolean' }, dev: { type: 'boolean' } } })
    return { production: values.production ?? false, dev: values.dev ?? false }
  } catch {
    throw new Trouble('The only option is --production, as in: npm start -- --production')
  }
}

function readSettings(env: NodeJS.ProcessEnv): Config {
  try {
    const config = readConfig(env)
    if (config.port === 0) throw new Trouble('PORT must not be 0 here; set it to the port to serve at.')
    return config
  } catch (error) {
    throw error instanceof ConfigError ? new Trouble(error.message) : error
  }
}

/** Before anything else writes there. */
function makeDataDir(dataDir: string): void {
  try {
    makeFolder(dataDir)
    accessSync(dataDir, constants.W_OK)
  } catch (error) {
    throw explainWrite(error, dataDir, 'make it writable or set DATA_DIR to another folder')
  }
}

/** Returns whether the last launcher of this folder was killed. */
function lockDataDir(dataDir: string, address: string): boolean {
  try {
    const lock = takeLock(join(dataDir, 'start.lock'), address)
    if (lock.holder) {
      throw new Trouble(
        `The console of this folder is running already (process ${lock.holder.pid}) at ${lock.holder.note}; use that one, or stop it first.`,
      )
    }
    running.push({ stop: async () => lock.release() })
    return lock.afterCrash
  } catch (error) {
    throw explainWrite(error, dataDir, 'make it writable or set DATA_DIR to another folder')
  }
}

/** Registered before it is up: a failure elsewhere must stop it as well. */
async function startEmbedded(dataDir: string): Promise<string> {
  const starting = startPostgres({ dataDir, log: say })
  running.push({ stop: async () => (await starting.catch(() => undefined))?.stop() })
  const server = await starting
  void server.exited.then(() => fail(new Trouble('The database ended unexpectedly; start again, it repairs itself.')))
  return server.url
}

async function becomesReady(config: Config): Promise<void> {
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${config.port}/readyz`
  for (let waited = 0; !stopping; waited += 40) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok) return
    if (waited > 0 && waited % 4000 === 0) say(`Preparing the console … ${waited / 1000} s`)
    await sleep(40)
  }
}

function greet(production: boolean, address: string): void {
  if (stopping) return
  const others = DEMO_OTHERS.map(({ email, role }) => `\n            ${email} (${role})`).join('')
  const signIn = production
    ? ''
    : `\n  Sign in:  ${DEMO_ADMIN.email} / ${DEMO_PASSWORD}\n  Or, with the same password, see one part as${others}`
  say(`\n  Console:  ${address}${signIn}\n  Stop:     Ctrl-C\n`)
}

async function fail(error: unknown): Promise<void> {
  // Ctrl-C reaches tools of ours too; what they report about it then is no news.
  await sleep(100)
  if (stopping) return
  printTrouble(error)
  await stopAll()
  process.exit(1)
}

onStop({
  stop: () => {
    say('Stopping …')
    void stopAll().then(() => process.exit(0))
  },
  force: () => {
    for (const part of running) part.kill?.()
  },
})
process.on('uncaughtException', (error) => void fail(error))
process.on('unhandledRejection', (error) => void fail(error))
start().catch(fail)
