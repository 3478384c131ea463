// Making what EMA sends safe to compare and to store, without losing what it says.

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const BARE = /^[0-9a-f]{32}$/

/** A GUID in lower case with dashes; braces, upper case and missing dashes are accepted. `null` when it is none. */
export function toGuid(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 64) return null
  const text = value
    .trim()
    .replace(/^\{(.*)\}$/, '$1')
    .toLowerCase()
  if (GUID.test(text)) return text
  if (!BARE.test(text)) return null
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-')
}

/** U+0000 and lone surrogates are legal in JSON but not in PostgreSQL's text: both become U+FFFD. */
export function toSafeText(value: string): string {
  return value.replaceAll('\0', '\uFFFD').toWellFormed()
}

/**
 * Bytes of UTF-8 that a name may have. An index entry of PostgreSQL holds 2,704 bytes, and one of them holds a name beside a
 * path; a longer name would fail the whole write, not its own row.
 */
const NAME_BYTES_MOST = 1800

export function isNameTooLong(name: string): boolean {
  // No UTF-16 unit takes more than three bytes.
  return name.length * 3 > NAME_BYTES_MOST && new TextEncoder().encode(name).length > NAME_BYTES_MOST
}

/** For a name that cannot be refused: as much of it as fits, cut between characters. */
export function cutName(name: string): string {
  if (!isNameTooLong(name)) return name
  const { read } = new TextEncoder().encodeInto(name, new Uint8Array(NAME_BYTES_MOST))
  return name.slice(0, read)
}

/** Spellings seen so far: the same twenty keys come back in every row. Bounded, because keys come from outside. */
const camelKeys = new Map<string, string>()
const CAMEL_KEYS_MOST = 1000

function toCamelKey(key: string): string {
  const known = camelKeys.get(key)
  if (known !== undefined) return known
  const camel = (key.charAt(0).toLowerCase() + key.slice(1)).replace(/ID$/, 'Id')
  if (camelKeys.size < CAMEL_KEYS_MOST) camelKeys.set(key, camel)
  return camel
}

/**
 * The same object with its keys in camelCase, because EMA mixes `companyId`, `CompanyId` and `companyID`.
 * A camelCase twin wins over a PascalCase one. `__proto__` is dropped: it would set the prototype.
 */
export function toCamelKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const fields = value as Record<string, unknown> // an object that is no array, tested above
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(fields)) {
    const camel = toCamelKey(key)
    if (camel === '__proto__' || (camel !== key && Object.hasOwn(result, camel))) continue
    result[camel] = fields[key]
  }
  return result
}
