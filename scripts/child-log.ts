/**
 * What the children say: everything into one file, on the console only what a person should see: lines that are written for
 * people (no JSON) and log entries from warnings up.
 */
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** pino's number for a warning. */
const warning = 40
const keptBytes = 10_000_000

export interface ChildLog {
  file: string
  /** The handler of one child's lines; `hide` for a child whose own greetings are of no use to the user. */
  lines: (name: string, hide?: boolean) => (line: string) => void
}

export function openChildLog(dataDir: string, show: (line: string) => void): ChildLog {
  const folder = join(dataDir, 'log')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'console.log')
  if (existsSync(file) && statSync(file).size > keptBytes) renameSync(file, `${file}.1`)
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 })
  stream.on('error', (error) => show(`The log ${file} cannot be written: ${error.message}`))
  const lines = (name: string, hide = false) => {
    return (line: string) => {
      stream.write(`${line}\n`)
      const entry = parseEntry(line)
      const text = entry ? `${name}: ${entry.text}` : line
      if (entry ? entry.level >= warning : !hide) show(text)
    }
  }
  return { file, lines }
}

function parseEntry(line: string): { level: number; text: string } | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const entry: unknown = JSON.parse(line)
    if (typeof entry !== 'object' || entry === null || !('level' in entry) || typeof entry.level !== 'number')
      return undefined
    const message = 'msg' in entry && typeof entry.msg === 'string' ? entry.msg : ''
    const reason =
      'err' in entry && entry.err instanceof Object && 'message' in entry.err ? String(entry.err.message) : ''
    return { level: entry.level, text: reason === '' || reason === message ? message : `${message} (${reason})` }
  } catch {
    return undefined
  }
}
