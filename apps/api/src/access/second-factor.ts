/**
 * Codes beside the password. The secret is sealed; recovery codes are kept as hashes.
 * Invariant: a code counts once. Its step is taken by one guarded update, a recovery code by deleting it, so of two requests
 * at once one wins.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Db } from '../db/tx.ts'
import { ProblemError } from '../http/problem.ts'
import type { Attempts } from './attempts.ts'
import type { Seal } from './seal.ts'
import { findStep, toBase32, toUri } from './totp.ts'

const SECRET_BYTES = 20 // as long as the hash, says RFC 4226
const RECOVERY_CODES = 10
const RECOVERY_BYTES = 10

export interface SecondFactor {
  /** A new secret, which is worth nothing until it was confirmed. @throws ProblemError `conflict` when codes are on */
  start: (db: Db, user: { id: string; email: string }) => Promise<{ uri: string; secret: string }>
  /** Switches codes on. @returns recovery codes @throws ProblemError `code-wrong`, `too-many-requests` */
  confirm: (db: Db, userId: string, code: string) => Promise<string[]>
  /** Uses up a code of the app or a recovery code. @throws ProblemError `code-wrong`, `too-many-requests` */
  use: (db: Db, userId: string, code: string) => Promise<void>
  end: (db: Db, userId: string) => Promise<void>
}

/** Additional data of the sealed secret. */
const totpPlace = (id: number): string => `user_totp:${id}:sealed`

/** Every `db` sees identities; `start`, `confirm` and `end` want a transaction, `use` none: what a guess took stays taken. */
export function createSecondFactor(deps: { seal: Pick<Seal, 'seal' | 'unseal'>; attempts: Attempts }): SecondFactor {
  const { seal, attempts } = deps

  async function takeStep(db: Db, userId: string, code: string, confirmed: boolean): Promise<boolean> {
    const { rows } = await db.query<{ id: number; sealed: Buffer }>(
      'select id, sealed from user_totp where user_id = $1 and (confirmed_at is not null) = $2',
      [userId, confirmed],
    )
    const row = rows[0]
    if (row === undefined) return false
    const step = findStep(Buffer.from(seal.unseal(row.sealed, totpPlace(row.id)), 'hex'), code, Date.now())
    if (step === null) return false
    const taken = await db.query(
      `update user_totp set last_step = $2, confirmed_at = coalesce(confirmed_at, now())
       where user_id = $1 and last_step < $2 and (confirmed_at is not null) = $3`,
      [userId, step, confirmed],
    )
    return taken.rowCount === 1
  }

  async function takeRecoveryCode(db: Db, userId: string, code: string): Promise<boolean> {
    const { rowCount } = await db.query('delete from recovery_code where user_id = $1 and hash = $2', [
      userId,
      toHash(code),
    ])
    return rowCount === 1
  }

  return {
    async start(db, { id: userId, email }) {
      const secret = randomBytes(SECRET_BYTES)
      await db.query('delete from user_totp where user_id = $1 and confirmed_at is null', [userId])
      const drawn = await db.query<{ id: number }>(`select nextval('user_totp_id_seq') as id`)
      const id = drawn.rows[0]?.id ?? 0
      const { rowCount } = await db.query(
        'insert into user_totp (id, user_id, sealed) values ($1, $2, $3) on conflict (user_id) do nothing',
        [id, userId, seal.seal(secret.toString('hex'), totpPlace(id))],
      )
      if (rowCount === 0) throw new ProblemError('conflict', 'Codes are on already; switch them off first.')
      const text = toBase32(secret)
      return { uri: toUri(text, email), secret: text }
    },
    async confirm(db, userId, code) {
      if (!(await takeStep(db, userId, code, false))) throw wrong()
      const codes = Array.from({ length: RECOVERY_CODES }, makeRecoveryCode)
      await db.query('delete from recovery_code where user_id = $1', [userId])
      await db.query('insert into recovery_code (user_id, hash) select $1, unnest($2::bytea[])', [
        userId,
        codes.map(toHash),
      ])
      await db.query('update app_user set two_factor_since = now() where id = $1', [userId])
      return codes
    },
    async use(db, userId, code) {
      await attempts.take('code', userId)
      const right = /^[0-9]{6}$/.test(code)
        ? await takeStep(db, userId, code, true)
        : await takeRecoveryCode(db, userId, code)
      if (!right) throw wrong()
      await attempts.forget('code', userId)
    },
    async end(db, userId) {
      await db.query('delete from user_totp where user_id = $1', [userId])
      await db.query('delete from recovery_code where user_id = $1', [userId])
      await db.query('update app_user set two_factor_since = null where id = $1', [userId])
    },
  }
}

function wrong(): ProblemError {
  return new ProblemError('code-wrong', 'Wait for the next code of your app, or use another recovery code.')
}

/** Who of these users, as far as they are in scope, signs in with a code. Index: primary key. */
export async function findTwoFactor(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>(
    'select id from app_user where id = any($1) and two_factor_since is not null',
    [ids],
  )
  return new Set(rows.map(({ id }) => id))
}

/** Four groups of four, e.g. `ab2c-…`. */
function makeRecoveryCode(): string {
  return (toBase32(randomBytes(RECOVERY_BYTES)).toLowerCase().match(/.{4}/g) ?? []).join('-')
}

/** However somebody types it. */
function toHash(code: string): Buffer {
  return createHash('sha256')
    .update(code.toLowerCase().replaceAll(/[^a-z2-7]/g, ''))
    .digest()
}
