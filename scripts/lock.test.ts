import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockHolder, takeLock } from './lock.mjs'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'))
  file = join(folder, 'x.lock')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a held lock is refused and tells who holds it and why', () => {
  const first = takeLock(file, 'http://localhost:3000')
  expect(takeLock(file).holder).toMatchObject({ pid: process.pid, note: 'http://localhost:3000' })
  first.release?.()
  expect(existsSync(file)).toBe(false)
  expect(takeLock(file)).toMatchObject({ afterCrash: false })
})

test('the lock of a process that is gone is taken over, and leaves nothing behind', () => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid
  writeFileSync(file, JSON.stringify({ pid: gone, started: '', note: '' }))
  expect(lockHolder(file)).toBeUndefined()
  expect(takeLock(file)).toMatchObject({ afterCrash: true })
  expect(readdirSync(folder)).toEqual(['x.lock'])
})

test('a process that got the id of a dead holder is not the holder', () => {
  writeFileSync(file, JSON.stringify({ pid: process.pid, started: 'another time', note: '' }))
  expect(takeLock(file)).toMatchObject({ afterCrash: true })
})

test('an empty lock is being written, unless it is old', () => {
  writeFileSync(file, '')
  expect(takeLock(file).holder).toBeDefined()
  utimesSync(file, new Date(0), new Date(0))
  expect(takeLock(file).holder).toBeUndefined()
})

test('release leaves a lock alone that somebody else has taken since', () => {
  const first = takeLock(file)
  writeFileSync(file, 'not ours')
  first.release?.()
  expect(readFileSync(file, 'utf8')).toBe('not ours')
})
