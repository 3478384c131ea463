/**
 * Passwords: how they are hashed, and the one way to ask for a password again. A hash takes 19 MiB and 10 ms of a core.
 * Invariant: at most four run at a time in this process and fifty wait; a guess is counted before it is evaluated.
 */
import { hash, verify } from '@node-rs/argon2'
import type { Db } from '../db/tx.ts'
import { ProblemError } from '../http/problem.ts'
import type { Attempts } from './attempts.ts'
import { findWeakness } from './weak-password.ts'

/** OWASP's figures for argon2id: 19 MiB, two passes, one lane. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const AT_ONCE = 4
const QUEUE = 50

/** Of nobody: what is not there takes as long as what is wrong. Made when first needed. */
let nobodysHash: Promise<string> | undefined

export type Slots = <T>(work: () => Promise<T>) => Promise<T>

/** Runs `work` when one of `atOnce` places is free. @throws ProblemError `not-ready` when `queue` others wait already */
export function createSlots(atOnce: number, queue: number): Slots {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= queue)
        throw new ProblemError('not-ready', 'Too many people are signing in at once; try again in a few seconds.', {
          retryAfter: 2,
        })
      await new Promise<void>((resolve) => void waiting.push(resolve)) // the place is handed over, `running` stays
    } else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

/** Of the whole process, as the cores are. Code that holds a place must not ask for another. */
export const withHashSlot = createSlots(AT_ONCE, QUEUE)

/** Only where a place is held. */
export const hashNow = (password: string): Promise<string> => hash(password, ARGON2)
/** Only where a place is held. */
export const verifyNow = (stored: string, password: string): Promise<boolean> => verify(stored, password)

/** PHC string. @throws ProblemError `not-ready` when too many wait */
export function hashPassword(password: string): Promise<string> {
  return withHashSlot(() => hashNow(password))
}

/** @param pointer of the value, for the form @throws ProblemError `validation-failed` */
export function requireStrong(
  password: string,
  pointer: string,
  { name, email }: { name: string; email: string },
): void {
  const weakness = findWeakness(password, [email, name])
  if (weakness === null) return
  throw new ProblemError('validation-failed', 'This password is guessed too easily; choose another.', {
    errors: [{ pointer, detail: weakness }],
  })
}

/**
 * Asks a signed-in person for the password again; counted like signing in.
 * @param db sees identities @throws ProblemError `invalid-credentials`, `too-many-requests`, `not-ready`
 */
export async function checkPassword(
  db: Db,
  attempts: Attempts,
  user: { id: string; email: string },
  password: string,
): Promise<void> {
  await attempts.take('password', user.email)
  const { rows } = await db.query<{ password: string | null }>(
    `select password from user_credential where user_id = $1 and provider_id = 'credential'`,
    [user.id],
  )
  const stored = rows[0]?.password
  const right = await withHashSlot(async () => {
    nobodysHash ??= hashNow('nobody has this one')
    return (await verifyNow(stored ?? (await nobodysHash), password)) && stored !== undefined && stored !== null
  })
  if (!right) throw new ProblemError('invalid-credentials', 'The password is wrong.')
  await attempts.forget('password', user.email)
}
