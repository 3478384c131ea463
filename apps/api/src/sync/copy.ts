import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { from } from 'pg-copy-streams'

// Moving sets between this process and PostgreSQL without an object per row.

export type Field = string | number | null

const SPECIAL = /[\\\t\n\r]/
const EVERY_SPECIAL = /[\\\t\n\r]/g
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** One line of COPY's text format; `null` becomes SQL NULL. */
export function toCopyLine(fields: readonly Field[]): string {
  let line = ''
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i]! // i < length
    if (i > 0) line += '\t'
    if (field === null) line += '\\N'
    else if (typeof field === 'number') line += field
    else line += SPECIAL.test(field) ? field.replace(EVERY_SPECIAL, (one) => ESCAPED[one] ?? one) : field
  }
  return line + '\n'
}

/** Sends lines made by toCopyLine; `statement` is a COPY … FROM STDIN. */
export async function copyIn(client: ClientBase, statement: string, lines: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(inBlocks(lines)), client.query(from(statement)))
}

const BLOCK = 65_536
/** UTF-8 takes at most three bytes for a UTF-16 unit. */
const MOST_BYTES = 3

/**
 * Bytes, 64 KiB at a time: a stream step per line costs more than the line, and joining lines to one text before they are
 * encoded costs four times what encoding each of them does.
 */
function* inBlocks(lines: Iterable<string>): Generator<Buffer> {
  let block = Buffer.allocUnsafe(BLOCK)
  let length = 0
  for (const line of lines) {
    if (length > 0 && length + line.length * MOST_BYTES > block.length) {
      yield block.subarray(0, length)
      block = Buffer.allocUnsafe(Math.max(BLOCK, line.length * MOST_BYTES))
      length = 0
    } else if (line.length * MOST_BYTES > block.length) block = Buffer.allocUnsafe(line.length * MOST_BYTES)
    length += block.write(line, length)
  }
  if (length > 0) yield block.subarray(0, length)
}

/** Reads `string_agg(int4send(column), '')`: big-endian 32-bit integers. */
export function toInts(packed: Buffer): Int32Array {
  const own = Buffer.from(new ArrayBuffer(packed.length))
  packed.copy(own)
  own.swap32()
  return new Int32Array(own.buffer, own.byteOffset, own.length / 4)
}
