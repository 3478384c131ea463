// The access token: got with the password, renewed before it ends, shared by all calls of one client.
// Invariants: at most one login or renewal at a time; a refused password is never sent twice; tokens live in memory only.
import type { Clock } from './clock.ts'
import { EmaError } from './errors.ts'

export type Tokens = { accessToken: string; refreshToken?: string | undefined; expiresIn?: number | undefined }

export type Session = {
  /** A token with life left in it. */
  bearer(): Promise<string>
  /** EMA refused `token`: bring another one, by renewing or by logging in. */
  replace(token: string, how: 'renew' | 'login'): Promise<string>
}

export type SessionCalls = { login(): Promise<Tokens>; renew(refreshToken: string): Promise<Tokens> }

/** EMA documents both 60 s and an hour; without a word from the token itself the shorter one is safe. */
const LIFE_UNKNOWN = 60_000

export function createSession(calls: SessionCalls, clock: Clock): Session {
  let held: { tokens: Tokens; renewAt: number } | undefined
  let coming: Promise<string> | undefined
  let refused: EmaError | undefined

  async function login(): Promise<Tokens> {
    if (refused !== undefined) throw refused
    try {
      return await calls.login()
    } catch (error) {
      if (!(error instanceof EmaError) || !isRefusal(error)) throw error
      refused = new EmaError('unauthorized', {
        path: error.path,
        status: error.status,
        code: error.code,
        subCode: error.subCode,
        detail: 'login or password refused',
      })
      throw refused
    }
  }

  async function renew(): Promise<Tokens> {
    const refreshToken = held?.tokens.refreshToken
    if (refreshToken === undefined) return login()
    try {
      return await calls.renew(refreshToken)
    } catch (error) {
      // The session ends 30 minutes after the login, in the middle of any long listing: then log in again.
      if (error instanceof EmaError && (isRefusal(error) || error.kind === 'bad-shape')) return login()
      throw error
    }
  }

  function obtain(how: 'renew' | 'login'): Promise<string> {
    coming = (how === 'renew' ? renew() : login())
      .then((tokens) => {
        const { accessToken, refreshToken = how === 'renew' ? held?.tokens.refreshToken : undefined } = tokens
        held = {
          tokens: { accessToken, refreshToken },
          // A third of the life is kept for slow calls.
          renewAt: clock.ticks() + (lifeOf(tokens, clock.wall()) * 2) / 3,
        }
        return accessToken
      })
      .finally(() => {
        coming = undefined
      })
    return coming
  }

  return {
    async bearer() {
      if (coming !== undefined) return coming
      if (held !== undefined && clock.ticks() < held.renewAt) return held.tokens.accessToken
      return obtain(held === undefined ? 'login' : 'renew')
    },
    async replace(token, how) {
      if (coming !== undefined) return coming
      // Another call has already brought a newer one.
      if (held !== undefined && held.tokens.accessToken !== token) return held.tokens.accessToken
      return obtain(how)
    },
  }
}

function isRefusal(error: EmaError): boolean {
  return error.status !== undefined && error.status >= 400 && error.status < 500 && error.status !== 429
}

/** Milliseconds. Differences of claims are used before "exp minus now", because the two clocks may disagree. */
export function lifeOf({ accessToken, expiresIn }: Tokens, wall: number): number {
  const { exp, iat, nbf } = claimsOf(accessToken)
  const start = iat ?? nbf
  const said = exp === undefined ? expiresIn : start === undefined ? exp - wall / 1000 : exp - start
  return said !== undefined && said > 0 ? said * 1000 : LIFE_UNKNOWN
}

function claimsOf(token: string): Partial<Record<'exp' | 'iat' | 'nbf', number>> {
  try {
    const payload: unknown = JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')))
    if (typeof payload !== 'object' || payload === null) return {}
    return Object.fromEntries(Object.entries(payload).filter(([, value]) => Number.isFinite(value)))
  } catch {
    return {}
  }
}
