/**
 * Production's first administrator: a link that is printed at every start until it was used once.
 * Invariant: it works only while no user exists; two uses at once make one user.
 * The token is derived from the instance's key, so it stays the same over restarts and is stored nowhere.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createFirstUser } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { createInScope } from '../db/scoped.ts'
import { ProblemError } from '../http/problem.ts'
import { serve } from '../http/serve.ts'
import { requireStrong } from './passwords.ts'
import { EVERYTHING } from './scope.ts'
import { deriveKey } from './seal.ts'
import { createUser, hasUsers } from './users.ts'

/** Any constant of our own: whoever holds it may look whether a user exists and make one. */
const FIRST_USER_LOCK = 5_174_001

export function toSetupToken(secretKey: Buffer): string {
  return createHmac('sha256', deriveKey(secretKey, 'setup-link')).update('first-user').digest('base64url')
}

/** Query strings are not logged here; whoever reads a proxy's log can use the link only until it was used. */
export function toSetupLink(baseUrl: string, secretKey: Buffer): string {
  return `${baseUrl}/setup?token=${toSetupToken(secretKey)}`
}

/** @param identity pool that may see users */
export function serveSetup(app: FastifyInstance, identity: pg.Pool, secretKey: Buffer): void {
  const expected = Buffer.from(toSetupToken(secretKey))
  serve(app, createFirstUser, async ({ body: { token, ...user } }) => {
    const given = Buffer.from(token)
    const valid = given.length === expected.length && timingSafeEqual(given, expected)
    if (valid) requireStrong(user.password, '/body/password', user)
    const made =
      valid &&
      (await createInScope(identity)(EVERYTHING, async (db) => {
        await db.query('select pg_advisory_xact_lock($1)', [FIRST_USER_LOCK])
        return !(await hasUsers(db)) && createUser(db, user)
      }))
    if (!made) throw new ProblemError('setup-link-invalid', 'It was used already, or it belongs to another instance.')
    return { email: user.email.toLowerCase() }
  })
}
