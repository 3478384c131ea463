/**
 * A Node program as a child of the launcher: its lines, its end, its restarts.
 * Invariants: a child gets signals from the launcher alone (its own process group), and none outlives a launcher that was
 * killed: the child ends itself when its channel to us breaks.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ChildSpec {
  name: string
  /** Program and arguments. */
  command: string[]
  env: NodeJS.ProcessEnv
  cwd?: string
  /** Every line the child says, on either stream. */
  onLine: (line: string) => void
}

export interface Child {
  /** Settles when the process is gone: how it ended, in words. */
  exited: Promise<string>
  /** SIGTERM, and SIGKILL when that does not help in time. */
  stop: () => Promise<void>
  kill: () => void
}

/** How long a child may take to finish what it has begun. */
const graceMs = 6000
/** Deaths within the window after which restarting is pointless. */
const deathLimit = 5
const deathWindowMs = 60_000

/** What is young on the heap may take as much as the machine allows; with 16 MB a sync is as fast and 90 MB smaller. */
export const YOUNG_HEAP = '--max-semi-space-size=16'
const flags = ['--disable-warning=ExperimentalWarning', YOUNG_HEAP]
const guard = new URL('./end-with-launcher.ts', import.meta.url).href

export function startChild(spec: ChildSpec): Child {
  const child = spawn(process.execPath, [...flags, '--import', guard, ...spec.command], {
    cwd: spec.cwd,
    env: spec.env,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', spec.onLine)
  }
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`))
  })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    const harder = setTimeout(() => child.kill('SIGKILL'), graceMs)
    await exited
    clearTimeout(harder)
  }
  return { exited, stop, kill: () => void child.kill('SIGKILL') }
}

export interface Kept extends Omit<Child, 'exited'> {
  /** Settles when restarting was given up: how the last one ended. Never settles otherwise. */
  gaveUp: Promise<string>
  /** From now on an end is worth a new start; before, it means that the program cannot work as it is. */
  established: () => void
  /** Ends the process and starts it anew. */
  restart: () => Promise<void>
}

/** Starts the child and starts it again whenever it ends by itself, more patiently each time. */
export function keepRunning(spec: ChildSpec, log: (line: string) => void): Kept {
  let stopping = false
  let restarting = false
  let allowed = 1
  let child = startChild(spec)
  const loop = async (): Promise<string> => {
    const deaths: number[] = []
    for (;;) {
      const how = await child.exited
      if (stopping) return new Promise<string>(() => {})
      if (!restarting) {
        const now = Date.now()
        deaths.push(now)
        const recent = deaths.filter((time) => time > now - deathWindowMs).length
        if (recent >= allowed) return how
        log(`${spec.name} ended unexpectedly (${how}); starting it again`)
        await sleep(250 * 2 ** (recent - 1))
        if (stopping) return new Promise<string>(() => {})
      }
      restarting = false
      child = startChild(spec)
    }
  }
  return {
    gaveUp: loop(),
    established: () => {
      allowed = deathLimit
    },
    restart: () => {
      restarting = true
      return child.stop()
    },
    stop: () => {
      stopping = true
      return child.stop()
    },
    kill: () => {
      stopping = true
      child.kill()
    },
  }
}
