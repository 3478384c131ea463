// Token/Get and Token/Renew: short-lived JWTs, refresh tokens that work once, and a ceiling for the whole session.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { refuse } from './refusal.ts'
import type { User, World } from './world.ts'

export type Tokens = ReturnType<typeof createTokens>

const ISSUER = 'https://mock-ema.example'
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** @param now milliseconds since 1970 */
export function createTokens(world: World, tokenSeconds: number, sessionSeconds: number, now: () => number) {
  const secret = randomBytes(32)
  const sessions = new Map<string, { user: User; start: number }>()
  const sign = (text: string) => createHmac('sha256', secret).update(text).digest()
  /** Access tokens are good until this instant at the latest; tests raise it to expire all of them at once. */
  let notBefore = 0
  let serial = 0

  function issue(user: User, start: number) {
    const nbf = Math.floor(now() / 1000)
    serial += 1
    const claims = {
      nbf,
      exp: Math.min(nbf + tokenSeconds, Math.floor(start / 1000) + sessionSeconds),
      iss: ISSUER,
      aud: [`${ISSUER}/resources`, 'ema2_api'],
      client_id: 'ema2_api_client',
      sub: user.id,
      auth_time: Math.floor(start / 1000),
      idp: 'local',
      scope: ['ema2_api', 'offline_access'],
      amr: ['pwd'],
      jti: serial,
      // Claims count whole seconds; without the exact end a token of one second would live anything from 0 to 1.
      endMs: Math.min(now() + tokenSeconds * 1000, start + sessionSeconds * 1000),
    }
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
    const refreshToken = randomBytes(32).toString('base64')
    sessions.set(refreshToken, { user, start })
    return { accessToken: `${text}.${sign(text).toString('base64url')}`, refreshToken }
  }

  return {
    get(login: string, password: string) {
      const user = world.users.find(({ email }) => email.toLowerCase() === login.toLowerCase())
      if (user === undefined || user.password !== password) throw refuse.signIn()
      return issue(user, now())
    },

    renew(refreshToken: string) {
      const session = sessions.get(refreshToken)
      sessions.delete(refreshToken)
      if (session === undefined || now() >= session.start + sessionSeconds * 1000) throw refuse.token()
      return issue(session.user, session.start)
    },

    /** The user of an `Authorization` header. */
    verify(header: string | undefined): User {
      const [head, payload, signature] = /^bearer (.+)$/i.exec(header ?? '')?.[1]?.split('.') ?? []
      if (head === undefined || payload === undefined || signature === undefined) throw refuse.token()
      const given = Buffer.from(signature, 'base64url')
      const wanted = sign(`${head}.${payload}`)
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw refuse.token()
      const { endMs, sub, jti } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
        endMs: number
        sub: string
        jti: number
      } // our own signature: these are our own claims
      const user = world.users.find(({ id }) => id === sub)
      if (user === undefined || now() >= endMs || jti <= notBefore) throw refuse.token()
      return user
    },

    /** Every access token given out so far is refused from now on; refresh tokens too when `sessionsToo`. */
    expireAll(sessionsToo = false): void {
      notBefore = serial
      if (sessionsToo) sessions.clear()
    },
  }
}
