/**
 * A new key for the data folder: the present one is laid beside it, readable, and the next start seals everything anew.
 * Invariant: no moment at which a key is lost; run twice before a start, both old keys are kept.
 */
import { appendFileSync, chmodSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { KEY_FILE, PREVIOUS_FILE, readSecretKey } from '../apps/api/src/secret-key.ts'
import { takeLock } from './lock.mjs'
import { printTrouble, Trouble } from './trouble.mjs'

/** @returns what to do next, one sentence */
export function rotateKey(env: Readonly<Record<string, string | undefined>>, root: string): string {
  if (env['SECRET_KEY'] || env['SECRET_KEY_FILE'])
    throw new Trouble(
      'The key is given by SECRET_KEY or SECRET_KEY_FILE: move that key to SECRET_KEY_PREVIOUS (or _FILE), give a new one (openssl rand -hex 32) and start the console.',
    )
  const dataDir = resolve(root, env['DATA_DIR'] || '.data')
  const key = join(dataDir, KEY_FILE)
  if (!existsSync(key)) throw new Trouble(`There is no key in ${dataDir} yet; the first start makes one.`)
  refuseUnreadable(dataDir)
  const lock = takeLock(join(dataDir, 'start.lock'), 'rotating the key')
  if (lock.holder)
    throw new Trouble(`The console of this folder is running (process ${lock.holder.pid}); stop it first.`)
  try {
    const previous = join(dataDir, PREVIOUS_FILE)
    appendFileSync(previous, `${readFileSync(key, 'utf8').trim()}\n`, { mode: 0o600, flush: true })
    chmodSync(previous, 0o600)
    rmSync(key)
    readSecretKey({}, dataDir)
    return `A new key is in ${key}. Start the console: it seals everything anew and signs everybody out. Then back up the new key and remove ${previous}.`
  } finally {
    lock.release()
  }
}

/** It would only stop the next start. */
function refuseUnreadable(dataDir: string): void {
  try {
    readSecretKey({}, dataDir)
  } catch (error) {
    throw new Trouble(error instanceof Error ? error.message : String(error))
  }
}

if (import.meta.main) {
  try {
    console.log(rotateKey(process.env, join(import.meta.dirname, '..')))
  } catch (error) {
    printTrouble(error)
    process.exit(1)
  }
}
