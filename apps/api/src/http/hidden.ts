/**
 * Ids and cursors that say nothing. Groups and accounts are known by their integers, which a compact tree needs; what counts
 * across the whole instance (runs, events, audit entries, tokens, sets) goes out encrypted, so that nobody learns from two of
 * their own how many others came between. It is no protection: that is authorisation's.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const KINDS = ['run', 'event', 'auditEntry', 'token', 'set', 'accountEvent'] as const
export type HiddenKind = (typeof KINDS)[number]

/** Until the instance's key is given: ids that hold as long as this process. */
let key = randomBytes(16)

/** Called once, by whoever puts the server together; ids then stay the same over restarts and replicas. */
export function setIdKey(secretKey: Buffer): void {
  key = Buffer.from(hkdfSync('sha256', secretKey, Buffer.alloc(0), 'msp-console/ids', 16))
}

/** One AES block: kind (1 byte), zeros (7), id (8), written like a UUID. The same id always gives the same text. */
export function toHiddenId(kind: HiddenKind, id: number): string {
  const block = Buffer.alloc(16)
  block.writeUInt8(KINDS.indexOf(kind) + 1, 0)
  block.writeBigUInt64BE(BigInt(id), 8)
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false)
  const hex = Buffer.concat([cipher.update(block), cipher.final()]).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** 0, which no row has, for what is none of ours or names another kind of thing. */
export function fromHiddenId(kind: HiddenKind, text: string): number {
  const sealed = Buffer.from(text.replaceAll('-', ''), 'hex')
  if (sealed.length !== 16) return 0
  const decipher = createDecipheriv('aes-128-ecb', key, null).setAutoPadding(false)
  const block = Buffer.concat([decipher.update(sealed), decipher.final()])
  const isOurs = block.readUInt8(0) === KINDS.indexOf(kind) + 1 && block.subarray(1, 8).every((byte) => byte === 0)
  const id = isOurs ? block.readBigUInt64BE(8) : 0n
  return id <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(id) : 0
}

/** What a cursor says, for nobody but us to read. */
export function hideText(text: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-128-gcm', key, iv)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
}

/** Null for what was not hidden by us. */
export function showText(hidden: string): string | null {
  try {
    const bytes = Buffer.from(hidden, 'base64url')
    const decipher = createDecipheriv('aes-128-gcm', key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28))
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}
