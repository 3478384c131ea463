/**
 * What users do with their own identity: sessions, password, codes, tokens, and the links that set a password. Who may see
 * what is none of its business. Invariant: everything but the links is for a person with a session, never for an API token,
 * and reaches only what belongs to that person.
 */
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import type { Attempts } from '../access/attempts.ts'
import type { SecondFactor } from '../access/second-factor.ts'
import { serveCodes } from './codes.ts'
import { serveLinks } from './links.ts'
import { servePassword } from './password.ts'
import { serveSessions } from './sessions.ts'
import { serveTokens } from './tokens.ts'

export interface IdentityDeps {
  /** Sees identities. */
  identity: pg.Pool
  attempts: Attempts
  secondFactor: SecondFactor
}

export function serveIdentity(app: FastifyInstance, deps: IdentityDeps): void {
  serveSessions(app, deps.identity)
  servePassword(app, deps)
  serveCodes(app, deps)
  serveLinks(app, deps)
  serveTokens(app, deps.identity)
}
