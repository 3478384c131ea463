/**
 * How the source is asked: node's own http(s) with a look at every address before anything connects to it. A name is
 * resolved once per connection; unless every answer is allowed nothing is opened, and what is opened goes to those very
 * answers, so a name that changes between check and use gains nothing. Redirects are not followed: nothing here can.
 */
import { lookup as systemLookup } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { EmaError, type Transport } from '@msp-console/ema'
import { type AllowedSources, toAllowedOrigin } from './accounts/address.ts'
import { isLoopback, isPublic } from './accounts/public.ts'
import { ProblemError } from './http/problem.ts'

/** All addresses of a name, as `dns.lookup` gives them. */
type Lookup = (
  host: string,
  options: { all: true },
  done: (error: Error | null, found: { address: string; family: number }[]) => void,
) => void

/** Longer than a run's pause between two calls, shorter than servers keep an idle connection. */
const IDLE_MS = 4_000

export function createPinned(allowed: AllowedSources, lookup: Lookup = systemLookup): Transport {
  const isAllowed = (address: string): boolean => isPublic(address) || (allowed.loopback && isLoopback(address))
  const options = { keepAlive: true, timeout: IDLE_MS, lookup: createPinningLookup(isAllowed, lookup) }
  const plain = new http.Agent(options)
  const secure = new https.Agent(options)

  return (address, { method, headers, body, signal }) => {
    const url = toCheckedUrl(address, allowed)
    const host = url.hostname.replace(/^\[|\]$/g, '')
    // An address instead of a name never reaches the lookup.
    if (isIP(host) > 0 && !isAllowed(host)) throw refused(url.pathname)
    const { request } = url.protocol === 'https:' ? https : http
    const agent = url.protocol === 'https:' ? secure : plain
    return new Promise((resolve, reject) => {
      const sent = request(
        url,
        { method, headers: { ...headers, 'accept-encoding': 'gzip' }, agent, ...(signal ? { signal } : {}) },
        (answer) => resolve(toResponse(answer)),
      )
      sent.on('error', (error) => reject(error.cause instanceof EmaError ? error.cause : error))
      sent.end(body)
    })
  }
}

/** Accounts that were saved under another list are asked no more. */
function toCheckedUrl(address: string, allowed: AllowedSources): URL {
  const url = new URL(address)
  try {
    toAllowedOrigin(url.origin, allowed)
  } catch (error) {
    throw error instanceof ProblemError ? refused(url.pathname) : error
  }
  return url
}

function createPinningLookup(isAllowed: (address: string) => boolean, lookup: Lookup): LookupFunction {
  return (host, options, done) => {
    lookup(host, { all: true }, (error, found) => {
      const [first] = found ?? []
      if (error !== null || first === undefined) return done(error ?? new Error('no address'), [])
      if (!found.every(({ address }) => isAllowed(address)))
        return done(new Error('refused', { cause: refused('/') }), [])
      if (options.all === true) done(null, found)
      else done(null, first.address, first.family)
    })
  }
}

function toResponse(answer: http.IncomingMessage): Awaited<ReturnType<Transport>> {
  const header = (name: string): string | null => {
    const value = answer.headers[name]
    return value === undefined ? null : String(value)
  }
  // Its errors arrive where the body is read.
  const body = header('content-encoding') === 'gzip' ? pipeline(answer, createGunzip(), () => {}) : answer
  return { status: answer.statusCode ?? 0, headers: { get: header }, body }
}

/** Final: trying again would not make the address another one. */
function refused(path: string): EmaError {
  return new EmaError('address-refused', { path, detail: 'the address is not one that may be asked' })
}
