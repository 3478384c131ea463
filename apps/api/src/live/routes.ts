/**
 * GET /api/v1/events: server-sent events. At most four streams a person; a comment every 15 s keeps proxies from closing
 * them; every few seconds each stream's session is looked up again, and a stream without one is ended.
 */
import { covers, type LiveEvent, RIGHT_OBJECTS, type Run } from '@msp-console/contract'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import type { Scope } from '../access/scope.ts'
import { type Caller, callerOf } from '../access/session.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { ProblemError } from '../http/problem.ts'
import { API_PREFIX } from '../http/serve.ts'
import { createBursts } from './bursts.ts'
import { listen, type Notice, toMessage } from './events.ts'

export interface LiveDeps {
  inScope: InScope
  listener: () => pg.Client
  readGeneration: (db: Db, scope: Scope) => Promise<string>
  readRun: (db: Db, scope: Scope, id: number) => Promise<Run | null>
  /** The same caller as the database knows them now; null = that session or that view is no more. */
  recheck: (caller: Caller) => Promise<Caller | null>
}

interface Stream {
  caller: Caller
  scope: Scope
  write: (text: string) => void
  end: () => void
}

/** The generation that streams of a scope heard last, by its path. */
type Told = Map<string, string>

const STREAMS_PER_USER = 4
const HEARTBEAT_MS = 15_000
const SESSION_CHECK_MS = 4_000
/** Few, because requests wait for the same connections. */
const CHECKED_AT_ONCE = 4
/** Four a second for each account and each run. */
const BURST_MS = 250

export function serveLive(app: FastifyInstance, deps: LiveDeps): void {
  const streams = new Set<Stream>()
  const told: Told = new Map()
  const report = (err: unknown) => app.log.error({ err }, 'live updates')
  const bursts = createBursts<Notice>(
    BURST_MS,
    toKey,
    (notice) => void broadcast(deps, streams, told, notice).catch(report),
  )
  const beat = setInterval(() => sendAll(streams, ': still here\n\n'), HEARTBEAT_MS)
  const check = setInterval(() => void endOrphans(deps, streams, report), SESSION_CHECK_MS)
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

  const config = { access: { object: 'groups', level: 'read' }, linked: true } as const
  app.get(`${API_PREFIX}/events`, { config }, async (request, reply) => {
    const caller = callerOf(request)
    await noteGeneration(deps, streams, told, caller.view.scope)
    if ([...streams].filter((stream) => stream.caller.user.id === caller.user.id).length >= STREAMS_PER_USER)
      throw new ProblemError('too-many-requests', 'Close another window of the console first.', { retryAfter: 5 })
    const { raw } = reply
    const stream: Stream = {
      caller,
      scope: caller.view.scope,
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

/** The first of a scope begins at what is now, so that the next change elsewhere is none here. The others are kept up to date. */
async function noteGeneration(deps: LiveDeps, streams: ReadonlySet<Stream>, told: Told, scope: Scope): Promise<void> {
  if ([...streams].some((stream) => stream.scope.path === scope.path)) return
  told.set(scope.path, await deps.inScope(scope, (db) => deps.readGeneration(db, scope)))
}

/** Only notices about the same thing stand for each other: who knows one account would miss it in place of another. */
const toKey = (notice: Notice): string => {
  if (notice.type === 'resync') return notice.type
  return `${notice.type} ${notice.type === 'run' ? notice.runId : notice.accountId}`
}

/** Loads what the notice is about once per scope, not once per stream. */
async function broadcast(deps: LiveDeps, streams: ReadonlySet<Stream>, told: Told, notice: Notice): Promise<void> {
  for (const [path, group] of Map.groupBy(streams, ({ scope }) => scope.path)) {
    const scope = group[0]?.scope
    if (scope === undefined) continue
    const event = await deps.inScope(scope, (db) => toEvent(deps, db, scope, notice))
    if (event === null) continue
    // Changes elsewhere do not raise the number of this subtree: nothing to tell, not even that something happened.
    if (event.type === 'tree' && told.get(path) === event.generation) continue
    if (event.type === 'tree') told.set(path, event.generation)
    sendAll(
      event.type === 'run' ? group.filter(({ caller }) => covers(caller.view.rights, 'sync', 'read')) : group,
      toMessage(event),
    )
  }
}

async function toEvent(deps: LiveDeps, db: Db, scope: Scope, notice: Notice): Promise<LiveEvent | null> {
  if (notice.type === 'tree') return { type: 'tree', generation: await deps.readGeneration(db, scope) }
  if (notice.type === 'run') {
    const run = await deps.readRun(db, scope, notice.runId)
    return run && { type: 'run', run }
  }
  // After a lost connection accounts, and with them all lists and the tree, are asked for again.
  return notice.type === 'resync' || (await knows(db, notice.accountId)) ? { type: 'accounts' } : null
}

/** Which accounts a view knows, row-level security says. */
async function knows(db: Db, accountId: number): Promise<boolean> {
  const { rowCount } = await db.query('select from account_seen where id = $1', [accountId])
  return rowCount === 1
}

function sendAll(streams: Iterable<Stream>, text: string): void {
  for (const stream of streams) stream.write(text)
}

/** Whoever was signed out, disabled, moved or given other rights gets a new stream, or none: the client asks again by itself. */
async function endOrphans(
  { recheck }: LiveDeps,
  streams: ReadonlySet<Stream>,
  report: (error: unknown) => void,
): Promise<void> {
  const open = streams.values()
  const checkOn = async () => {
    for (const stream of open) {
      try {
        const now = await recheck(stream.caller)
        const same = now !== null && now.view.scope.path === stream.scope.path && isSame(now, stream.caller)
        if (!same) stream.end()
      } catch (error) {
        // The others are asked about all the same; this one is again in the next round.
        report(error)
      }
    }
  }
  await Promise.all(Array.from({ length: CHECKED_AT_ONCE }, checkOn))
}

function isSame(a: Caller, b: Caller): boolean {
  return RIGHT_OBJECTS.every((object) => a.view.rights[object] === b.view.rights[object])
}
