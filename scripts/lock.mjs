/**
 * A lock that is a file with the holder's process in it. Plain JavaScript for Node 20: it also guards `npm ci`.
 * Invariant: a lock whose holder is gone (kill -9, power cut) is never in anybody's way, even when its process id was given
 * to another process since: the holder's start time is part of the lock.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { codeOf } from './trouble.mjs'

/** @typedef {{ pid: number, started: string, note: string }} Holder */

/**
 * @param {number} pid
 * @returns {boolean} whether the process exists, whoever owns it
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/**
 * What tells a process from a later one with the same id; '' where it cannot be known (Windows).
 * @param {number} pid
 */
function startTime(pid) {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The name in field 2 may hold spaces and brackets; start time is field 22, the 20th after the last bracket.
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
    }
    if (process.platform === 'win32') return ''
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}

/**
 * The live holder of the lock, or undefined when nobody holds it.
 * @param {string} file
 * @returns {Holder | undefined}
 */
export function lockHolder(file) {
  try {
    const text = readFileSync(file, 'utf8')
    if (text === '') {
      // Somebody is between creating and filling it, or died there.
      return Date.now() - statSync(file).mtimeMs < 2000 ? { pid: 0, started: '', note: '' } : undefined
    }
    /** @type {Holder} */
    const holder = JSON.parse(text)
    return isAlive(holder.pid) && startTime(holder.pid) === holder.started ? holder : undefined
  } catch {
    return undefined
  }
}

/**
 * Takes the lock or returns who holds it. Throws the system's error when the file cannot be written.
 * @param {string} file
 * @param {string} [note] for whoever finds it taken
 * @returns {{ release: () => void, afterCrash: boolean, holder?: never } | { holder: Holder, release?: never }} `afterCrash`:
 *   the last holder never released it
 */
export function takeLock(file, note = '') {
  const mine = JSON.stringify({ pid: process.pid, started: startTime(process.pid), note })
  let afterCrash = false
  for (;;) {
    try {
      writeFileSync(file, mine, { flag: 'wx' })
      return { release: () => readOr(file) === mine && rmSync(file, { force: true }), afterCrash }
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
    const holder = lockHolder(file)
    if (holder) return { holder }
    // Moved aside rather than removed: of two that see the stale lock only one succeeds, the other finds the new lock.
    const aside = `${file}.stale-${process.pid}`
    try {
      renameSync(file, aside)
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
    }
    rmSync(aside, { force: true })
    afterCrash = true
  }
}

/** @param {string} file */
function readOr(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
