/**
 * Keyset cursors: the sort values of the last row, bound to the list, filter and sort they came from.
 * Not a right: the values go into the query as parameters, beside the caller's own scope. Hidden, because some of them count
 * what happens elsewhere.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { hideText, showText } from './hidden.ts'
import { ProblemError } from './problem.ts'

const Envelope = z.tuple([z.string(), z.array(z.unknown())])

/** @param list what the cursor belongs to: the endpoint with everything that filters and sorts */
export function toCursor(list: unknown, values: readonly unknown[]): string {
  return hideText(JSON.stringify([fingerprint(list), values]))
}

/** @throws ProblemError `stale-cursor` for anything but an own cursor of this very list */
export function fromCursor<T extends z.ZodType>(
  list: unknown,
  cursor: string | undefined,
  values: T,
): z.output<T> | null {
  if (cursor === undefined) return null
  const envelope = Envelope.safeParse(decode(cursor))
  if (envelope.success && envelope.data[0] === fingerprint(list)) {
    const parsed = values.safeParse(envelope.data[1])
    if (parsed.success) return parsed.data
  }
  throw new ProblemError('stale-cursor', 'Start again from the first page.')
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(showText(cursor) ?? 'null')
  } catch {
    return null
  }
}

function fingerprint(list: unknown): string {
  return createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 16)
}

/** Cuts the row that was read beyond the page; its presence says that there is a next one. */
export function toPage<T>(rows: readonly T[], limit: number): { page: T[]; last: T | null } {
  const page = rows.slice(0, limit)
  return { page, last: rows.length > limit ? (page.at(-1) ?? null) : null }
}
