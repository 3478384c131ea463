import { once } from 'node:events'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toCells, toCsv } from './csv.ts'

/** RFC 4180 to the letter: anything that it does not allow throws. */
function parseStrictly(text: string): string[][] {
  if (!text.startsWith('\uFEFF')) throw new Error('no byte order mark')
  const rows: string[][] = [[]]
  let at = 1
  while (at < text.length) {
    const quoted = text[at] === '"'
    let cell = ''
    if (quoted) {
      for (at += 1; ; at += 1) {
        if (at >= text.length) throw new Error('a quote is not closed')
        if (text[at] !== '"') cell += text[at]
        else if (text[at + 1] === '"') cell += text[(at += 1)]
        else break
      }
      at += 1
    } else {
      for (; at < text.length && !',\r\n'.includes(text[at] ?? ''); at += 1) {
        if (text[at] === '"') throw new Error('a quote inside a bare cell')
        cell += text[at]
      }
    }
    rows.at(-1)?.push(cell)
    if (text[at] === ',') {
      at += 1
      if (at === text.length || text[at] === '\r') rows.at(-1)?.push('')
      if (text[at] !== '\r') continue
    }
    if (text.slice(at, at + 2) !== '\r\n') throw new Error(`no end of line at ${at}`)
    at += 2
    if (at < text.length) rows.push([])
  }
  return rows
}

const COLUMNS = { first: (row: Row) => row.text, second: (row: Row) => row.number, last: (row: Row) => row.text }
interface Row {
  text: string
  number: number
}

async function write(rows: readonly Row[]): Promise<string> {
  const file = toCsv(COLUMNS)
  for (const row of rows) file.write(toCells(COLUMNS, row))
  file.end()
  let text = ''
  for await (const chunk of file) text += String(chunk)
  return text
}

const FORMULA = ['=1+1', '+420 123', '-2', '@SUM(A1)', '\t=1', '\r=1', '=cmd|’ /C calc’!A0', '=HYPERLINK("http://x")']
const ODD = [
  '',
  ' ',
  '"',
  '""',
  '"a',
  'a"b"c',
  ',',
  ',,',
  '\n',
  '\r\n',
  'a\nb',
  'a\rb',
  '\r',
  ';',
  "'",
  "'=1",
  '\u0000',
  '\uFEFF',
  '\u202E',
  '\u2028',
  'Příliš žluťoučký',
  '日本',
  '👩‍💻',
  '-',
  '--',
  '1e5',
  '00123',
  'true',
  'null',
  '<script>',
  '\\',
  '\\"',
  'a,"b"\r\n',
  ...FORMULA,
]

test('what is written reads the same in a strict parser, but for the apostrophe before formulas', async () => {
  const random = fc.sample(fc.string({ unit: fc.constantFrom(...Array.from('",\r\n\t =+-@\'až;|')), maxLength: 12 }), {
    numRuns: 160,
    seed: 1,
  })
  const texts = [...ODD, ...random]
  expect(texts.length).toBeGreaterThanOrEqual(200)
  const rows = texts.map((text, i) => ({ text, number: i - 5 }))
  const [header, ...read] = parseStrictly(await write(rows))
  expect(header).toEqual(['first', 'second', 'last'])
  const expected = rows.map(({ text, number }) => {
    const cell = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
    return [cell, String(number), cell]
  })
  expect(read).toEqual(expected)
})

test('no cell begins as a formula does', async () => {
  const rows = FORMULA.map((text) => ({ text, number: -1 }))
  for (const [first] of parseStrictly(await write(rows)).slice(1)) expect(first).toMatch(/^'/)
})

test('rows are made as they are taken, not before', async () => {
  let made = 0
  const rows = Readable.from(
    (function* () {
      for (; made < 1_000_000; made++) yield toCells(COLUMNS, { text: 'x'.repeat(100), number: made })
    })(),
  )
  const file = rows.pipe(toCsv(COLUMNS))
  await once(file, 'readable')
  await sleep(50)
  expect(made).toBeGreaterThan(0)
  expect(made).toBeLessThan(5_000)
  rows.destroy()
})
