/**
 * At start, before anything is served: proves that the key is the one of this database, then seals anew whatever is still
 * sealed under an older key, a set at a time. Invariant: a wrong key ends the start with one sentence; nothing is ever
 * emptied. Stopped half-way it goes on at the next start, because what is done names the new key.
 */
import type pg from 'pg'
import { inTransaction } from '../db/tx.ts'
import type { Seal } from './seal.ts'

/** Every column that holds sealed values. Whoever adds one adds it here, or its values die with their key. */
interface SealedColumn {
  place: (id: number) => string
  /** Of the rows behind $1 that are not sealed under the current key ($2 long, $3): the next $4. Index: primary key. */
  next: string
  update: string
}
const SEALED: readonly SealedColumn[] = [
  {
    place: (id) => `account:${id}:secret`,
    next: `select id, secret as sealed from account
      where id > $1 and secret is not null and substring(secret from 1 for $2) <> $3 order by id limit $4 for update`,
    update: `update account a set secret = f.sealed from unnest($1::int[], $2::bytea[]) as f (id, sealed) where a.id = f.id`,
  },
  {
    place: (id) => `user_totp:${id}:sealed`,
    next: `select id, sealed from user_totp
      where id > $1 and substring(sealed from 1 for $2) <> $3 order by id limit $4 for update`,
    update: `update user_totp t set sealed = f.sealed from unnest($1::int[], $2::bytea[]) as f (id, sealed) where t.id = f.id`,
  },
]
const CHECK_PLACE = 'secret_check:1:sealed'
const CHECK_TEXT = 'This is the key.'
const SET = 100

/** The key is not the one that sealed this database; the message is one sentence for the person who starts the console. */
export class WrongKeyError extends Error {
  override readonly name = 'WrongKeyError'
}

export interface Resealed {
  /** Sealed anew under the current key. */
  resealed: number
  /** Left as they were: damaged, or under a key that nobody gave. Each has to be entered again. */
  unreadable: number
}

/**
 * @param pool of the role that may read sealed secrets
 * @param isLost the operator says that the old key is gone for good: what it sealed stays closed, the rest goes on
 * @throws WrongKeyError
 */
export async function resealSecrets(pool: pg.Pool, seal: Seal, isLost: boolean): Promise<Resealed> {
  const known = isLost || (await isKnownKey(pool, seal))
  const total: Resealed = { resealed: 0, unreadable: 0 }
  for (const column of SEALED) {
    for (let after: number | null = 0; after !== null;) {
      const done: Done = await resealSet(pool, seal, column, after)
      total.resealed += done.resealed
      total.unreadable += done.unreadable
      after = done.last
    }
    // A database from before the check: the secrets themselves are the only proof.
    if (!known && total.unreadable > 0) throw wrongKey()
  }
  await pool.query(
    `insert into secret_check (id, sealed) values (1, $1) on conflict (id) do update set sealed = excluded.sealed
     where substring(secret_check.sealed from 1 for $2) <> $3`,
    [seal.seal(CHECK_TEXT, CHECK_PLACE), seal.header.length, seal.header],
  )
  return total
}

/** False = nothing was checked yet. @throws WrongKeyError */
async function isKnownKey(pool: pg.Pool, { unseal }: Seal): Promise<boolean> {
  const { rows } = await pool.query<{ sealed: Buffer }>('select sealed from secret_check where id = 1')
  const sealed = rows[0]?.sealed
  if (sealed === undefined) return false
  try {
    if (unseal(sealed, CHECK_PLACE) === CHECK_TEXT) return true
  } catch {
    // Said below.
  }
  throw wrongKey()
}

interface Done extends Resealed {
  /** Where the next set begins; null = there is none. */
  last: number | null
}

/** Locks its rows, so that a password that is changed meanwhile is not overwritten. */
function resealSet(pool: pg.Pool, { seal, unseal, header }: Seal, column: SealedColumn, after: number): Promise<Done> {
  return inTransaction(pool, async (db) => {
    const values = [after, header.length, header, SET]
    const { rows } = await db.query<{ id: number; sealed: Buffer }>(column.next, values)
    const fresh = rows.flatMap(({ id, sealed }) => {
      const place = column.place(id)
      try {
        return { id, sealed: seal(unseal(sealed, place), place) }
      } catch {
        return []
      }
    })
    await db.query(column.update, [fresh.map(({ id }) => id), fresh.map(({ sealed }) => sealed)])
    const last = rows.length < SET ? null : (rows.at(-1)?.id ?? null)
    return { resealed: fresh.length, unreadable: rows.length - fresh.length, last }
  })
}

function wrongKey(): WrongKeyError {
  return new WrongKeyError(
    'SECRET_KEY is not the key that sealed the secrets of this database; give that one as SECRET_KEY, or as SECRET_KEY_PREVIOUS beside a new one; if it is lost for good, start once with SECRET_KEY_LOST=yes and enter the secrets again.',
  )
}
