/**
 * Secrets at rest: AES-256-GCM under keys derived from the instance's one key.
 * Invariant: a sealed value opens only in the very table, row and column it was sealed for (additional data).
 * It never logs, and its errors say nothing about the content.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const VERSION = 1
const IV_BYTES = 12
const TAG_BYTES = 16

/** One key per purpose, so that no two uses of the instance's key ever meet. 32 bytes. */
export function deriveKey(secretKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, Buffer.alloc(0), `msp-console/${purpose}`, 32))
}

export interface Seal {
  /** Layout: version (1 byte), IV (12), tag (16), ciphertext. */
  seal: (text: string, aad: string) => Buffer
  /** @throws Error when the key, the place or a single bit is another than at sealing */
  unseal: (sealed: Buffer, aad: string) => string
}

export function createSeal(secretKey: Buffer): Seal {
  const key = deriveKey(secretKey, 'seal')
  return {
    seal(text, aad) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(aad))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), body])
    },
    unseal(sealed, aad) {
      if (sealed[0] !== VERSION || sealed.length < 1 + IV_BYTES + TAG_BYTES) throw unreadable()
      const iv = sealed.subarray(1, 1 + IV_BYTES)
      const tag = sealed.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES)
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
        decipher.setAAD(Buffer.from(aad)).setAuthTag(tag)
        const body = sealed.subarray(1 + IV_BYTES + TAG_BYTES)
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
      } catch {
        throw unreadable()
      }
    },
  }
}

function unreadable(): Error {
  return new Error('A stored secret cannot be opened: it was sealed with another SECRET_KEY; enter it again.')
}
