import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { from } from 'pg-copy-streams'

// Moving sets between this process and PostgreSQL without an object per row.

export type Field = string | number | null

const SPECIAL = /[\\\t\n\r]/g
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** One line of COPY's text format; `null` becomes SQL NULL. */
export function toCopyLine(fields: readonly Field[]): string {
  let line = ''
  for (const [index, field] of fields.entries()) {
    if (index > 0) line += '\t'
    if (field === null) line += '\\N'
    else if (typeof field === 'number') line += field
    else line += SPECIAL.test(field) ? field.replace(SPECIAL, (character) => ESCAPED[character] ?? character) : field
    SPECIAL.lastIndex = 0
  }
  return line + '\n'
}

/** Sends lines made by toCopyLine; `statement` is a COPY … FROM STDIN. */
export async function copyIn(client: ClientBase, statement: string, lines: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(inBlocks(lines)), client.query(from(statement)))
}

/** 64 KiB at a time: a stream step per line costs more than the line. */
function* inBlocks(lines: Iterable<string>): Generator<string> {
  let block = ''
  for (const line of lines) {
    block += line
    if (block.length >= 65_536) {
      yield block
      block = ''
    }
  }
  if (block !== '') yield block
}

/** Reads `string_agg(int4send(column), '')`: big-endian 32-bit integers. `null` (no rows) gives an empty array. */
export function toInts(packed: Buffer | null): Int32Array {
  if (packed === null) return new Int32Array(0)
  const own = Buffer.from(new ArrayBuffer(packed.length))
  packed.copy(own)
  own.swap32()
  return new Int32Array(own.buffer, own.byteOffset, own.length / 4)
}
