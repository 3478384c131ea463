/**
 * Passwords and sessions, by better-auth on our own tables. This file only configures it: which calls exist, how long a
 * session lives, what the cookie is called. Who may see what is scope.ts. Sign-up does not exist as a call.
 */
import { hash, verify } from '@node-rs/argon2'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { betterAuth } from 'better-auth/minimal'
import type { PrismaClient } from '../db/generated/client.ts'
import { deriveKey } from './seal.ts'

const SESSION_SECONDS = 12 * 3600

/** OWASP's figures for argon2id: 19 MiB, two passes, one lane. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export function hashPassword(password: string): Promise<string> {
  return hash(password, ARGON2)
}

export interface AuthOptions {
  prisma: PrismaClient
  secretKey: Buffer
  /** Where browsers reach the console; undefined = loopback http. */
  publicUrl: string | undefined
  port: number
}

export type Auth = ReturnType<typeof createAuth>

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
    database: prismaAdapter(prisma, { provider: 'postgresql', transaction: true }),
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
      password: { hash: hashPassword, verify: ({ hash: stored, password }) => verify(stored, password) },
    },
    rateLimit: { enabled: false }, // ours counts before it, for every route
    telemetry: { enabled: false },
    advanced: {
      useSecureCookies: false, // its own prefix is __Secure-, the weaker one
      cookiePrefix: 'msp_console',
      cookies: { session_token: { name: cookieName } },
      defaultCookieAttributes: { secure, httpOnly: true, sameSite: 'lax', path: '/' },
    },
    logger: { disabled: true }, // its messages hold e-mail addresses
  })
  return { handler: auth.handler, baseUrl, cookieName, secret }
}
