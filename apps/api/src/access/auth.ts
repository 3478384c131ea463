/**
 * Passwords and sessions, by better-auth on our own tables. This file only configures it: which calls exist, how long a
 * session lives, what the cookie is called. Who may see what is scope.ts. Sign-up does not exist as a call.
 * Invariant: a right password alone begins no session for a user who is disabled or has a second factor.
 */
import { createHmac } from 'node:crypto'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { betterAuth } from 'better-auth/minimal'
import type { PrismaClient } from '../db/generated/client.ts'
import { withHashedTokens } from './hashed-tokens.ts'
import { hashNow, verifyNow } from './passwords.ts'
import { deriveKey } from './seal.ts'

const SESSION_SECONDS = 12 * 3600

/** Carries the client's address to better-auth; a client's own header of that name never gets there. */
export const ADDRESS_HEADER = 'x-client-address'

export interface AuthOptions {
  prisma: PrismaClient
  secretKey: Buffer
  /** Where browsers reach the console; undefined = loopback http. */
  publicUrl: string | undefined
  port: number
}

export type Auth = ReturnType<typeof createAuth>

/** Ends the first step of signing in: the password was right, and no session began. */
export const HELD_BACK = 'FAILED_TO_CREATE_SESSION'

export function createAuth({ prisma, secretKey, publicUrl, port }: AuthOptions) {
  const secret = deriveKey(secretKey, 'session-cookie').toString('base64')
  const secure = publicUrl?.startsWith('https:') ?? false
  // __Host- binds the cookie to this very host over https; browsers refuse that prefix on plain http.
  const cookieName = secure ? '__Host-msp_console' : 'msp_console'
  const baseUrl = publicUrl ?? `http://localhost:${port}`
  const auth = betterAuth({
    baseURL: baseUrl,
    basePath: '/api/auth',
    secret,
    database: withHashedTokens(prismaAdapter(prisma, { provider: 'postgresql', transaction: true })),
    user: { modelName: 'user' },
    session: {
      modelName: 'session',
      expiresIn: SESSION_SECONDS,
      disableSessionRefresh: true, // twelve hours from sign-in, whatever happens
    },
    account: { modelName: 'credential' },
    verification: { modelName: 'verification' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: 256,
      // Its route holds a place among the hashes already, see sign-in.ts.
      password: { hash: hashNow, verify: ({ hash: stored, password }) => verifyNow(stored, password) },
    },
    databaseHooks: {
      session: { create: { before: async ({ userId }, context) => mayBegin(prisma, userId, context?.path) } },
    },
    rateLimit: { enabled: false }, // ours counts before it, for every route
    telemetry: { enabled: false },
    advanced: {
      useSecureCookies: false, // its own prefix is __Secure-, the weaker one
      cookiePrefix: 'msp_console',
      cookies: { session_token: { name: cookieName } },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      defaultCookieAttributes: { secure, httpOnly: true, sameSite: 'lax', path: '/' },
    },
    logger: { disabled: true }, // its messages hold e-mail addresses
  })
  const attributes = { httpOnly: true, sameSite: 'Lax', path: '/', secure } as const
  return {
    handler: auth.handler,
    baseUrl,
    cookieName,
    secret,
    /** Of the time between password and code. */
    stepCookie: { name: `${cookieName}_step`, attributes },
    /** Begins a session without a password; the value of its cookie. Null: the user is disabled. */
    async beginSession(userId: string, from: { ipAddress: string; userAgent: string }) {
      const { internalAdapter } = await auth.$context
      const session = (await internalAdapter.createSession(userId, false, from)) as { token: string } | null // null by the hook
      if (session === null) return null
      const value = `${session.token}.${createHmac('sha256', secret).update(session.token).digest('base64')}`
      return { name: cookieName, value, attributes: { ...attributes, maxAge: SESSION_SECONDS } }
    },
  }
}

/** False holds a session back. */
async function mayBegin(prisma: PrismaClient, userId: string, path: string | undefined): Promise<false | undefined> {
  const rows = await prisma.$queryRaw<{ disabled: boolean; two_factor: boolean }[]>`
    select disabled_at is not null as disabled, two_factor_since is not null as two_factor from app_user where id = ${userId}`
  const user = rows[0]
  return user === undefined || user.disabled || (user.two_factor && path === '/sign-in/email') ? false : undefined
}
