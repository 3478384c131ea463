/**
 * Links that let somebody set a password, for invitations and for who forgot it. Shown to an administrator, because there may
 * be no e-mail. Invariants: 256 random bits, of which only the hash is kept; a link works once and not for long, a newer one
 * replaces it, and it never replaces the second factor: it sets a password and signs nobody in.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { UserLink } from '@msp-console/contract'
import type { Db } from '../db/tx.ts'
import { ProblemError } from '../http/problem.ts'

const MINUTES = { invite: 24 * 60, reset: 30 } as const

export interface NewLink {
  userId: string
  kind: 'invite' | 'reset'
  /** E-mail. */
  createdBy: string
  /** Of the configuration, never of a request: a link with somebody else's host would hand the token over. */
  baseUrl: string
}

/** @param db in a transaction whose scope holds the user, who is looked for under row-level security */
export async function createLink(db: Db, { userId, kind, createdBy, baseUrl }: NewLink): Promise<UserLink> {
  const token = randomBytes(32).toString('base64url')
  await db.query('delete from user_link where user_id = $1', [userId])
  const { rows } = await db.query<{ expires_at: string }>(
    `insert into user_link (token_hash, user_id, kind, created_by, expires_at)
     values ($1, $2, $3, $4, now() + make_interval(mins => $5)) returning expires_at`,
    [toHash(token), userId, kind, createdBy, MINUTES[kind]],
  )
  const expiresAt = rows[0]?.expires_at
  if (expiresAt === undefined) throw new Error('a link was not stored')
  return { url: `${baseUrl}/join?token=${token}`, expiresAt }
}

export interface LinkRecord {
  user_id: string
  kind: 'invite' | 'reset'
  name: string
  email: string
}

/** @param db sees identities @throws ProblemError `link-invalid` */
export async function findLink(db: Db, token: string): Promise<LinkRecord> {
  const { rows } = await db.query<LinkRecord>(
    `select l.user_id, l.kind, u.name, u.email from user_link l join app_user u on u.id = l.user_id
     where l.token_hash = $1 and l.used_at is null and l.expires_at > now() and u.disabled_at is null`,
    [toHash(token)],
  )
  const link = rows[0]
  if (link === undefined) throw invalid()
  return link
}

/** Marks it as used; of two at once one waits for the row and finds it used. @throws ProblemError `link-invalid` */
export async function takeLink(db: Db, token: string): Promise<void> {
  const { rowCount } = await db.query(
    `update user_link l set used_at = now() from app_user u
     where l.token_hash = $1 and l.used_at is null and l.expires_at > now() and u.id = l.user_id and u.disabled_at is null`,
    [toHash(token)],
  )
  if (rowCount !== 1) throw invalid()
}

function toHash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function invalid(): ProblemError {
  return new ProblemError(
    'link-invalid',
    'It was used already, it is too old, or a newer one replaced it; ask for another.',
  )
}
