// Requests that change something must come from our own pages, or from a program that is no browser. Browsers say where a
// request comes from (Sec-Fetch-Site, and Origin from older ones), pages cannot forge either. Who says neither is a program,
// and a program has no cookie: one that comes all the same was not sent by our pages.
import type { FastifyRequest } from 'fastify'
import { ProblemError } from './problem.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** @throws ProblemError `forbidden` for a request that another site's page makes */
export function refuseCrossSite(request: FastifyRequest, publicUrl: string | undefined): void {
  if (SAFE.has(request.method)) return
  if (!isForeign(request, publicUrl)) return
  throw new ProblemError('forbidden', 'Requests that change something are accepted from the console itself only.')
}

function isForeign({ headers }: FastifyRequest, publicUrl: string | undefined): boolean {
  const site = headers['sec-fetch-site']
  // `same-site` is not trusted: another service on a sister domain is another party. `none` = typed by the user.
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  if (headers.origin === undefined) return headers.cookie !== undefined
  // Where the public address is known nothing else is ours: the host alone would also be said by a page that came over http.
  if (publicUrl !== undefined) return headers.origin !== publicUrl
  return !URL.canParse(headers.origin) || new URL(headers.origin).host !== headers.host
}
