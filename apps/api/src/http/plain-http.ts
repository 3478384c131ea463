// Without TLS everybody on the way reads passwords and sessions. So plain http is for this very machine; a name of this machine
// also keeps pages away whose own name was pointed here (DNS rebinding).
import type { FastifyRequest } from 'fastify'
import { ProblemError } from './problem.ts'

/** As `new URL` spells a host: every way to write an IPv4 address is one there, IPv6 stands in brackets. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  )
}

/**
 * With an https address announced, TLS ends in front of us and cookies are bound to it.
 * @throws ProblemError `forbidden` with how to mend it
 */
export function refusePlainHttp({ headers }: FastifyRequest, publicUrl: string | undefined): void {
  if (publicUrl?.startsWith('https:') === true) return
  const url = `http://${headers.host ?? ''}`
  if (URL.canParse(url) && isLoopback(new URL(url).hostname)) return
  throw new ProblemError(
    'forbidden',
    'Over plain http the console answers on this machine only, as localhost; to reach it from elsewhere put a server that speaks TLS in front of it and start it with PUBLIC_URL=https://… (that address).',
  )
}
