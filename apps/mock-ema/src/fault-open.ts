// What the sources about EMA 2 leave open, answered otherwise than this mock usually does. A client should work with either.

type Json = Record<string, unknown>
type Answer = { status: number; body: unknown }

export const OPEN_ANSWERS = [
  /** Wrappers and fields with the other first letter: `Companies`, `search`, `paging.totalCount` against `Paging.TotalCount`. */
  'other-case',
  'no-paging',
  /** GUIDs as `{A0EE…}`. */
  'braced-ids',
  /** Search rows without a parent. */
  'no-parent-id',
  /** Search rows without numeric kind and state, by their names alone. */
  'names-only',
  /** Tokens with `expiresIn`. */
  'expires-in',
  /** Renewing gives no new refresh token. */
  'keep-refresh-token',
  /** 400 instead of 401 for wrong credentials. */
  'credentials-400',
  /** What does not exist is forbidden, as what may not be seen. */
  'absent-403',
  /** Children that may not be seen: an empty list instead of 403. */
  'forbidden-empty',
] as const
export type OpenAnswer = (typeof OPEN_ANSWERS)[number]

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Applies `change` to every object within, the inner ones first. */
function deep(value: unknown, change: (object: Json) => Json): unknown {
  if (Array.isArray(value)) return value.map((item) => deep(item, change))
  if (!isObject(value)) return value
  return change(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deep(item, change)])))
}

const without =
  (...names: string[]) =>
  (object: Json): Json =>
    Object.fromEntries(Object.entries(object).filter(([key]) => !names.includes(key.toLowerCase())))

const otherCase = (object: Json): Json =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      const [first = ''] = key
      return [(first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase()) + key.slice(1), value]
    }),
  )

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function answerOtherwise(as: OpenAnswer, path: string, { status, body }: Answer): Answer {
  switch (as) {
    case 'other-case':
      return { status, body: deep(body, otherCase) }
    case 'no-paging':
      return { status, body: deep(body, without('paging')) }
    case 'braced-ids':
      return {
        status,
        body: deep(body, (object) =>
          Object.fromEntries(
            Object.entries(object).map(([key, value]) => [
              key,
              typeof value === 'string' && GUID.test(value) ? `{${value}}` : value,
            ]),
          ),
        ),
      }
    case 'no-parent-id':
      return { status, body: deep(body, without('parentid')) }
    case 'names-only':
      return { status, body: deep(body, without('companytypeid', 'statusid')) }
    case 'expires-in':
      return { status, body: isObject(body) && 'accessToken' in body ? { ...body, expiresIn: 60 } : body }
    case 'keep-refresh-token':
      return { status, body: /renew$/i.test(path) && isObject(body) ? without('refreshtoken')(body) : body }
    case 'credentials-400':
      return { status: /token\/get$/i.test(path) && status === 401 ? 400 : status, body }
    case 'absent-403':
      return status === 404
        ? { status: 403, body: { code: 0, subCode: 3, message: 'Access denied.' } }
        : { status, body }
    case 'forbidden-empty':
      return /children$/i.test(path) && status === 403
        ? { status: 200, body: { companies: [], paging: { totalCount: 0 } } }
        : { status, body }
  }
}
