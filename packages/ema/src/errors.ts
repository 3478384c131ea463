/** Every way in which asking EMA can end badly. The list is closed: a caller can switch over it. */
export type EmaErrorKind =
  | 'unreachable'
  /** The transport looked where the connection would go and did not make it. */
  | 'address-refused'
  | 'timeout'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'rate-limited'
  | 'maintenance'
  | 'bad-status'
  | 'bad-shape'
  | 'aborted'

export type EmaErrorFacts = {
  /** Path below `/api`, without query and body. */
  path: string
  /** HTTP status, when there was an answer. */
  status?: number | undefined
  /** EMA's own error codes, when the body carried them. */
  code?: number | undefined
  subCode?: number | undefined
  /** What EMA said in words, cut to 300 characters; it may be a field → messages map. */
  upstream?: string | undefined
  detail?: string | undefined
  cause?: unknown
}

/** The only error this package throws. Its message names path, status and codes, never a credential, token or body. */
export class EmaError extends Error {
  override readonly name = 'EmaError'
  readonly kind: EmaErrorKind
  readonly path: string
  readonly status: number | undefined
  readonly code: number | undefined
  readonly subCode: number | undefined
  readonly upstream: string | undefined

  constructor(kind: EmaErrorKind, facts: EmaErrorFacts) {
    super(describe(kind, facts), facts.cause === undefined ? undefined : { cause: facts.cause })
    this.kind = kind
    this.path = facts.path
    this.status = facts.status
    this.code = facts.code
    this.subCode = facts.subCode
    this.upstream = facts.upstream
  }
}

function describe(kind: EmaErrorKind, { path, status, code, subCode, detail }: EmaErrorFacts): string {
  const parts = [`EMA ${kind}: ${path}`]
  if (status !== undefined) parts.push(`status ${status}`)
  if (code !== undefined) parts.push(`code ${code}${subCode === undefined ? '' : `/${subCode}`}`)
  if (detail !== undefined) parts.push(detail)
  return parts.join(', ')
}

/** Codes of a maintenance window (with status 503), as documented. */
const MAINTENANCE = { code: 99, subCode: 2 }

/** Which kind a refused answer is. 403 with 99/1 (unknown page) stays `forbidden`: it proves nothing about a company. */
export function kindOfStatus(status: number, code?: number, subCode?: number): EmaErrorKind {
  if (status === 401) return 'unauthorized'
  if (status === 403) return 'forbidden'
  if (status === 404 || status === 410) return 'not-found'
  if (status === 429) return 'rate-limited'
  if (status === 503 && code === MAINTENANCE.code && subCode === MAINTENANCE.subCode) return 'maintenance'
  return 'bad-status'
}
