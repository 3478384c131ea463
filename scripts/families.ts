/**
 * Families of cases: a test that runs many cases in one says so in a line `family <name>: <counts>`, which is gathered here and shown
 * together at the end. And which tests have a longer set of them, played with MSP_TEST_LONG=1.
 */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

const LINE = /^family (.+?): (.+)$/

/** Lines `<name>: <counts>` by name. */
export function readFamilies(output: string): string[] {
  const lines = stripVTControlCharacters(output)
    .split(/\r?\n/)
    .filter((line) => LINE.test(line))
  return [...new Set(lines)]
    .map((line) => line.slice('family '.length))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

/** As a table of two columns; nothing without families. */
export function toTable(families: readonly string[]): string {
  if (families.length === 0) return ''
  const rows = families.map((line) => LINE.exec(`family ${line}`)?.slice(1) ?? [line, ''])
  const width = Math.max(...rows.map(([name = '']) => name.length))
  return ['', 'Cases per family', ...rows.map(([name = '', counts = '']) => `  ${name.padEnd(width)}  ${counts}`)].join(
    '\n',
  )
}

const ASKS = /\bisLong\b|MSP_TEST_LONG/
const IMPORTS = /from '(\.[^']+)'/g

/** Test files that ask whether they may take long, or whose set-up does. */
export function findLongTests(root: string): string[] {
  const files = globSync(['{apps,packages}/*/src/**/*.ts', 'scripts/*.db.test.ts'], {
    cwd: root,
    exclude: (name) => name === 'generated' || name === 'node_modules',
  })
  const texts = new Map(files.map((file) => [join(root, file), readFileSync(join(root, file), 'utf8')]))
  const asks = new Set([...texts].filter(([, text]) => ASKS.test(text)).map(([file]) => file))
  const isLong = (file: string, text: string) =>
    asks.has(file) || [...text.matchAll(IMPORTS)].some(([, target = '']) => asks.has(join(dirname(file), target)))
  return [...texts]
    .filter(([file, text]) => file.endsWith('.test.ts') && isLong(file, text))
    .map(([file]) => relative(root, file))
    .toSorted()
}
