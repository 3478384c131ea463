/**
 * GET /api/v1/events: server-sent events. At most four streams a person; a comment every 15 s keeps proxies from closing
 * them; every few seconds each stream's session is looked up again, and a stream without one is ended.
 */
import type { LiveEvent, Run } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { scopeOf, type Scope } from '../access/scope.ts'
import { findAlive, type SignedIn, userOf } from '../access/session.ts'
import { toId } from '../db/ids.ts'
import { ProblemError } from '../http/problem.ts'
import { API_PREFIX } from '../http/serve.ts'
import { createBursts } from './bursts.ts'
import { listen, type Notice, toMessage } from './events.ts'

export interface LiveDeps {
  pool: pg.Pool
  listener: () => pg.Client
  readGeneration: () => Promise<string>
  readRun: (scope: Scope, id: number) => Promise<Run | null>
}

interface Stream {
  user: SignedIn
  scope: Scope
  write: (text: string) => void
  end: () => void
}

const STREAMS_PER_USER = 4
const HEARTBEAT_MS = 15_000
const SESSION_CHECK_MS = 4_000
/** Four a second for each account and each run. */
const BURST_MS = 250

export function serveLive(app: FastifyInstance, deps: LiveDeps): void {
  const streams = new Set<Stream>()
  const report = (err: unknown) => app.log.error({ err }, 'live updates')
  const bursts = createBursts<Notice>(BURST_MS, toKey, (notice) => void broadcast(deps, streams, notice).catch(report))
  const beat = setInterval(() => sendAll(streams, ': still here\n\n'), HEARTBEAT_MS)
  const check = setInterval(() => void endOrphans(deps.pool, streams).catch(report), SESSION_CHECK_MS)
  let stopListening = async (): Promise<void> => {}

  app.addHook('onReady', async () => {
    const listening = await listen(deps.listener, (notice) => bursts.push(notice), report)
    stopListening = listening.stop
  })
  // Streams would keep the server from closing; they are ended first.
  app.addHook('preClose', async () => {
    clearInterval(beat)
    clearInterval(check)
    bursts.stop()
    for (const stream of streams) stream.end()
    await stopListening()
  })

  app.get(`${API_PREFIX}/events`, async (request, reply) => {
    const user = userOf(request)
    if ([...streams].filter((stream) => stream.user.id === user.id).length >= STREAMS_PER_USER)
      throw new ProblemError('too-many-requests', 'Close another window of the console first.', { retryAfter: 5 })
    const { raw } = reply
    const stream: Stream = {
      user,
      scope: scopeOf(request),
      // A reader that does not keep up is cut off: it starts afresh and asks for everything anyway.
      write: (text) => void (raw.writableLength > 1_000_000 ? raw.destroy() : raw.write(text)),
      end: () => void raw.end(),
    }
    reply.hijack()
    const headers = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined)
    raw.writeHead(200, {
      ...Object.fromEntries(headers),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    raw.write('retry: 3000\n: welcome\n\n')
    streams.add(stream)
    raw.once('close', () => streams.delete(stream))
  })
}

const toKey = (notice: Notice): string => {
  if (notice.type === 'tree') return `tree ${notice.accountId}`
  return notice.type === 'run' ? `run ${notice.runId}` : notice.type
}

/** Loads what the notice is about once per scope, not once per stream. */
async function broadcast(deps: LiveDeps, streams: ReadonlySet<Stream>, notice: Notice): Promise<void> {
  for (const [, group] of Map.groupBy(streams, ({ scope }) => scope.path)) {
    const scope = group[0]?.scope
    if (scope === undefined) continue
    const event = await toEvent(deps, scope, notice)
    if (event !== null) sendAll(group, toMessage(event))
  }
}

async function toEvent(deps: LiveDeps, scope: Scope, notice: Notice): Promise<LiveEvent | null> {
  if (notice.type === 'tree')
    return { type: 'tree', accountId: toId(notice.accountId), generation: await deps.readGeneration() }
  if (notice.type === 'run') {
    const run = await deps.readRun(scope, notice.runId)
    return run && { type: 'run', run }
  }
  // After a lost connection accounts, and with them all lists and the tree, are asked for again.
  return { type: 'accounts' }
}

function sendAll(streams: Iterable<Stream>, text: string): void {
  for (const stream of streams) stream.write(text)
}

async function endOrphans(pool: pg.Pool, streams: ReadonlySet<Stream>): Promise<void> {
  if (streams.size === 0) return
  const alive = await findAlive(pool, [...new Set([...streams].map(({ user }) => user.sessionId))])
  for (const stream of streams) if (!alive.has(stream.user.sessionId)) stream.end()
}
