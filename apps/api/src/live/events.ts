/**
 * Live updates: one LISTEN for all, one server-sent stream per open console.
 * Invariants: what is sent is loaded for the scope of the one it is sent to; bursts are thinned out; a stream ends within
 * five seconds of its session; a lost LISTEN is taken up again and everything then counts as changed.
 */
import { LiveEvent } from '@msp-console/contract'
import type pg from 'pg'
import { z } from 'zod'

export type Notice =
  | { type: 'tree'; accountId: number }
  | { type: 'run'; runId: number }
  | { type: 'accounts'; accountId: number }
  /** The connection was lost: anything may have happened. */
  | { type: 'resync' }

const Payload = z.discriminatedUnion('type', [
  z.object({ type: z.literal('tree'), accountId: z.int() }),
  z.object({ type: z.literal('run'), runId: z.int() }),
  z.object({ type: z.literal('accounts'), accountId: z.int() }),
])

export interface Listening {
  stop: () => Promise<void>
}

const CHANNEL = 'msp_console'
const RETRY_MS = 1000

/** Listens until stopped, through any number of lost connections. Resolves once it listens for the first time. */
export async function listen(
  connect: () => pg.Client,
  onNotice: (notice: Notice) => void,
  onError: (error: unknown) => void,
): Promise<Listening> {
  let client: pg.Client | undefined
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  const open = async (): Promise<void> => {
    const next = connect()
    next.on('notification', ({ payload }) => {
      const parsed = Payload.safeParse(parseJson(payload ?? ''))
      if (parsed.success) onNotice(parsed.data)
    })
    next.on('error', onError)
    next.on('end', () => retry())
    await next.connect()
    await next.query(`listen ${CHANNEL}`)
    client = next
  }
  const retry = (): void => {
    if (stopped || timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      open().then(
        () => onNotice({ type: 'resync' }),
        (error: unknown) => {
          onError(error)
          retry()
        },
      )
    }, RETRY_MS)
  }

  await open()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await client?.end()
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** One event as it stands on the stream. */
export function toMessage(event: LiveEvent): string {
  return `data: ${JSON.stringify(LiveEvent.parse(event))}\n\n`
}
