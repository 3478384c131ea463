// A whole run as users have it: the mock in a process of its own, the sync in another, HTTP between them.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { WorldName } from '@msp-console/mock-ema'
import { z } from 'zod'
import { YOUNG_HEAP } from '../scripts/child.ts'
import { type Line, ms, type Stand } from './stand.ts'

const Measured = z.object({
  base: z.number(),
  peak: z.number(),
  first: z.number(),
  second: z.number(),
  listing: z.number(),
})
const MEMORY = { demo: 60, '10k': 60, '100k': 60, '1m': 160 }
const file = (...parts: string[]) => join(import.meta.dirname, ...parts)

export async function benchWholeRun(stand: Stand, world: WorldName, latencyMs: number): Promise<Line[]> {
  const mock = spawn(
    process.execPath,
    [file('../apps/mock-ema/src/main.ts'), '--world', world, '--port', '0', '--latency', String(latencyMs)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const url = await stand.createDatabase()
  try {
    const address = await firstMatch(mock.stdout, /(http:\/\/\S+?),/)
    const worker = spawn(process.execPath, [YOUNG_HEAP, file('worker.ts'), url, address], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const { base, peak, first, second, listing } = Measured.parse(
      JSON.parse(await firstMatch(worker.stdout, /^(\{.*\})$/)),
    )
    return [
      { what: `limit: listing alone, ${latencyMs} ms an answer`, measured: ms(listing), ratio: 1, target: '' },
      { what: 'first sync, listing and load', measured: ms(first), ratio: first / listing, target: '' },
      {
        what: 'sync without changes',
        measured: ms(second),
        ratio: second / listing,
        target: '≤ 1.3× max(listing, load)',
      },
      {
        what: 'memory above the base of the process',
        measured: `${(peak - base).toFixed(0)} MiB`,
        ratio: null,
        target: `≤ ${MEMORY[world]} MiB`,
        isMet: peak - base <= MEMORY[world],
      },
    ]
  } finally {
    mock.kill()
    await stand.dropDatabase(url)
  }
}

async function firstMatch(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
  for await (const line of createInterface({ input: stream })) {
    const found = pattern.exec(line)?.[1]
    if (found !== undefined) return found
  }
  throw new Error(`the process ended without a line like ${pattern.source}`)
}
