import { inspectLink, useLink } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import { findLink, takeLink } from '../access/links.ts'
import { hashPassword, requireStrong } from '../access/passwords.ts'
import { inTransaction } from '../db/tx.ts'
import { serve } from '../http/serve.ts'
import { writePassword } from './password.ts'
import type { IdentityDeps } from './routes.ts'

export function serveLinks(app: FastifyInstance, { identity, attempts }: IdentityDeps): void {
  serve(app, inspectLink, async ({ body: { token } }) => {
    const { kind, name, email } = await findLink(identity, token)
    return { kind, name, email }
  })

  serve(app, useLink, async ({ body: { token, password } }) => {
    // Looked at before the hash, so that nobody makes us hash without a link.
    const { user_id: userId, name, email } = await findLink(identity, token)
    requireStrong(password, '/body/password', { name, email })
    const hashed = await hashPassword(password)
    await inTransaction(identity, async (db) => {
      await takeLink(db, token)
      await writePassword(db, userId, hashed, null)
      // Who needs a link has lost control of the account, or never had it: nothing from before lives on.
      await db.query('delete from api_token where user_id = $1', [userId])
    })
    await attempts.forget('password', email) // who was locked out by somebody's guesses gets in again
    return { email }
  })
}
