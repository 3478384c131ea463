// Logs by allow-list: what is not named here is never written. No query strings (they hold names), bodies or headers.
import type { FastifyBaseLogger } from 'fastify'
import { pino } from 'pino'

export type Log = FastifyBaseLogger

export function createLog(level: string): Log {
  return pino({ level, base: null, serializers: { req: toSafeRequest, res: toSafeReply, err: toSafeError } })
}

const toSafeRequest = (request: { id?: unknown; method?: unknown }) => ({ id: request.id, method: request.method })
const toSafeReply = (reply: { statusCode?: unknown }) => ({ status: reply.statusCode })

/** Name, code, message and stack; not `detail`, `where` or `hint` of a database error, which quote values. */
function toSafeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: `thrown ${typeof error}` }
  const code = 'code' in error ? { code: String(error.code) } : {}
  return { type: error.name, ...code, message: error.message, stack: error.stack }
}
