// Cookies by hand: we set two and read two.

export interface Cookie {
  name: string
  value: string
  /** `maxAge` in seconds; 0 removes it. */
  attributes: { httpOnly: boolean; sameSite: 'Lax'; path: string; secure: boolean; maxAge: number }
}

/** As a Set-Cookie header. */
export function toSetCookie({ name, value, attributes }: Cookie): string {
  const { httpOnly, sameSite, path, secure, maxAge } = attributes
  const flags = `${httpOnly ? '; HttpOnly' : ''}${secure ? '; Secure' : ''}`
  return `${name}=${encodeURIComponent(value)}; Max-Age=${maxAge}; Path=${path}${flags}; SameSite=${sameSite}`
}

/** Of a Cookie header; what is not there or not encoded rightly is ''. */
export function readCookie(header: string | undefined, name: string): string {
  const pair = header?.split(';').find((part) => part.trimStart().startsWith(`${name}=`))
  if (pair === undefined) return ''
  try {
    return decodeURIComponent(pair.slice(pair.indexOf('=') + 1).trim())
  } catch {
    return ''
  }
}
