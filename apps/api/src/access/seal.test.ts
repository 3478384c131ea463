import { describe, expect, test } from 'vitest'
import { createSeal, deriveKey } from './seal.ts'

const key = Buffer.alloc(32, 1)

describe('a seal', () => {
  test('opens where it was made, and never looks the same twice', () => {
    const { seal, unseal } = createSeal(key)
    for (const text of ['', 'heslo', 'ř'.repeat(500)]) {
      expect(unseal(seal(text, 'account:1:secret'), 'account:1:secret')).toBe(text)
      expect(seal(text, 'x').equals(seal(text, 'x'))).toBe(false)
    }
  })

  test('opens nowhere else and with no other key', () => {
    const sealed = createSeal(key).seal('heslo', 'account:1:secret')
    expect(() => createSeal(key).unseal(sealed, 'account:2:secret')).toThrow(/SECRET_KEY/)
    expect(() => createSeal(Buffer.alloc(32, 2)).unseal(sealed, 'account:1:secret')).toThrow(/SECRET_KEY/)
  })

  test('breaks with any changed or missing byte', () => {
    const { seal, unseal } = createSeal(key)
    const sealed = seal('heslo', 'a')
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed)
      changed[i] = (changed[i] ?? 0) ^ 1
      expect(() => unseal(changed, 'a')).toThrow(/SECRET_KEY/)
      expect(() => unseal(sealed.subarray(0, i), 'a')).toThrow(/SECRET_KEY/)
    }
  })

  test('has a key of its own for each purpose', () => {
    expect(deriveKey(key, 'seal').equals(deriveKey(key, 'session-cookie'))).toBe(false)
    expect(deriveKey(key, 'seal')).toHaveLength(32)
  })
})
