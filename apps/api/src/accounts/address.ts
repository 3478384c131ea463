/**
 * Which sources may be asked. What a user types here makes the server open connections, so only hosts that are on the list
 * are: ESET's own and those that the operator named. The list holds names, never addresses; what a name resolves to is
 * checked again for every connection (pinned.ts).
 */
import { ProblemError } from '../http/problem.ts'
import { isLoopback } from './public.ts'

/** Where EMA 2 is, by its documentation. */
export const OFFICIAL_HOSTS: readonly string[] = ['mspapi.eset.com']

export interface AllowedSources {
  /** `host` (port 443) or `host:port`, lower case. */
  hosts: readonly string[]
  /** The demo and tests: their source runs on this machine, over plain http too. */
  loopback: boolean
}

/** Scheme, host and port alone, as typed: a parser would make `/%2e%2e` and an empty userinfo disappear. */
const BARE = /^[a-z]+:\/\/[^/?#@\\%]+\/?$/i

/**
 * The origin to connect to.
 * @throws ProblemError `address-not-allowed`
 */
export function toAllowedOrigin(baseUrl: string, allowed: AllowedSources): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null
  if (url === null || !BARE.test(baseUrl.trim()))
    throw new ProblemError('address-not-allowed', 'Give the address without a path, such as https://mspapi.eset.com.')
  if (allowed.loopback && /^https?:$/.test(url.protocol) && isLoopbackHost(url.hostname)) return url.origin
  if (url.protocol !== 'https:') throw new ProblemError('address-not-allowed', 'Only https is allowed.')
  if (!allowed.hosts.includes(url.port === '' ? url.hostname : url.host))
    throw new ProblemError('address-not-allowed', 'This host is not one of the sources that this console may ask.')
  return url.origin
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || isLoopback(host.replace(/^\[|\]$/g, ''))
}
