// One HTTP exchange, without retries: bounded in time and size, and no redirect is followed (it could leave the host).
// How connections are made is the transport's: `fetch` by default, or one that looks where it connects to.
import { EmaError } from './errors.ts'

export type Timeouts = {
  /** From the start, connecting included, to the answer's headers. Default 15 s. */
  headersMs?: number
  /** Longest silence while the body arrives. Default 15 s. */
  bodyIdleMs?: number
  /** The whole exchange. Default 60 s. */
  totalMs?: number
}

type Request = {
  /** Below `/api`, with a leading slash. */
  path: string
  /** `undefined` = GET, else a POST of this as JSON. */
  body: unknown
  bearer: string | undefined
  signal: AbortSignal | undefined
}

/** `json` is `undefined` when the body was empty, `malformed` when it was not JSON. */
export type Reply = { status: number; retryAfter: string | null; json: unknown; malformed: boolean }

export type Exchange = (request: Request) => Promise<Reply>

/** What is needed of `fetch`. It must not follow redirects, and yields the body decoded. An `EmaError` of its own is final. */
export type Transport = (
  url: string,
  init: {
    method: 'GET' | 'POST'
    headers: Record<string, string>
    body?: string
    redirect: 'manual'
    signal: AbortSignal
  },
) => Promise<{
  status: number
  headers: { get(name: string): string | null }
  body: AsyncIterable<Uint8Array> | null
}>

const BODY_MOST = 4 * 1024 * 1024

export function createExchange(baseUrl: string, transport: Transport, timeouts: Timeouts): Exchange {
  const base = toApiBase(baseUrl)
  const { headersMs = 15_000, bodyIdleMs = 15_000, totalMs = 60_000 } = timeouts

  return async ({ path, body, bearer, signal }) => {
    const watch = createWatch(path, signal)
    watch.total(totalMs)
    watch.idle(headersMs)
    try {
      const response = await transport(base + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: headersOf(body, bearer),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'manual',
        signal: watch.signal,
      })
      const text = await readBody(response, path, () => watch.idle(bodyIdleMs))
      return { status: response.status, retryAfter: response.headers.get('retry-after'), ...toJson(text) }
    } catch (error) {
      if (error instanceof EmaError) throw error
      throw watch.reason() ?? new EmaError('unreachable', { path, detail: codeOf(error), cause: error })
    } finally {
      watch.end()
    }
  }
}

/** `https://host` and `https://host/api/` name the same API. Throws `unreachable` for what is no http(s) address. */
function toApiBase(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new EmaError('unreachable', { path: '/', detail: 'the base URL must be a plain http or https address' })
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '').replace(/\/api$/i, '')}/api`
}

function headersOf(body: unknown, bearer: string | undefined): Record<string, string> {
  return {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
  }
}

async function readBody(response: Awaited<ReturnType<Transport>>, path: string, alive: () => void): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  let size = 0
  let text = ''
  for await (const chunk of response.body) {
    alive()
    size += chunk.byteLength
    if (size > BODY_MOST)
      throw new EmaError('bad-shape', { path, status: response.status, detail: 'answer over 4 MiB' })
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function toJson(text: string): { json: unknown; malformed: boolean } {
  if (text.trim() === '') return { json: undefined, malformed: false }
  try {
    return { json: JSON.parse(text), malformed: false }
  } catch {
    return { json: undefined, malformed: true }
  }
}

/** The system's word for a broken connection (ECONNREFUSED, ENOTFOUND …), which fetch puts into the cause: useful to an admin and free of secrets. */
function codeOf(error: unknown): string | undefined {
  for (const place of error instanceof Error ? [error.cause, error] : []) {
    const code = typeof place === 'object' && place !== null && 'code' in place ? place.code : undefined
    if (typeof code === 'string') return code
  }
  return undefined
}

/** An abort signal of three sources (caller, silence, total time) that remembers which one it was. */
function createWatch(path: string, outer: AbortSignal | undefined) {
  const controller = new AbortController()
  const stop = (kind: 'aborted' | 'timeout', detail?: string) => () =>
    controller.abort(new EmaError(kind, { path, detail }))
  const abandoned = stop('aborted')
  const late = (ms: number) => setTimeout(stop('timeout', `after ${ms} ms`), ms)
  const timers: ReturnType<typeof setTimeout>[] = []
  let idle: ReturnType<typeof setTimeout> | undefined
  if (outer?.aborted) abandoned()
  else outer?.addEventListener('abort', abandoned, { once: true })
  return {
    signal: controller.signal,
    reason: () => (controller.signal.reason instanceof EmaError ? controller.signal.reason : undefined),
    total: (ms: number) => timers.push(late(ms)),
    idle: (ms: number) => {
      clearTimeout(idle)
      idle = late(ms)
    },
    end: () => {
      clearTimeout(idle)
      timers.forEach(clearTimeout)
      outer?.removeEventListener('abort', abandoned)
    },
  }
}
