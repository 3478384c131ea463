/**
 * Time-based codes (RFC 6238) as every authenticator app makes them: HMAC-SHA-1, six digits, a step of 30 seconds. Pure. The
 * library's second factor was not taken: it accepts a code again within its time, also from two requests at once.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

const STEP_SECONDS = 30
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export function toStep(atMs: number): number {
  return Math.floor(atMs / 1000 / STEP_SECONDS)
}

export function toCode(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const at = mac.readUInt8(mac.length - 1) & 15
  return String((mac.readUInt32BE(at) & 0x7fff_ffff) % 1_000_000).padStart(6, '0')
}

/** The step whose code it is, this one or the one before, because clocks differ and people are slow; null = neither. */
export function findStep(secret: Buffer, code: string, atMs: number): number | null {
  const given = Buffer.from(code)
  const now = toStep(atMs)
  const right = [now, now - 1].filter((step) => {
    const expected = Buffer.from(toCode(secret, step))
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  return right[0] ?? null
}

/** RFC 4648 base32 without padding, as apps take it. */
export function toBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[parseInt(five.padEnd(5, '0'), 2)]).join('')
}

/** What the QR code holds. */
export function toUri(secret: string, email: string): string {
  const issuer = 'MSP Console'
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(email)}`
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=6&period=30`
}
