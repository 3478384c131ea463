import { createCipheriv } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createSeal, deriveKey } from './seal.ts'

const key = Buffer.alloc(32, 1)
const other = Buffer.alloc(32, 2)
const third = Buffer.alloc(32, 3)
const PLACE = 'account:1:secret'

/** As it was done before keys had ids. */
function sealAsBefore(secretKey: Buffer, text: string, place: string): Buffer {
  const iv = Buffer.alloc(12, 5)
  const cipher = createCipheriv('aes-256-gcm', deriveKey(secretKey, 'seal'), iv).setAAD(Buffer.from(place))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(1), iv, cipher.getAuthTag(), body])
}

function outcomeOf(attempt: () => string): string {
  try {
    return attempt()
  } catch (error) {
    return String(error)
  }
}

describe('a seal', () => {
  test.each(['', ' ', 'heslo', 'ř'.repeat(500), '\0', '😀', '{"a":1}', 'x'.repeat(100_000)])(
    'opens where it was made',
    (text) => {
      const { seal, unseal } = createSeal(key)
      expect(unseal(seal(text, PLACE), PLACE)).toBe(text)
    },
  )

  test('never looks the same twice, and shows nothing of what is inside', () => {
    const { seal } = createSeal(key)
    const many = Array.from({ length: 1_000 }, () => seal('heslo', PLACE))
    expect(new Set(many.map((each) => each.subarray(5, 17).toString('hex'))).size).toBe(1_000)
    expect(many.some((each) => each.includes('heslo'))).toBe(false)
  })

  test.each([
    'account:2:secret',
    'account:11:secret',
    'account:1:secrets',
    'accounts:1:secret',
    'account:1:',
    'user:1:secret',
    ' account:1:secret',
    'ACCOUNT:1:SECRET',
    '',
  ])('of another place does not open: %s', (place) => {
    const { seal, unseal } = createSeal(key)
    expect(() => unseal(seal('heslo', PLACE), place)).toThrow(/SECRET_KEY/)
    expect(() => unseal(seal('heslo', place), PLACE)).toThrow(/SECRET_KEY/)
    expect(() => unseal(sealAsBefore(key, 'heslo', PLACE), place)).toThrow(/SECRET_KEY/)
  })

  test('of two rows cannot be swapped', () => {
    const { seal, unseal } = createSeal(key)
    const [one, two] = [seal('first', 'account:1:secret'), seal('second', 'account:2:secret')]
    expect(() => unseal(one, 'account:2:secret')).toThrow(/SECRET_KEY/)
    expect(() => unseal(two, 'account:1:secret')).toThrow(/SECRET_KEY/)
  })

  // 16 bytes: version, key id and the beginning of the IV; every byte is changed below.
  test.each(Array.from({ length: 128 }, (_, bit) => bit))('breaks with bit %i turned', (bit) => {
    const { seal, unseal } = createSeal(key, [other])
    for (const offset of [0, 16, 32]) {
      const sealed = seal('sixteen bytes it', PLACE)
      const at = offset + (bit >> 3)
      sealed[at] = (sealed[at] ?? 0) ^ (1 << (bit & 7))
      expect(() => unseal(sealed, PLACE)).toThrow(/SECRET_KEY/)
    }
  })

  test('breaks when it is cut, longer or empty', () => {
    const { seal, unseal } = createSeal(key)
    const sealed = seal('heslo', PLACE)
    for (let i = 0; i < sealed.length; i++) expect(() => unseal(sealed.subarray(0, i), PLACE)).toThrow(/SECRET_KEY/)
    expect(() => unseal(Buffer.concat([sealed, Buffer.of(0)]), PLACE)).toThrow(/SECRET_KEY/)
    expect(() => unseal(Buffer.alloc(64), PLACE)).toThrow(/SECRET_KEY/)
  })
})

describe('keys', () => {
  test.each([
    ['the same key', key, [], true],
    ['another key', other, [], false],
    ['another key that knows the old one', other, [key], true],
    ['the old one among several', other, [third, key], true],
    ['several others', other, [third], false],
    ['the current one named as old too', key, [key], true],
    ['a key of zeros', Buffer.alloc(32), [], false],
  ])('%s', (_, current, previous, opens) => {
    for (const sealed of [createSeal(key).seal('heslo', PLACE), sealAsBefore(key, 'heslo', PLACE)]) {
      const attempt = () => createSeal(current, previous).unseal(sealed, PLACE)
      expect(outcomeOf(attempt)).toMatch(opens ? /^heslo$/ : /SECRET_KEY/)
    }
  })

  test('seal under the current one alone, and say which that is', () => {
    const { seal, header } = createSeal(other, [key])
    const sealed = seal('heslo', PLACE)
    expect(sealed.subarray(0, header.length)).toEqual(header)
    expect(header).toEqual(createSeal(other).header)
    expect(header).not.toEqual(createSeal(key).header)
    expect(createSeal(other).unseal(sealed, PLACE)).toBe('heslo')
    expect(() => createSeal(key).unseal(sealed, PLACE)).toThrow(/SECRET_KEY/)
  })

  test('are not given away by their ids, and differ for each purpose', () => {
    const { header } = createSeal(key)
    for (const purpose of ['seal', 'session-cookie', 'setup-link']) {
      expect(deriveKey(key, purpose).includes(header.subarray(1))).toBe(false)
      expect(deriveKey(key, purpose)).toHaveLength(32)
    }
    expect(deriveKey(key, 'seal').equals(deriveKey(key, 'session-cookie'))).toBe(false)
  })
})
