import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const LENGTH = 32
export const KEY_FILE = 'secret.key'
export const PREVIOUS_FILE = 'secret.key.previous'
const HOW = '64 hexadecimal digits or the base64 of 32 bytes (openssl rand -hex 32)'

/**
 * The instance's key: SECRET_KEY, else the file SECRET_KEY_FILE, else one made once in the data folder (mode 600).
 * Losing it means signing in again and entering the EMA passwords again. Throws an Error with one sentence.
 */
export function readSecretKey(
  given: { value?: string | undefined; file?: string | undefined },
  dataDir: string,
): Buffer {
  if (given.value !== undefined) return decode(given.value, 'SECRET_KEY')
  if (given.file !== undefined) return decode(read(given.file), `the file of SECRET_KEY_FILE (${given.file})`)
  const file = join(dataDir, KEY_FILE)
  if (!existsSync(file)) makeOnce(file, dataDir)
  return decode(read(file), file)
}

/**
 * Keys of before, which may still be read until everything is sealed anew: SECRET_KEY_PREVIOUS, the file
 * SECRET_KEY_PREVIOUS_FILE (both may hold several, apart by commas or white space), and what scripts/rotate-key.ts laid
 * beside the key of the data folder. Throws an Error with one sentence.
 */
export function readPreviousKeys(
  given: { value?: string | undefined; file?: string | undefined },
  dataDir: string,
): Buffer[] {
  const own = join(dataDir, PREVIOUS_FILE)
  return [
    ...decodeAll(given.value ?? '', 'SECRET_KEY_PREVIOUS'),
    ...(given.file === undefined
      ? []
      : decodeAll(
          read(given.file, 'SECRET_KEY_PREVIOUS_FILE'),
          `the file of SECRET_KEY_PREVIOUS_FILE (${given.file})`,
        )),
    ...(existsSync(own) ? decodeAll(read(own), own) : []),
  ]
}

function decodeAll(text: string, name: string): Buffer[] {
  const each = text.split(/[\s,]+/).filter((part) => part !== '')
  return each.map((part) => decode(part, name, 'SECRET_KEY_PREVIOUS'))
}

function decode(text: string, name: string, variable = 'SECRET_KEY'): Buffer {
  const trimmed = text.trim()
  const bytes = Buffer.from(trimmed, /^[0-9a-f]{64}$/i.test(trimmed) ? 'hex' : 'base64')
  if (bytes.length !== LENGTH) throw new Error(`${variable} cannot be read from ${name}: it must hold ${HOW}.`)
  return bytes
}

function read(file: string, variable = 'SECRET_KEY_FILE'): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${variable} ${file} cannot be read by this user; mend its path or rights.`, { cause: error })
  }
}

/** A link either wins or finds the file of the other start: never half a key, never two. */
function makeOnce(file: string, dataDir: string): void {
  const half = `${file}.${process.pid}`
  try {
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(half, `${randomBytes(LENGTH).toString('hex')}\n`, { mode: 0o600 })
    chmodSync(half, 0o600) // a file left by a crash keeps its old mode otherwise
    linkUnlessThere(half, file)
    rmSync(half)
  } catch (cause) {
    throw new Error(`DATA_DIR ${dataDir} cannot be written by this user; make it writable or set DATA_DIR.`, { cause })
  }
}

function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
