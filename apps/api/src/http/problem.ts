/**
 * What goes wrong, told as RFC 9457. One class to throw, one mapping to the wire.
 * Invariant: the answer says only what the caller may know; everything else stays in the log under the request id.
 */
import type { Problem, ProblemCode } from '@msp-console/contract'
import type { z } from 'zod'

export type Pointers = { pointer: string; detail: string }[]

/** An answer that is a problem. `detail` is read by people and must not hold secrets or names outside their view. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly errors: Pointers | undefined
  /** Seconds for the Retry-After header. */
  readonly retryAfter: number | undefined

  constructor(
    code: ProblemCode,
    detail: string,
    more: { errors?: Pointers; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(detail, more.cause === undefined ? undefined : { cause: more.cause })
    this.code = code
    this.errors = more.errors
    this.retryAfter = more.retryAfter
  }
}

const KINDS: Readonly<Record<ProblemCode, readonly [status: number, title: string]>> = {
  'validation-failed': [400, 'The request does not fit'],
  'malformed-body': [400, 'The body is not JSON'],
  'unsupported-media-type': [415, 'Only application/json is accepted'],
  'payload-too-large': [413, 'The body is too large'],
  'not-found': [404, 'Not found'],
  'method-not-allowed': [405, 'The method is not allowed here'],
  unauthenticated: [401, 'Sign in first'],
  forbidden: [403, 'Not allowed'],
  'confirmation-required': [403, 'Give your password again'],
  'rights-exceeded': [403, 'More than you may give'],
  'email-taken': [409, 'The e-mail address is taken'],
  'set-in-use': [409, 'The permission set is in use'],
  'link-invalid': [403, 'The link is not valid'],
  'code-wrong': [401, 'The code is wrong'],
  'invalid-credentials': [401, 'E-mail or password is wrong'],
  'setup-link-invalid': [403, 'The set-up link is not valid'],
  'too-many-requests': [429, 'Too many requests'],
  conflict: [409, 'Somebody else changed it'],
  'account-exists': [409, 'The account is connected already'],
  'account-disconnected': [409, 'The account is disconnected'],
  'plan-stale': [409, 'The plan is not the newest'],
  'plan-expired': [409, 'The plan is too old'],
  'group-in-use': [409, 'The group cannot be deleted'],
  'password-refused': [409, 'The source refuses the stored password'],
  'source-unreachable': [502, 'The source cannot be reached'],
  'source-rejected-credentials': [422, 'The source rejected the credentials'],
  'source-error': [502, 'The source answered with an error'],
  'address-not-allowed': [422, 'The address is not allowed'],
  'stale-cursor': [400, 'The cursor does not belong to this list'],
  'not-a-customer': [422, 'Not a customer'],
  'not-ready': [503, 'Not ready yet'],
  timeout: [503, 'It took too long'],
  internal: [500, 'Something went wrong'],
}

const OWN_CODES: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed-body', 'The body cannot be parsed as JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed-body', 'The body is not as long as Content-Length says.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload-too-large', 'Send less at once.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported-media-type', 'Send the body as application/json.'],
  FST_ERR_BAD_URL: ['validation-failed', 'The path is not a valid URL.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not-found', 'There is nothing at this address.'],
  // PostgreSQL: a NUL in a text, which no column can hold, sent as such or inside of JSON.
  '22021': ['validation-failed', 'Some text holds a character that cannot be stored.'],
  '22P05': ['validation-failed', 'Some text holds a character that cannot be stored.'],
  // PostgreSQL: statement_timeout, lock_timeout; serialization and deadlock: the same request works a moment later.
  '57014': ['timeout', 'The database took too long; narrow the request or try again.'],
  '55P03': ['timeout', 'The data are being changed by somebody else; try again.'],
  '40001': ['conflict', 'The data changed meanwhile; try again.'],
  '40P01': ['conflict', 'The data changed meanwhile; try again.'],
  // PostgreSQL is shutting down or not up; no connection.
  '57P01': ['not-ready', 'The database is not available right now.'],
  '57P03': ['not-ready', 'The database is not available right now.'],
  ECONNREFUSED: ['not-ready', 'The database is not available right now.'],
}

/** Any thrown thing → a ProblemError. What is not known becomes `internal` and says nothing. */
export function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const [known, detail] = OWN_CODES[code] ?? ['internal', 'The cause is in the log of the server under this instance.']
  return new ProblemError(known, detail, { cause: error })
}

export function statusOf(code: ProblemCode): number {
  return KINDS[code][0]
}

export function presentProblem(error: ProblemError, instance: string): Problem {
  const [status, title] = KINDS[error.code]
  return {
    type: `urn:msp-console:problem:${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    instance,
    ...(error.errors === undefined ? {} : { errors: error.errors }),
  }
}

/** Pointers of a zod error below `/query`, `/params` or `/body`, with `~` and `/` escaped as RFC 6901 says. */
export function toPointers(part: string, error: z.ZodError): Pointers {
  return error.issues.flatMap((issue) => {
    const at = (path: readonly PropertyKey[]) => ['', part, ...path.map(escapeKey)].join('/')
    if (issue.code !== 'unrecognized_keys') return [{ pointer: at(issue.path), detail: issue.message }]
    return issue.keys.map((key) => ({ pointer: at([...issue.path, key]), detail: 'unknown field' }))
  })
}

function escapeKey(key: PropertyKey): string {
  return String(key).replaceAll('~', '~0').replaceAll('/', '~1')
}
