import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

let folder: string
let given: Record<string, string>
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'))
  given = { DATABASE_URL: 'postgres://u:secret@localhost/db', DATA_DIR: folder }
})
afterAll(() => rmSync(folder, { recursive: true }))

function complaint(env: Record<string, string>): string {
  try {
    readConfig({ ...given, ...env })
  } catch (error) {
    return error instanceof ConfigError ? error.message : ''
  }
  return ''
}

describe('the environment', () => {
  test('has a default for everything but the database', () => {
    expect(readConfig(given)).toMatchObject({
      mode: 'production',
      port: 3000,
      host: 'localhost',
      collation: 'cs',
      removalGapSeconds: 600,
    })
    expect(readConfig({ ...given, MODE: 'demo' }).removalGapSeconds).toBe(0)
    expect(complaint({ DATABASE_URL: '' })).toMatch(/DATABASE_URL must look like/)
  })

  test.each([
    ['PORT', 'abc'],
    ['PORT', '70000'],
    ['EMA_PORT', '1.5'],
    ['MODE', 'test'],
    ['DATABASE_URL', 'mysql://x/y'],
    ['DATABASE_APP_URL', 'nonsense'],
    ['REMOVAL_GAP', '-1'],
    ['COLLATION', "cs'; drop"],
    ['PUBLIC_URL', 'console.example.com'],
    ['PUBLIC_URL', 'http://console.example.com'],
    ['PUBLIC_URL', 'http://192.168.1.5:3000'],
    ['PUBLIC_URL', 'http://localhost.example.com'],
    ['PUBLIC_URL', 'http://127.0.0.1.example.com'],
    ['RATE_LIMIT', '0'],
    ['LOG_LEVEL', 'loud'],
    ['SECRET_KEY', 'too short'],
    ['SECRET_KEY_FILE', '/nonexistent/key'],
    ['DATA_DIR', '/dev/null/x'],
  ])('a wrong %s is named with what to do', (name, value) => {
    const text = complaint({ [name]: value })
    expect(text).toContain(name)
    expect(text).toMatch(/\.$/)
    expect(text).not.toContain('u:secret')
  })

  test.each(['https://console.example', 'http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])(
    'takes %s as the public address',
    (url) => expect(readConfig({ ...given, PUBLIC_URL: `${url}/path` }).publicUrl).toBe(url),
  )

  test('makes the key once, for this user alone', () => {
    const first = readConfig(given).secretKey
    expect(first).toHaveLength(32)
    expect(readConfig(given).secretKey).toEqual(first)
    expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600)
  })

  test('takes a given key as hex or base64, directly or from a file', () => {
    const key = Buffer.alloc(32, 9)
    const file = join(folder, 'given.key')
    writeFileSync(file, `${key.toString('base64')}\n`)
    expect(readConfig({ ...given, SECRET_KEY: key.toString('hex') }).secretKey).toEqual(key)
    expect(readConfig({ ...given, SECRET_KEY_FILE: file }).secretKey).toEqual(key)
  })
})
