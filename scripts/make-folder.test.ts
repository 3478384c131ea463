import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeFolder } from './make-folder.ts'

let base: string

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'folder-'))
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

test('makes a folder with everything above it, and is content with one that is there', () => {
  for (let again = 0; again < 2; again++) makeFolder(join(base, 'a/b/c'))
  expect(statSync(join(base, 'a/b/c')).isDirectory()).toBe(true)
})

test.each(['file', 'file/below', 'file/far/below'])('a file in the way is an error: %s', (folder) => {
  writeFileSync(join(base, 'file'), '')
  expect(() => makeFolder(join(base, folder))).toThrow(/EEXIST|ENOTDIR/)
})

// Linux only: nobody can make a folder in /proc, not even root, and Node's own recursive mkdir tries for ever.
test.runIf(process.platform === 'linux')(
  'a data folder that cannot be made is one sentence, at once',
  () => {
    const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'start.ts')], {
      env: { ...process.env, DATA_DIR: '/proc/nope/data' },
      encoding: 'utf8',
      timeout: 20_000,
      killSignal: 'SIGKILL', // a process that spins hears nothing else
    })
    expect(stderr.trim()).toBe(
      'The folder /proc/nope/data cannot be made in that place; make it writable or set DATA_DIR to another folder.',
    )
    expect(status).toBe(1)
  },
  30_000,
)
