import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readPreviousKeys, readSecretKey } from '../apps/api/src/secret-key.ts'
import { takeLock } from './lock.mjs'
import { rotateKey } from './rotate-key.ts'

let folder: string
let env: Record<string, string>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotate-'))
  env = { DATA_DIR: folder }
})
afterEach(() => rmSync(folder, { recursive: true }))

test('lays the old key beside a new one, as often as it is asked', () => {
  const keys = [readSecretKey({}, folder)]
  for (let i = 0; i < 3; i++) {
    expect(rotateKey(env, '/')).toContain(folder)
    keys.push(readSecretKey({}, folder))
    expect(readPreviousKeys({}, folder)).toEqual(keys.slice(0, -1))
  }
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(4)
  for (const name of ['secret.key', 'secret.key.previous'])
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  expect(existsSync(join(folder, 'start.lock'))).toBe(false)
})

test('changes nothing while the console runs, or where the key is given from outside', () => {
  const key = readSecretKey({}, folder)
  const lock = takeLock(join(folder, 'start.lock'))
  expect(() => rotateKey(env, '/')).toThrow(/is running/)
  lock.release?.()
  for (const given of [{ SECRET_KEY: key.toString('hex') }, { SECRET_KEY_FILE: join(folder, 'secret.key') }])
    expect(() => rotateKey({ ...env, ...given }, '/')).toThrow(/SECRET_KEY_PREVIOUS/)
  expect(readSecretKey({}, folder)).toEqual(key)
  expect(existsSync(join(folder, 'secret.key.previous'))).toBe(false)
})

test('says so where there is no key, and touches none that it cannot read', () => {
  expect(() => rotateKey(env, '/')).toThrow(/no key/)
  writeFileSync(join(folder, 'secret.key'), 'not a key')
  expect(() => rotateKey(env, '/')).toThrow(/SECRET_KEY cannot be read/)
  expect(readFileSync(join(folder, 'secret.key'), 'utf8')).toBe('not a key')
  expect(existsSync(join(folder, 'secret.key.previous'))).toBe(false)
})
