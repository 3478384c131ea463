/**
 * The embedded PostgreSQL's cluster on disk: made once, freed from what a killed start left, its password and port.
 * Invariant: a half-made cluster is never taken for a whole one.
 */
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive } from './lock.mjs'
import type { Place } from './postgres-place.ts'
import { Trouble } from './trouble.mjs'

/** Kept inside the cluster's folder, so that cluster and password always belong together. */
export interface Access {
  password: string
  port: number
}

export const user = 'msp_console'
const major = '18'
const accessFile = 'msp-console.json'
export const exe = process.platform === 'win32' ? '.exe' : ''

/** Under a temporary name and then renamed: a start that was killed half-way leaves nothing that looks complete. */
export async function makeCluster(cluster: string, place: Place, log: (line: string) => void): Promise<void> {
  log('Creating the database …')
  const half = `${cluster}.new`
  const passwordFile = join(place.home, 'password.new')
  rmSync(half, { recursive: true, force: true })
  rmSync(passwordFile, { force: true })
  const access: Access = { password: randomBytes(24).toString('base64url'), port: 0 }
  mkdirSync(half, { mode: 0o700 })
  writeFileSync(passwordFile, access.password, { mode: 0o600 })
  if (place.runAs) for (const path of [half, passwordFile]) chownSync(path, place.runAs.uid, place.runAs.gid)
  const child = spawn(
    join(place.bin, `initdb${exe}`),
    [
      `--pgdata=${half}`,
      `--username=${user}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=icu',
      '--icu-locale=und',
    ],
    // Detached, so that Ctrl-C meets the launcher alone.
    { ...place.runAs, cwd: place.home, env: serverEnv(), detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code) => resolve(code === 0 ? undefined : said))
  })
  rmSync(passwordFile, { force: true })
  if (failure !== undefined) throw serverTrouble('could not be created', failure, place.home)
  writeAccess(half, access)
  renameSync(half, cluster)
}

/**
 * A launcher that was killed leaves its server running. We own the lock, so nobody needs that one: stop it and start our own,
 * rather than adopt a process that we could neither watch nor wait for.
 */
export async function stopOrphan(cluster: string, place: Place, log: (line: string) => void): Promise<void> {
  const version = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  if (version !== major) {
    throw new Trouble(
      `The database in ${cluster} was made by PostgreSQL ${version}, this is ${major}; dump it with the old version, or set DATA_DIR to a new folder.`,
    )
  }
  const pidFile = join(cluster, 'postmaster.pid')
  const pid = pidFileOf(cluster).pid
  if (pid === undefined) return
  if (!isAlive(pid) || !runsCluster(pid, cluster)) {
    // The id may belong to another process by now, and PostgreSQL would refuse to start because of it.
    rmSync(pidFile, { force: true })
    return
  }
  log('Stopping the database of a start that was killed …')
  signalServer(pid, 'SIGINT', cluster, place)
  for (let waited = 0; isAlive(pid); waited += 50) {
    if (waited === 10_000) signalServer(pid, 'SIGQUIT', cluster, place)
    if (waited > 20_000)
      throw new Trouble(
        `PostgreSQL (process ${pid}) of an earlier start does not stop; end that process and start again.`,
      )
    await sleep(50)
  }
}

/** The server works in its data folder; where /proc does not tell, the command line names it. */
function runsCluster(pid: number, cluster: string): boolean {
  if (process.platform === 'win32') return true
  try {
    return realpathSync(`/proc/${pid}/cwd`) === realpathSync(cluster)
  } catch {
    return (
      spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.includes(cluster) ?? false
    )
  }
}

export function signalServer(
  pid: number,
  signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL',
  cluster: string,
  place: Place,
): void {
  if (process.platform === 'win32') {
    const mode = signal === 'SIGINT' ? 'fast' : 'immediate'
    spawnSync(join(place.bin, 'pg_ctl.exe'), ['stop', '-D', cluster, '-m', mode, '-W'])
    return
  }
  try {
    process.kill(pid, signal)
  } catch {
    // It is gone already: that is what was wanted.
  }
}

export function pidFileOf(cluster: string): { pid: number | undefined; state: string } {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    return { pid: pid > 0 ? pid : undefined, state: lines[7]?.trim() ?? '' }
  } catch {
    return { pid: undefined, state: '' }
  }
}

export function readAccess(cluster: string): Access {
  // Written by writeAccess only, together with the cluster.
  return JSON.parse(readFileSync(join(cluster, accessFile), 'utf8')) as Access
}

export function writeAccess(cluster: string, access: Access): void {
  const file = join(cluster, accessFile)
  writeFileSync(`${file}.new`, JSON.stringify(access), { mode: 0o600 })
  chmodSync(`${file}.new`, 0o600)
  renameSync(`${file}.new`, file)
}

/** Variables like PGDATA or PGPORT of the user's shell are meant for another server. */
export function serverEnv(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_'))
  return { ...Object.fromEntries(entries), LC_ALL: 'C' }
}

export function serverTrouble(what: string, said: string, where: string): Trouble {
  if (/No space left on device/i.test(said))
    return new Trouble(`The disk that holds the database is full; free some space and start again.`)
  const line =
    said.split('\n').findLast((text) => /FATAL|PANIC|error/i.test(text)) ?? said.trim().split('\n').at(-1) ?? ''
  return new Trouble(
    `The embedded PostgreSQL ${what}: ${line.replace(/^.*?(FATAL|PANIC|error): +/, '')} (see ${where}); fix that, or set DATABASE_URL to another server.`,
  )
}
