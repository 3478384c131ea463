import { randomUUID } from 'node:crypto'
import type { Db } from '../db/tx.ts'
import { hashPassword } from './auth.ts'

export interface NewUser {
  name: string
  email: string
  password: string
}

export async function hasUsers(db: Db): Promise<boolean> {
  const { rows } = await db.query<{ yes: boolean }>('select exists(select from app_user) as yes')
  return rows[0]?.yes ?? false
}

/** Writes the rows as better-auth does: a user, and a credential that carries the password. False = the e-mail is taken. */
export async function createUser(db: Db, { name, email, password }: NewUser): Promise<boolean> {
  const hashed = await hashPassword(password)
  const id = randomUUID()
  const { rowCount } = await db.query(
    `with made as (
       insert into app_user (id, name, email) values ($1, $2, lower($3)) on conflict (email) do nothing returning id)
     insert into user_credential (id, user_id, account_id, provider_id, password)
     select gen_random_uuid()::text, made.id, made.id, 'credential', $4 from made`,
    [id, name, email, hashed],
  )
  return rowCount === 1
}
