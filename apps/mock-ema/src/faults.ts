// What tests and benches can do to the mock from inside the same process.

export type SeenCall = {
  method: string
  /** Below `/api`, e.g. `/Search/Companies`. */
  path: string
  body: unknown
  /** 1 for the first call to this path. */
  nth: number
}

/** Instead of the honest answer. A string body is sent as it is, anything else as JSON. */
export type Override =
  | { status: number; headers?: Record<string, string | string[]>; body?: unknown }
  /** The connection is cut without an answer. */
  | 'reset'
  /** No answer ever comes. */
  | 'hang'

/** Called before each request is served: change the world, expire tokens, or return another answer. */
export type OnRequest = (call: SeenCall) => Override | undefined | void | Promise<Override | undefined | void>

/** True while a caller is within its rate; a sliding window of one second per caller. */
export function createLimiter(callsPerSecond: number | undefined, now: () => number) {
  const seen = new Map<string, number[]>()
  return (caller: string): boolean => {
    if (callsPerSecond === undefined) return true
    const since = now() - 1000
    const recent = (seen.get(caller) ?? []).filter((at) => at > since)
    const isWithin = recent.length < callsPerSecond
    if (isWithin) recent.push(now())
    seen.set(caller, recent)
    return isWithin
  }
}
