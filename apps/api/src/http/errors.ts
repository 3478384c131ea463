// How every failure leaves the server: thrown errors, unknown paths, wrong methods, broken requests.
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Endpoint } from '@msp-console/contract'
import { presentProblem, ProblemError, statusOf, toProblemError } from './problem.ts'
import { API_PREFIX } from './serve.ts'

/** For the answer to arrive before the connection goes. */
const LINGER_MS = 1_000

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblemError(error)
  const status = statusOf(problem.code)
  // A problem without a cause was said on purpose; the request's own line is enough.
  if (status >= 500 && problem.cause !== undefined) request.log.error({ err: problem.cause }, problem.code)
  if (problem.retryAfter !== undefined) void reply.header('retry-after', problem.retryAfter)
  return reply
    .code(status)
    .header('content-type', PROBLEM_TYPE)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(presentProblem(problem, request.id)))
}

export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => sendProblem(error, request, reply))
}

/** 405 with Allow where another method would be served, else undefined. */
export function findAllowed(endpoints: readonly Endpoint[], path: string): string | undefined {
  const methods = endpoints.filter((endpoint) => toPattern(endpoint.path).test(path)).map(({ method }) => method)
  return methods.length === 0 ? undefined : [...new Set(methods)].join(', ')
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${API_PREFIX}${path.replaceAll(/:[a-z]+/gi, '[^/]+')}$`, 'i')
}

/** Requests that never become one: too slow, too long, not HTTP. Written by hand because there is no reply yet. */
export function handleBrokenConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const [status, problem] = brokenProblem(error.code)
  const body = JSON.stringify({ ...presentProblem(problem, 'none'), status })
  // Ending is only our half; one who does not read would keep the other half for ever.
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

function brokenProblem(code: string | undefined): [status: number, problem: ProblemError] {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return [408, new ProblemError('timeout', 'The request did not arrive in time.')]
  if (code === 'HPE_HEADER_OVERFLOW') return [431, new ProblemError('validation-failed', 'The headers are too large.')]
  return [400, new ProblemError('validation-failed', 'This is not a valid HTTP request.')]
}
