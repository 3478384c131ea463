// Links to set a password, for one use.
import { createHash, randomBytes } from 'node:crypto'
import type { UserLink } from '@msp-console/contract'
import type { Db } from '../db/tx.ts'

/** Makes a link and ends the older ones of that user. Only the hash of its token is kept. */
export async function createLink(
  db: Db,
  options: { userId: string; kind: 'invite' | 'reset'; createdBy: string; baseUrl: string },
): Promise<UserLink> {
  const token = randomBytes(32).toString('base64url')
  await db.query('delete from user_link where user_id = $1', [options.userId])
  const { rows } = await db.query<{ expires_at: string }>(
    `insert into user_link (token_hash, user_id, kind, expires_at, created_by)
     values ($1, $2, $3, now() + case $3 when 'invite' then interval '24 hours' else interval '30 minutes' end, $4)
     returning expires_at`,
    [createHash('sha256').update(token).digest(), options.userId, options.kind, options.createdBy],
  )
  return { url: `${options.baseUrl}/link#${token}`, expiresAt: rows[0]?.expires_at ?? '' }
}
