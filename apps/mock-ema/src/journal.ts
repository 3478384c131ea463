// The calls that changed the world, one JSON line each, so that a restarted mock is the one that was stopped.
// Invariant: what is replayed is exactly what was accepted. Every line carries a digest of itself and all lines before it,
// the first one of the untouched world, so a lost, changed or foreign line is an error and never a slightly other world.
// Only fields that an endpoint reads are written; passwords and tokens are none of them.
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs'
import { Refusal } from './refusal.ts'
import type { World } from './world.ts'

export type JournalOptions = {
  file: string
  worldName: string
  /** Told in one sentence what was dropped from the file. */
  say: (line: string) => void
}

/** One accepted call. */
type Entry = {
  /** Milliseconds since 1970. */
  at: number
  login: string
  /** Below `/api`, as the endpoint is declared. */
  path: string
  body: Record<string, unknown>
}

/** Its message is one sentence for whoever started the mock. */
export class JournalError extends Error {}

export type Journal = {
  /** In the order they were accepted. */
  entries: Entry[]
  /** Throws a 500 when the file cannot be written; the world is then ahead of the file, and `requireWhole` says so too. */
  append: (entry: Entry) => void
  requireWhole: () => void
  /** An entry that this world does not take: `position` counts from 0. */
  misfit: (position: number, reason: string) => JournalError
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16)

/**
 * @param world untouched
 * @param operationMs decides which calls a suspension under way lets through, so it belongs to the world
 * @throws JournalError when the file is of another world, damaged, or out of reach
 */
export function openJournal(options: JournalOptions, world: World, operationMs: number): Journal {
  const { file, worldName, say } = options
  const header = { journal: 'mock-ema', world: worldName, seed: world.seed, check: fingerprint(world, operationMs) }
  const headerLine = `${JSON.stringify(header)}\n`
  const bytes = existsSync(file) ? reach(file, () => readFileSync(file)) : Buffer.alloc(0)
  const whole = bytes.lastIndexOf('\n') + 1
  const torn = bytes.subarray(whole).toString()
  // Before the first line break nothing proves that the file is ours to cut.
  if (whole === 0 && !headerLine.startsWith(torn)) throw notOurs(file)

  const [first, ...lines] = bytes.subarray(0, whole).toString().split('\n').slice(0, -1)
  if (first !== undefined) requireHeader(file, first, header)
  let check = header.check
  const entries = lines.map((line, at) => {
    const read = readEntry(line, check)
    if (read === undefined) throw damaged(file, at)
    check = read.check
    return read.entry
  })

  if (torn !== '') {
    reach(file, () => truncateSync(file, whole))
    say(`The last line of the journal ${file} was not written to its end; it is dropped.`)
  }
  if (first === undefined) reach(file, () => appendFileSync(file, headerLine, { mode: 0o600 }))

  let failure: Refusal | undefined
  return {
    entries,
    append(entry) {
      const next = digest(check + JSON.stringify(entry))
      try {
        appendFileSync(file, `${JSON.stringify({ ...entry, check: next })}\n`)
        check = next
      } catch (error) {
        failure = new Refusal(500, 0, 0, `The journal cannot be written (${reasonOf(error)}): start the mock again.`)
        throw failure
      }
    },
    requireWhole() {
      if (failure !== undefined) throw failure
    },
    misfit: (position, reason) => damaged(file, position, ` (${reason})`),
  }
}

/** Passwords are left out: even a digest of them has no place in the file. */
function fingerprint(world: World, operationMs: number): string {
  const { ids, parent, type, status, name, email, customIdentifier, updated, extras, users } = world
  const logins = users.map((user) => [user.email, user.company, user.permission, [...user.overrides]])
  const columns = [ids, parent, type, status, name, email, customIdentifier, updated]
  return digest(JSON.stringify([operationMs, logins, [...extras], columns]))
}

type Header = { journal: string; world: string; seed: number; check: string }

function requireHeader(file: string, line: string, wanted: Header): void {
  const { journal, world, seed, check } = parse(line)
  if (journal !== wanted.journal) throw notOurs(file)
  const remedy = 'name another file, or delete this one to begin anew'
  if (world !== wanted.world || seed !== wanted.seed) {
    const [theirs, ours] = [
      `world ${String(world)}, seed ${String(seed)}`,
      `world ${wanted.world}, seed ${wanted.seed}`,
    ]
    throw new JournalError(`The journal ${file} belongs to ${theirs}, not to ${ours}: ${remedy}.`)
  }
  if (check !== wanted.check) {
    throw new JournalError(`The journal ${file} belongs to another version of world ${wanted.world}: ${remedy}.`)
  }
}

function readEntry(line: string, previous: string): { entry: Entry; check: string } | undefined {
  const { check, ...entry } = parse(line)
  if (typeof check !== 'string' || check !== digest(previous + JSON.stringify(entry))) return undefined
  return { entry: entry as Entry, check } // the digest shows that `append` wrote it
}

/** Anything but an object becomes an empty one, which no check accepts. */
function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    return value !== null && typeof value === 'object' ? { ...value } : {}
  } catch {
    return {}
  }
}

function reach<T>(file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    const problem = `cannot be read and written (${reasonOf(error)})`
    throw new JournalError(`The journal ${file} ${problem}: make it accessible or name another file.`)
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

const notOurs = (file: string): JournalError =>
  new JournalError(`The file ${file} is not a journal of this mock: name another one.`)

/** The header is line 1, so entry 0 is line 2. */
const damaged = (file: string, position: number, reason = ''): JournalError =>
  new JournalError(
    `Line ${position + 2} of the journal ${file} is damaged or does not fit${reason}: delete the file to begin anew.`,
  )
