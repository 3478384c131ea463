import { confirmTwoFactor, endTwoFactor, startTwoFactor } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import { checkPassword } from '../access/passwords.ts'
import { personOf, requireFresh } from '../access/session.ts'
import { inTransaction } from '../db/tx.ts'
import { serve } from '../http/serve.ts'
import type { IdentityDeps } from './routes.ts'

export function serveCodes(app: FastifyInstance, { identity, attempts, secondFactor }: IdentityDeps): void {
  serve(app, startTwoFactor, async ({ body }, request) => {
    const user = personOf(request)
    await checkPassword(identity, attempts, user, body.password)
    return inTransaction(identity, (db) => secondFactor.start(db, user))
  })

  serve(app, confirmTwoFactor, async ({ body }, request) => {
    const { id } = personOf(request)
    const recoveryCodes = await inTransaction(identity, (db) => secondFactor.confirm(db, id, body.code))
    return { recoveryCodes }
  })

  serve(app, endTwoFactor, async ({ body }, request) => {
    const user = personOf(request)
    requireFresh(user) // which took a code; a password alone does not end what stands beside it
    await checkPassword(identity, attempts, user, body.password)
    await inTransaction(identity, (db) => secondFactor.end(db, user.id))
    return { ended: true as const }
  })
}
