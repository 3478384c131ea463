import { changePassword, confirmSession } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import { FRESH_SECONDS } from '../access/find-session.ts'
import { checkPassword, hashPassword, requireStrong } from '../access/passwords.ts'
import { personOf } from '../access/session.ts'
import { type Db, inTransaction } from '../db/tx.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import type { IdentityDeps } from './routes.ts'

export function servePassword(app: FastifyInstance, { identity, attempts, secondFactor }: IdentityDeps): void {
  serve(app, changePassword, async ({ body }, request) => {
    const user = personOf(request)
    requireStrong(body.next, '/body/next', user)
    await checkPassword(identity, attempts, user, body.current)
    const hashed = await hashPassword(body.next)
    const endedSessions = await inTransaction(identity, (db) => writePassword(db, user.id, hashed, user.sessionId))
    return { endedSessions }
  })

  serve(app, confirmSession, async ({ body }, request) => {
    const user = personOf(request)
    await checkPassword(identity, attempts, user, body.password)
    if (user.twoFactor) await secondFactor.use(identity, user.id, body.code?.trim() ?? '')
    const { rows } = await identity.query<{ confirmed_until: string }>(
      `update user_session set confirmed_at = now() where id = $1
       returning confirmed_at + make_interval(secs => $2) as confirmed_until`,
      [user.sessionId, FRESH_SECONDS],
    )
    const confirmedUntil = rows[0]?.confirmed_until
    if (confirmedUntil === undefined) throw new ProblemError('unauthenticated', 'The session ended meanwhile.')
    return { confirmedUntil }
  })
}

/** Ends what the old password began: sessions but the one to keep, half-done sign-ins, links. @returns sessions ended */
export async function writePassword(db: Db, userId: string, hashed: string, keep: string | null): Promise<number> {
  await db.query(
    `insert into user_credential as c (id, user_id, account_id, provider_id, password)
     values (gen_random_uuid()::text, $1, $1, 'credential', $2)
     on conflict (user_id, provider_id) do update set password = excluded.password, updated_at = now()`,
    [userId, hashed],
  )
  await db.query('delete from user_verification where value = $1', [userId])
  await db.query('delete from user_link where user_id = $1', [userId])
  const ended = await db.query('delete from user_session where user_id = $1 and id is distinct from $2', [userId, keep])
  return ended.rowCount ?? 0
}
