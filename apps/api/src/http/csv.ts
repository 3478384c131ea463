/**
 * Files of comma-separated values, the one place for all: RFC 4180 with CRLF, a byte order mark for Excel, and cells that a spreadsheet
 * would take for a formula begin with an apostrophe (numbers do not, they are none).
 * Invariant: rows are read as fast as the reader takes them, never all at once; a file that broke off ends its connection, so it
 * never looks complete.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import type { FastifyReply } from 'fastify'
import { ProblemError } from './problem.ts'

type Cell = string | number | null
export type Columns<Row> = Readonly<Record<string, (row: Row) => Cell>>

/** Every file holds a connection to the database while it is read; a slow reader must not take them all. */
const MOST_AT_ONCE = 4
const MOST_MS = 120_000
let underWay = 0

/** Rows to text: a header of the columns' names, then one line each. */
export function toCsv<Row>(columns: Columns<Row>) {
  return stringify({
    bom: true,
    header: true,
    columns: Object.keys(columns),
    record_delimiter: '\r\n',
    escape_formulas: true,
    quoted_match: /[\r\n]/, // by itself it leaves a lone CR or LF bare, where readers begin a new row
  })
}

export function toCells<Row>(columns: Columns<Row>, row: Row): Cell[] {
  return Object.values(columns).map((of) => of(row))
}

/**
 * Sends a file and returns once it is sent, so that the transaction the pages come from can end then.
 * @param name without date and ending
 * @param pages of rows, one after the other
 * @throws ProblemError `too-many-requests`
 */
export async function sendCsv<Row>(
  reply: FastifyReply,
  name: string,
  columns: Columns<Row>,
  pages: AsyncGenerator<readonly Row[]>,
): Promise<void> {
  if (underWay >= MOST_AT_ONCE)
    throw new ProblemError('too-many-requests', 'Other files are being made; try again in a moment.', {
      retryAfter: 10,
    })
  underWay += 1
  try {
    // What cannot be read at all is still answered as a problem.
    const first = await pages.next()
    const file = toCsv(columns)
    const day = new Date().toISOString().slice(0, 10)
    void reply
      .header('content-type', 'text/csv; charset=utf-8; header=present')
      .header('content-disposition', `attachment; filename="${name}-${day}.csv"`)
      .send(file)
    const rows = Readable.from(toRows(columns, first, pages))
    await pipeline(rows, file, { signal: AbortSignal.timeout(MOST_MS) })
  } catch (error) {
    // The reader went away, or was too slow: the connection is gone and there is nobody to tell.
    if (!reply.raw.destroyed) throw error
    reply.log.info({ err: error }, 'a file was not taken to its end')
  } finally {
    underWay -= 1
  }
}

async function* toRows<Row>(
  columns: Columns<Row>,
  first: IteratorResult<readonly Row[]>,
  pages: AsyncGenerator<readonly Row[]>,
) {
  for (let page = first; page.done !== true; page = await pages.next())
    for (const row of page.value) yield toCells(columns, row)
}
