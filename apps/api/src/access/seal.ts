/**
 * Secrets at rest: AES-256-GCM under keys derived from the instance's one key.
 * Invariant: a sealed value opens only in the very table, row and column it was sealed for (additional data), and only with
 * the key that it names. It never logs, and its errors say nothing about the content.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const VERSION = 2
/** Before keys had ids: sealed with the key of then, which is the current one or one of the previous. */
const VERSION_WITHOUT_ID = 1
const ID_BYTES = 4
const IV_BYTES = 12
const TAG_BYTES = 16

/** One key per purpose, so that no two uses of the instance's key ever meet. 32 bytes. */
export function deriveKey(secretKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, Buffer.alloc(0), `msp-console/${purpose}`, 32))
}

export interface Seal {
  /** Layout: version (1 byte), key id (4), IV (12), tag (16), ciphertext. */
  seal: (text: string, place: string) => Buffer
  /** @throws Error when the key, the place or a single bit is another than at sealing */
  unseal: (sealed: Buffer, place: string) => string
  /** What everything sealed under the current key begins with: version and key id. */
  header: Buffer
}

interface Key {
  header: Buffer
  secret: Buffer
}

/** @param previous keys that may still be read, while what they sealed is sealed anew */
export function createSeal(secretKey: Buffer, previous: readonly Buffer[] = []): Seal {
  const keys = [secretKey, ...previous].map(toKey)
  const current = toKey(secretKey)
  return {
    header: current.header,
    seal(text, place) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', current.secret, iv, { authTagLength: TAG_BYTES })
      cipher.setAAD(Buffer.concat([current.header, Buffer.from(place)]))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([current.header, iv, cipher.getAuthTag(), body])
    },
    unseal(sealed, place) {
      if (sealed[0] === VERSION_WITHOUT_ID) {
        return firstOf(keys, ({ secret }) => open(secret, sealed.subarray(1), Buffer.from(place)))
      }
      const named = keys.filter(({ header }) => header.equals(sealed.subarray(0, header.length)))
      return firstOf(named, ({ header, secret }) =>
        open(secret, sealed.subarray(header.length), Buffer.concat([header, Buffer.from(place)])),
      )
    },
  }
}

function toKey(secretKey: Buffer): Key {
  const id = deriveKey(secretKey, 'seal-id').subarray(0, ID_BYTES)
  return { header: Buffer.concat([Buffer.of(VERSION), id]), secret: deriveKey(secretKey, 'seal') }
}

function firstOf(keys: readonly Key[], tryOne: (key: Key) => string): string {
  for (const key of keys) {
    try {
      return tryOne(key)
    } catch {
      // The next key, if there is one.
    }
  }
  throw new Error('A stored secret cannot be opened: it was sealed with another SECRET_KEY; enter it again.')
}

/** @param rest IV, tag, ciphertext */
function open(secret: Buffer, rest: Buffer, aad: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', secret, rest.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(aad).setAuthTag(rest.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(rest.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
}
