/**
 * API tokens: `mspc_<43 characters>_<checksum>`, the part in the middle being 256 random bits of which only the hash is
 * kept. The checksum lets scanners tell one from a look-alike without asking anybody.
 * Invariant: what a token may do is decided when it is used: the lower of its own rights and of its owner's at its root now.
 * Where the root lies outside the owner's grants it is worth nothing.
 */
import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { type GroupKind, joinRights, NO_RIGHTS, type Rights, RIGHT_OBJECTS } from '@msp-console/contract'
import type pg from 'pg'
import type { GuardDeps } from './session.ts'
import { type Grant, rightsAt, viewAt } from './view.ts'

const FORMAT = /^(mspc_([A-Za-z0-9_-]{43}))_([0-9a-f]{8})$/

export function makeSecret(): { random: string; hash: Buffer } {
  const random = randomBytes(32).toString('base64url')
  return { random, hash: toHash(random) }
}

export function toTokenText(random: string): string {
  const body = `mspc_${random}`
  return `${body}_${toChecksum(body)}`
}

interface TokenRecord {
  token_id: number
  token_name: string
  rights: Rights
  root_id: number
  path: string
  kind: GroupKind
  root_name: string
  unseen: boolean
  user_id: string
  name: string
  email: string
  two_factor: boolean
  grants: Grant[]
}

export function createFindToken(pool: pg.Pool): GuardDeps['findToken'] {
  return async (text) => {
    const random = parse(text)
    if (random === null) return null
    const { rows } = await pool.query<TokenRecord>({
      name: 'token',
      text: 'select * from caller_of_token($1)',
      values: [toHash(random)],
    })
    const row = rows[0]
    if (row === undefined) return null
    const rights = joinRights(row.rights, rightsAt(row.grants, row.path), 'lower')
    if (isNothing(rights)) return null
    if (row.unseen) await pool.query('select touch_token($1)', [row.token_id])
    const root = { rootId: row.root_id, path: row.path, kind: row.kind, name: row.root_name }
    const user = {
      id: row.user_id,
      name: row.name,
      email: row.email,
      twoFactor: row.two_factor,
      sessionId: null,
      token: row.token_name,
      confirmedUntil: null,
      grants: [{ ...root, rights }], // of the owner's, what the token may know
    }
    return { user, view: viewAt(root, rights, [root]) }
  }
}

export function isNothing(rights: Rights): boolean {
  return RIGHT_OBJECTS.every((object) => rights[object] === NO_RIGHTS[object])
}

/** The secret part, or null for what is no token of this form. */
function parse(text: string): string | null {
  const [, body, random, checksum] = FORMAT.exec(text) ?? []
  return body === undefined || random === undefined || toChecksum(body) !== checksum ? null : random
}

function toChecksum(body: string): string {
  return crc32(body).toString(16).padStart(8, '0')
}

function toHash(random: string): Buffer {
  return createHash('sha256').update(random).digest()
}
