import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DEMO_PASSWORD } from './logins.ts'
import { ADDRESS, startJournaled, writeFirst, writeSecond, type Journaled } from './test-journal.ts'

let folder: string
let file: string
let running: Journaled[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mock-ema-'))
  file = join(folder, 'journal.jsonl')
  running = []
})
afterEach(async () => {
  await Promise.all(running.map((mock) => mock.close()))
  rmSync(folder, { recursive: true })
})

async function start(options: { file?: string; seed?: number; operationMs?: number } = {}): Promise<Journaled> {
  const mock = await startJournaled({ file, ...options })
  running.push(mock)
  return mock
}
const lines = () => readFileSync(file, 'utf8').split('\n')
const write = (all: string[]) => writeFileSync(file, all.join('\n'))

describe('after a restart', () => {
  test('every login sees the same world, byte for byte', async () => {
    const first = await start()
    const untouched = await first.readAll()
    await writeFirst(first)
    await writeSecond(first)
    const before = await first.readAll()
    expect(before).not.toBe(untouched)
    expect(lines()).toHaveLength(1 + 12 + 1)
    const second = await start()
    expect(await second.readAll()).toBe(before)
    expect(second.said).toEqual([])
  })

  test('what follows is the same as without it, operations under way included', async () => {
    const operationMs = 60_000
    const whole = await start({ file: join(folder, 'whole.jsonl'), operationMs })
    await writeFirst(whole)
    await writeSecond(whole)
    const half = await start({ operationMs })
    await writeFirst(half)
    await half.close()
    const rest = await start({ operationMs })
    await writeSecond(rest)
    for (const mock of [whole, rest]) mock.clock.now += operationMs
    expect(await rest.readAll()).toBe(await whole.readAll())
    expect(rest.idOf('Další')).toBe(whole.idOf('Další'))
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(join(folder, 'whole.jsonl'), 'utf8'))
    const third = await start({ operationMs })
    third.clock.now = rest.clock.now
    expect(await third.readAll()).toBe(await rest.readAll())
    await expect(start({ operationMs: 1 })).rejects.toThrow('another version')
  })
})

test('accepted writes alone are kept, without passwords and tokens', async () => {
  const mock = await start()
  await writeFirst(mock)
  const { token, refreshToken, post, get } = await mock.signIn('msp')
  await get('/User/Current')
  await post('/Company/Create/customer', { name: 'X', address: ADDRESS, accessToken: token, refreshToken })
  const text = readFileSync(file, 'utf8')
  expect(text.match(/"path":"[^"]+"/g)?.map((path) => path.slice(17, -1))).toEqual([
    'Create/customer',
    'Create/customer',
    'Create/managedmsp',
    'Create/msp',
    'Suspend',
    'Suspend',
    'Create/customer',
  ])
  for (const secret of [DEMO_PASSWORD, token, refreshToken, 'hunter2', 'oken', 'assword']) {
    expect(text).not.toContain(secret)
  }
})

describe('a file that is not whole', () => {
  test('a torn last line is dropped, told, and written anew', async () => {
    const first = await start()
    await writeFirst(first)
    const before = await first.readAll()
    const whole = readFileSync(file, 'utf8')
    appendFileSync(file, '{"at":17672292,"login":"msp@demo.exam')
    const second = await start()
    expect(second.said).toEqual([expect.stringContaining('last line')])
    expect(await second.readAll()).toBe(before)
    expect(readFileSync(file, 'utf8')).toBe(whole)
    await writeSecond(second)
    expect(await (await start()).readAll()).toBe(await second.readAll())
  })

  test('a torn header is no obstacle, a file of something else is left alone', async () => {
    const first = await start()
    const header = readFileSync(file, 'utf8')
    await first.close()
    for (const torn of ['', header.slice(0, 20), header.slice(0, -1)]) {
      writeFileSync(file, torn)
      await (await start()).close()
      expect(readFileSync(file, 'utf8')).toBe(header)
    }
    for (const foreign of ['notes', 'notes\n', '{"journal":"other"}\n{"a":1}\n', 'null\n']) {
      writeFileSync(file, foreign)
      await expect(start()).rejects.toThrow('is not a journal of this mock')
      expect(readFileSync(file, 'utf8')).toBe(foreign)
    }
  })

  test('another seed, another world, another version of it', async () => {
    await (await start()).close()
    await expect(start({ seed: 2 })).rejects.toThrow('belongs to world demo, seed 1, not to world demo, seed 2')
    const [header = ''] = lines()
    write([header.replace('"demo"', '"10k"'), ''])
    await expect(start()).rejects.toThrow('belongs to world 10k, seed 1, not to world demo, seed 1')
    write([header.replace(/"check":"..../, '"check":"aaaa'), ''])
    await expect(start()).rejects.toThrow('another version of world demo')
  })

  test('a line that is corrupt, changed, lost or out of order', async () => {
    const mock = await start()
    await writeFirst(mock)
    await mock.close()
    const good = lines()
    const at = (index: number) => good[index] ?? ''
    const damages: [number, string[]][] = [
      [3, good.with(2, at(2).slice(0, 40))],
      [3, good.with(2, at(2).replace('U Jihlavy', 'U Jihlavi'))],
      [3, good.with(2, 'null')],
      [3, good.toSpliced(2, 1)],
      [3, good.with(2, at(3)).with(3, at(2))],
      [8, good.toSpliced(7, 0, at(1))],
    ]
    for (const [line, damaged] of damages) {
      write(damaged)
      await expect(start()).rejects.toThrow(`Line ${line} of the journal ${file} is damaged`)
      expect(lines()).toEqual(damaged)
    }
  })
})

test('when a write cannot be kept, nothing is answered as if it were', async () => {
  const mock = await start()
  const { post } = await mock.signIn('msp')
  rmSync(file)
  mkdirSync(file)
  const create = () => post('/Company/Create/customer', { name: 'X', address: ADDRESS })
  expect(await create()).toMatchObject({ status: 500, body: { message: expect.stringContaining('EISDIR') } })
  expect(await post('/Search/Companies', { search: {}, skip: 0, take: 1 })).toMatchObject({ status: 500 })
  await expect(start()).rejects.toThrow('make it accessible or name another file')
})
