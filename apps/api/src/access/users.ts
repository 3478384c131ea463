import { randomUUID } from 'node:crypto'
import type { BuiltInSet } from '@msp-console/contract'
import type { Db } from '../db/tx.ts'
import { hashPassword } from './passwords.ts'

export interface NewUser {
  name: string
  email: string
  password: string
  /** Default: All. */
  homeGroupId?: number
  /** Key of the built-in set granted on the home group. Default: administrator. */
  set?: BuiltInSet
}

export async function hasUsers(db: Db): Promise<boolean> {
  const { rows } = await db.query<{ yes: boolean }>('select has_users() as yes')
  return rows[0]?.yes ?? false
}

/**
 * Writes the rows as better-auth does, a user and a credential that carries the password, and a grant on the home group.
 * @param db a connection that may see identities and All. @returns false when the e-mail address is taken
 */
export async function createUser(db: Db, user: NewUser): Promise<boolean> {
  const { name, email, password, homeGroupId = 1, set = 'administrator' } = user
  const { rows } = await db.query<{ user_id: string }>(
    `with made as (
       insert into app_user (id, name, email, home_group_id) values ($1, $2, lower($3), $5)
       on conflict (email) do nothing returning id)
     insert into user_credential (id, user_id, account_id, provider_id, password)
     select gen_random_uuid()::text, made.id, made.id, 'credential', $4 from made returning user_id`,
    [randomUUID(), name, email, await hashPassword(password), homeGroupId],
  )
  const made = rows[0]?.user_id
  if (made === undefined) return false
  await db.query(
    'insert into user_grant (user_id, set_id, root_group_id) select $1, id, $2 from permission_set where key = $3',
    [made, homeGroupId, set],
  )
  return true
}
