/**
 * The embedded PostgreSQL: makes the cluster once, runs the server as a child that we own, stops it.
 * Invariants: it listens on the loopback only; a start finds its way after any crash of the launcher or of the server.
 * It knows nothing of our tables.
 */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { takeLock } from './lock.mjs'
import { makeFolder } from './make-folder.ts'
import {
  exe,
  makeCluster,
  pidFileOf,
  readAccess,
  serverEnv,
  serverTrouble,
  signalServer,
  stopOrphan,
  user,
  writeAccess,
} from './postgres-cluster.ts'
import { findPlace, removeOutside } from './postgres-place.ts'
import type { Place } from './postgres-place.ts'
import { explainWrite, Trouble } from './trouble.mjs'

export interface PostgresOptions {
  dataDir: string
  /** One line of progress for the user. */
  log: (line: string) => void
  /** Server settings on top of ours, e.g. `{ fsync: 'off' }`. */
  settings?: Record<string, string>
}

export interface Postgres {
  /** Of the database `msp_console`, as its owner, a superuser of this cluster. */
  url: string
  /** Settles when the server is gone, whether stopped or died. */
  exited: Promise<void>
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop: () => Promise<void>
}

const database = 'msp_console'

const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '256MB',
  max_connections: '60',
  random_page_cost: '1.1', // SSDs
  jit: 'off', // our statements are short; compiling them costs more than it saves
}

/** Starts the server of the data folder, making the cluster first if there is none. Throws a Trouble with one sentence. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { log } = options
  try {
    makeFolder(options.dataDir)
    const dataDir = realpathSync(options.dataDir)
    const place = findPlace(dataDir, log)
    const lock = takeLock(join(place.home, 'launcher.lock'))
    if (lock.holder)
      throw new Trouble(`The database in ${place.home} is in use by process ${lock.holder.pid}; stop that one first.`)
    try {
      const cluster = join(place.home, 'cluster')
      if (existsSync(cluster)) await stopOrphan(cluster, place, log)
      else await makeCluster(cluster, place, log)
      return await serve(cluster, place, options, lock.release)
    } catch (error) {
      lock.release()
      throw error
    }
  } catch (error) {
    throw explainWrite(error, options.dataDir, 'make it writable or set DATA_DIR to another folder')
  }
}

/** Removes a cluster that nobody will need again, its data folder included; stops its server if one was left running. */
export async function removeCluster(dataDir: string): Promise<void> {
  const place = findPlace(realpathSync(dataDir), () => {})
  const cluster = join(place.home, 'cluster')
  if (existsSync(cluster)) await stopOrphan(cluster, place, () => {})
  removeOutside(dataDir)
  rmSync(dataDir, { recursive: true, force: true })
}

async function serve(cluster: string, place: Place, options: PostgresOptions, release: () => void): Promise<Postgres> {
  const logFile = join(place.home, 'postgres.log')
  const access = readAccess(cluster)
  for (let attempt = 1; ; attempt += 1) {
    if (access.port === 0) {
      access.port = await freePort()
      writeAccess(cluster, access)
    }
    if (existsSync(logFile) && statSync(logFile).size > 5_000_000) renameSync(logFile, `${logFile}.1`)
    const logStart = existsSync(logFile) ? statSync(logFile).size : 0
    const child = spawnServer(cluster, place, access.port, logFile, options.settings)
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.once('error', () => resolve())
    })
    if (await becomesReady(cluster, child.pid, exited, options.log)) {
      const url = `postgres://${user}:${access.password}@127.0.0.1:${access.port}/${database}`
      const stop = () => stopServer(child.pid, exited, cluster, place).finally(release)
      try {
        await ensureDatabase(url)
      } catch (error) {
        await stop()
        throw error
      }
      return { url, exited, stop }
    }
    const said = readFileSync(logFile).subarray(logStart).toString('utf8')
    if (attempt < 20 && /could not bind|address already in use/i.test(said)) access.port = 0
    else if (attempt < 20 && /pre-existing shared memory/i.test(said)) await sleep(250) // backends of a killed server still leave
    else throw serverTrouble('did not start', said, logFile)
  }
}

function spawnServer(cluster: string, place: Place, port: number, logFile: string, extra: Record<string, string> = {}) {
  const settings = Object.entries({ ...serverSettings, ...extra }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  // Straight into a file: a pipe would break with the launcher. Detached: Ctrl-C is the launcher's, which stops the database last.
  const out = openSync(logFile, 'a', 0o600)
  try {
    return spawn(join(place.bin, `postgres${exe}`), ['-D', cluster, '-p', String(port), ...settings], {
      ...place.runAs,
      cwd: place.home,
      detached: true,
      env: serverEnv(),
      stdio: ['ignore', out, out],
    })
  } finally {
    closeSync(out)
  }
}

/** The server writes its state into its pid file, line 8; pg_ctl waits the same way. */
async function becomesReady(
  cluster: string,
  pid: number | undefined,
  exited: Promise<void>,
  log: (line: string) => void,
): Promise<boolean> {
  let gone = false
  void exited.then(() => (gone = true))
  for (let waited = 0; !gone; waited += 20) {
    const file = pidFileOf(cluster)
    if (file.pid === pid && file.state === 'ready') return true
    if (waited > 0 && waited % 5000 === 0) log(`The database recovers from a crash … ${waited / 1000} s`)
    await sleep(20)
  }
  return false
}

async function stopServer(
  pid: number | undefined,
  exited: Promise<void>,
  cluster: string,
  place: Place,
): Promise<void> {
  if (pid === undefined) return
  signalServer(pid, 'SIGINT', cluster, place)
  const harder = [
    setTimeout(() => signalServer(pid, 'SIGQUIT', cluster, place), 8000),
    setTimeout(() => signalServer(pid, 'SIGKILL', cluster, place), 12_000),
  ]
  await exited
  for (const timer of harder) clearTimeout(timer)
}

async function ensureDatabase(url: string): Promise<void> {
  const admin = new pg.Client({ connectionString: url.replace(/[^/]+$/, 'postgres') })
  await admin.connect()
  try {
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [database])
    if (rowCount === 0) await admin.query(`create database ${database}`)
  } finally {
    await admin.end()
  }
}

/** A port of this machine that nobody listens at now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
