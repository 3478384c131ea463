import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createTreeCache, toEncoding } from './cache.ts'

const tree = (generation: string, size = 10) => ({ generation, text: 'x'.repeat(size) })

describe('finished answers', () => {
  test('are built once however many ask, and kept for their generation only', async () => {
    const cache = createTreeCache()
    let built = 0
    const make = async () => tree(String(++built))
    const [a, b] = await Promise.all([cache.build('k', make), cache.build('k', make)])
    expect(a).toBe(b)
    expect(cache.find('k', '1')).toBe(a)
    expect(cache.find('k', '2')).toBeUndefined()
    await cache.build('k', make)
    expect(cache.find('k', '1')).toBeUndefined()
  })

  test('say the same in every encoding', async () => {
    const entry = await createTreeCache().build('k', async () => tree('1', 5000))
    const raw = await entry.encoded('identity')
    expect(JSON.parse(raw.toString())).toEqual(tree('1', 5000))
    expect(gunzipSync(await entry.encoded('gzip'))).toEqual(raw)
    expect(brotliDecompressSync(await entry.encoded('br'))).toEqual(raw)
    expect(await entry.encoded('br')).toBe(await entry.encoded('br'))
  })

  test('stay within their memory; the least used goes first', async () => {
    const cache = createTreeCache(2500)
    for (const key of ['a', 'b']) await cache.build(key, async () => tree('1', 1000))
    expect(cache.find('a', '1')).toBeDefined()
    await cache.build('c', async () => tree('1', 1000))
    expect(['a', 'b', 'c'].filter((key) => cache.find(key, '1'))).toEqual(['a', 'c'])
    expect(cache.bytes()).toBeLessThanOrEqual(2500)
  })

  test('a failed build is tried again', async () => {
    const cache = createTreeCache()
    await expect(cache.build('k', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await expect(cache.build('k', async () => tree('1'))).resolves.toMatchObject({ generation: '1' })
  })
})

test.each([
  ['gzip, deflate, br', 'br'],
  ['gzip;q=1.0', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['br;q=0.5', 'br'],
  ['deflate', 'identity'],
  [undefined, 'identity'],
] as const)('accept-encoding %s → %s', (accept, encoding) => {
  expect(toEncoding(accept)).toBe(encoding)
})
