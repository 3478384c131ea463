// Logs by allow-list: what is not named here is never written. No query strings (they hold names), bodies or headers.
import type { FastifyBaseLogger } from 'fastify'
import { type DestinationStream, pino } from 'pino'

export type Log = FastifyBaseLogger

/** @param to where it is written; standard output by default */
export function createLog(level: string, to?: DestinationStream): Log {
  const options = { level, base: null, serializers: { req: toSafeRequest, res: toSafeReply, err: toSafeError } }
  return to === undefined ? pino(options) : pino(options, to)
}

const toSafeRequest = (request: { id?: unknown; method?: unknown }) => ({ id: request.id, method: request.method })
const toSafeReply = (reply: { statusCode?: unknown }) => ({ status: reply.statusCode })

/** Name, code, message and stack; not `detail`, `where` or `hint` of a database error, which quote values. */
function toSafeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: `thrown ${typeof error}` }
  const code = 'code' in error ? String(error.code) : null
  // PostgreSQL's data exceptions quote the value in the message too: invalid input syntax for type integer: "…".
  const clean = (text: string) =>
    code !== null && /^22[0-9A-Z]{3}$/.test(code) ? text.replaceAll(/"[^"]*"/g, '"…"') : text
  return {
    type: error.name,
    ...(code === null ? {} : { code }),
    message: clean(error.message),
    stack: clean(error.stack ?? ''),
  }
}
