import { Problem, type Args, type Endpoint, type ProblemCode, type Reply } from '@msp-console/contract'
import { viewHeaders, withView } from './view.ts'

// The only door to the server: an endpoint of the contract and its arguments in, a checked reply or an ApiError out.
// Knows no view and no cache. A reply that does not fit the contract is an error here, never a crash in a component.

/** What went wrong, in the server's closed list of codes, or one of the two that only a client can know. */
export type FailureCode = ProblemCode | 'network' | 'unreadable-reply'

export class ApiError extends Error {
  readonly code: FailureCode
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  readonly problem: Problem | null
  /** Seconds until asking again makes sense, where the server said so. */
  retryAfter: number | null = null
  constructor(code: FailureCode, status: number, problem: Problem | null, cause?: unknown) {
    super(problem?.detail ?? problem?.title ?? code, { cause })
    this.name = 'ApiError'
    this.code = code
    this.status = status
    this.problem = problem
  }
}

/** Optional members may also be undefined: they are left out of the address. */
type Lenient<Value> = { [K in keyof Value]: object extends Pick<Value, K> ? Value[K] | undefined : Value[K] }

type Part<Name extends string, Value> = [Value] extends [undefined]
  ? { [K in Name]?: undefined }
  : Record<string, never> extends Value
    ? { [K in Name]?: Lenient<Value> }
    : { [K in Name]: Lenient<Value> }

/** Only what the endpoint declares, and required only where the endpoint requires something. */
export type CallArgs<E extends Endpoint> = Part<'params', Args<E>['params']> &
  Part<'query', Args<E>['query']> &
  Part<'body', Args<E>['body']>

interface LooseArgs {
  params?: Record<string, unknown> | undefined
  query?: Record<string, unknown> | undefined
  body?: unknown
}

/** `/api/v1/groups/7/children?limit=50`; values that are undefined are left out. */
export function toUrl(endpoint: Endpoint, args: LooseArgs = {}): string {
  const path = endpoint.path.replace(/:([a-zA-Z]+)/g, (_, name: string) =>
    encodeURIComponent(String(args.params?.[name])),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(args.query ?? {})) {
    if (typeof value === 'string' || typeof value === 'number') search.set(name, `${value}`)
  }
  const text = search.toString()
  return `/api/v1${path}${text === '' ? '' : `?${text}`}`
}

/** The address of a file, for a link that the browser follows by itself: it carries the view, because no header can. */
export function toFileUrl<E extends Endpoint>(endpoint: E, args: CallArgs<E>): string {
  const loose: LooseArgs = args
  return withView(toUrl(endpoint, loose))
}

export interface RequestOptions {
  signal?: AbortSignal
  headers?: Record<string, string>
}

/**
 * The bare answer, for callers that work with status and headers themselves (`If-None-Match` → 304).
 * Rejects with ApiError for any other status than success and 304, and when there is no answer.
 */
export async function request<E extends Endpoint>(
  endpoint: E,
  args: CallArgs<E>,
  options: RequestOptions = {},
): Promise<Response> {
  const loose: LooseArgs = args
  const response = await send(toUrl(endpoint, loose), {
    method: endpoint.method,
    headers: {
      accept: 'application/json',
      ...viewHeaders(),
      ...(loose.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(loose.body === undefined ? {} : { body: JSON.stringify(loose.body) }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  if (response.ok || response.status === 304) return response
  throw await toApiError(response)
}

/** The checked reply. Rejects with ApiError. */
export async function call<E extends Endpoint>(
  endpoint: E,
  args: CallArgs<E>,
  options: RequestOptions = {},
): Promise<Reply<E>> {
  const response = await request(endpoint, args, options)
  return readReply(endpoint, response)
}

/** Reads and checks the body of an answer that `request` gave. */
export async function readReply<E extends Endpoint>(endpoint: E, response: Response): Promise<Reply<E>> {
  try {
    return endpoint.response.parse(await response.json()) as Reply<E> // the schema is the endpoint's own
  } catch (error) {
    throw new ApiError('unreadable-reply', response.status, null, error)
  }
}

/** `fetch` whose failure to get an answer reads as ApiError `network`; an abort stays an abort. */
export async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', ...init })
  } catch (error) {
    if (init.signal?.aborted === true) throw error
    throw new ApiError('network', 0, null, error)
  }
}

/** The error that an answer other than success stands for. */
export async function toApiError(response: Response): Promise<ApiError> {
  const parsed = Problem.safeParse(await response.json().catch(() => null))
  const error = parsed.success
    ? new ApiError(parsed.data.code, response.status, parsed.data)
    : new ApiError(response.status === 401 ? 'unauthenticated' : 'internal', response.status, null)
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  if (Number.isFinite(seconds) && seconds > 0) error.retryAfter = seconds
  return error
}
