// The mock as a command: `node src/main.ts --world demo --port 4010`. Loopback unless told otherwise: it has no secrets,
// but its password is public.
import { parseArgs } from 'node:util'
import { JournalError } from './journal.ts'
import { DEMO_PASSWORD } from './logins.ts'
import { buildMockEma } from './server.ts'
import { createWorld, WORLD_NAMES, type WorldName } from './worlds.ts'

const USAGE = `mock-ema [--world ${WORLD_NAMES.join('|')}] [--seed N] [--port 4010] [--host 127.0.0.1]
         [--token-seconds 60] [--session-seconds 1800] [--latency MS] [--calls-per-second N] [--no-parent-id]
         [--journal FILE]`

function readFlags() {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      world: text,
      seed: text,
      port: text,
      host: text,
      latency: text,
      journal: text,
      'token-seconds': text,
      'session-seconds': text,
      'calls-per-second': text,
      'no-parent-id': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) exit(USAGE, 0)
  const number = (name: 'seed' | 'port' | 'latency' | 'token-seconds' | 'session-seconds', standard: number) => {
    const value = Number(values[name] ?? standard)
    if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} must be a whole number, 0 or more`)
    return value
  }
  const world = WORLD_NAMES.find((name) => name === (values.world ?? 'demo'))
  if (world === undefined) throw new Error(`--world must be one of ${WORLD_NAMES.join(', ')}`)
  return { values, number, world }
}

function exit(text: string, code: number): never {
  process[code === 0 ? 'stdout' : 'stderr'].write(`${text}\n`)
  process.exit(code)
}

const say = (line: string) => void process.stderr.write(`${line}\n`)

async function main(): Promise<void> {
  const { values, number, world: name } = readFlags()
  const world = createWorld(name satisfies WorldName, number('seed', 1))
  const callsPerSecond = Number(values['calls-per-second'] ?? 0)
  const app = buildMockEma({
    world,
    tokenSeconds: number('token-seconds', 60),
    sessionSeconds: number('session-seconds', 1800),
    latencyMs: number('latency', 0),
    searchParentId: values['no-parent-id'] !== true,
    ...(callsPerSecond > 0 ? { callsPerSecond } : {}),
    ...(values.journal === undefined ? {} : { journal: { file: values.journal, worldName: name, say } }),
  })
  const stop = () => void app.close().then(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const address = await app.listen({ port: number('port', 4010), host: values.host ?? '127.0.0.1' })
  const logins = world.users.map(({ email }) => email).join(', ')
  process.stdout.write(
    `Mock EMA 2 at ${address}, ${world.size} companies (${name}); ${logins}; password ${DEMO_PASSWORD}\n`,
  )
}

main().catch((error: unknown) => {
  if (error instanceof JournalError) exit(error.message, 1)
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  const reason = error instanceof Error ? error.message : String(error)
  exit(isTaken ? 'The port is taken: choose another one with --port.' : `${reason}\n${USAGE}`, 1)
})
