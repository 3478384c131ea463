// An honest EMA 2 over HTTP: paging rules, casing, codes, rights, tokens and error bodies as the API's documentation and
// its public clients show them. An independent witness: it shares no code with the client it is used to test.
// Where the documentation is silent the assumption is named beside the code. It must never depend on who is asking.
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { addBench, addControl, give, isControl, pathOf } from './control.ts'
import type { Endpoint } from './endpoint.ts'
import { createFaultBench, type FaultBench } from './fault-bench.ts'
import type { FaultPlan } from './fault-rules.ts'
import { createLimiter, type OnRequest } from './faults.ts'
import { Fields } from './fields.ts'
import { openJournal, type Journal, type JournalOptions } from './journal.ts'
import { readingEndpoints } from './reading.ts'
import { createRehearsals } from './rehearsals.ts'
import { Refusal, refuse } from './refusal.ts'
import { createTokens, type Tokens } from './tokens.ts'
import { View } from './view.ts'
import type { User, World } from './world.ts'
import { writingEndpoints } from './writing.ts'

export type MockEmaOptions = {
  world: World
  /** Life of an access token. EMA documents 60 s (and elsewhere an hour). Default 60. */
  tokenSeconds?: number
  /** Longest session from sign-in, whatever is renewed. Default 1800. */
  sessionSeconds?: number
  latencyMs?: number
  /** Above it: 429 with `Retry-After: 1`. Default no limit. */
  callsPerSecond?: number
  /** Until a suspension shows. Default 0. */
  operationMs?: number
  /** Whether search rows carry `ParentId`. Default true. */
  searchParentId?: boolean
  onRequest?: OnRequest
  /** Rules to begin with; they can be changed by `faults` of the mock and at /control/faults. */
  faults?: FaultPlan
  /**
   * Where accepted writes are kept; `world` must then be untouched, and what is changed in it without HTTP is not kept.
   * Replayed here and now; a file that does not fit throws a JournalError. Default: forgotten.
   */
  journal?: JournalOptions
  /** Milliseconds since 1970; for tests of token life. */
  now?: () => number
}

type Params = Record<string, string>
type Perform = (endpoint: Endpoint, user: User, fields: Fields, at: number, params: Params) => unknown

/** The tokens are handed out as well, so that a test can expire all of them in mid-listing. */
export type MockEma = FastifyInstance & { tokens: Tokens; faults: FaultBench }

export function buildMockEma(options: MockEmaOptions): MockEma {
  const { world, tokenSeconds = 60, sessionSeconds = 1800, operationMs = 0, searchParentId = true } = options
  const now = options.now ?? Date.now
  const app = Fastify({
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true },
  })
  const tokens = createTokens(world, tokenSeconds, sessionSeconds, now)
  const rehearsals = createRehearsals(world, tokens)
  const isWithinRate = createLimiter(options.callsPerSecond, now)
  const { endpoints, settle } = writingEndpoints(operationMs)
  const viewOf = createViews(world)
  const journal = options.journal && openJournal(options.journal, world, operationMs)

  const faults = createFaultBench(world, tokens, now)
  if (options.faults !== undefined) faults.put(options.faults)
  addControl(app, rehearsals, faults)
  app.addHook('preHandler', async (request, reply) => {
    if (isControl(request)) return
    rehearsals.requireOpen()
    if (!isWithinRate(request.headers.authorization ?? request.ip)) {
      return reply
        .code(429)
        .header('retry-after', '1')
        .send(bodyOf(new Refusal(429, 0, 29, 'Too many requests.')))
    }
  })
  addFaults(app, options)
  addBench(app, faults, (request) => {
    try {
      return viewOf(tokens.verify(request.headers.authorization)).search({})
    } catch {
      return []
    }
  })

  app.post('/api/Token/Get', async (request) => {
    const fields = new Fields(request.body)
    const [login, password] = [fields.required('username'), fields.required('password')]
    fields.check()
    return tokens.get(login, password)
  })
  app.post('/api/Token/Renew', async (request) => {
    const fields = new Fields(request.body)
    const refreshToken = fields.required('refreshToken')
    fields.check()
    return tokens.renew(refreshToken)
  })

  /** The way of live and of replayed calls: what is due by then happens first. */
  const perform: Perform = (endpoint, user, fields, at, params) => {
    settle(at)
    return endpoint.answer({ world, view: viewOf(user), fields, params, now: at })
  }
  const writes = endpoints.filter(({ method }) => method === 'POST')
  if (journal) replay(journal, world, writes, perform)

  const serve = (endpoint: Endpoint) => async (request: FastifyRequest, reply: FastifyReply) => {
    journal?.requireWhole()
    const user = tokens.verify(request.headers.authorization)
    const params = request.params as Params // Fastify's own: path parameters are strings
    const fields = new Fields(request.body)
    const at = now()
    const answer = perform(endpoint, user, fields, at, params)
    if (writes.includes(endpoint)) {
      journal?.append({ at, login: user.email, path: endpoint.path, body: fields.asked() })
    }
    return answer === undefined ? reply.code(200).send() : answer
  }
  for (const endpoint of [...readingEndpoints(searchParentId), ...endpoints]) {
    app.route({ method: endpoint.method, url: `/api${endpoint.path}`, handler: serve(endpoint) })
  }

  app.setNotFoundHandler((request, reply) => {
    if (request.method === 'GET' || request.method === 'POST') return reply.code(403).send(bodyOf(refuse.unknownPage()))
    return reply
      .code(405)
      .header('allow', 'GET, POST')
      .send(bodyOf(new Refusal(405, 0, 5, 'Only GET and POST.')))
  })
  app.setErrorHandler<FastifyError | Refusal>((error, _request, reply) => {
    if (error instanceof Refusal) return reply.code(error.status).send(bodyOf(error))
    const status = error.statusCode !== undefined && error.statusCode < 500 ? 400 : 500
    return reply.code(status).send(bodyOf(new Refusal(status, 0, 0, error.message)))
  })
  return Object.assign(app, { tokens, faults })
}

function replay(journal: Journal, world: World, writes: Endpoint[], perform: Perform): void {
  for (const [position, { at, login, path, body }] of journal.entries.entries()) {
    const endpoint = writes.find((write) => write.path === path)
    const user = world.users.find(({ email }) => email === login)
    if (endpoint === undefined || user === undefined) throw journal.misfit(position, `${login} ${path} is unknown`)
    try {
      perform(endpoint, user, new Fields(body), at, {})
    } catch (error) {
      if (error instanceof Refusal) throw journal.misfit(position, JSON.stringify(error.detail))
      throw error
    }
  }
}

const bodyOf = ({ code, subCode, detail }: Refusal) => ({ code, subCode, message: detail })

function createViews(world: World): (user: User) => View {
  const views = new Map<User, View>()
  return (user) => {
    const kept = views.get(user)
    if (kept?.version === world.version) return kept
    const made = new View(world, user)
    views.set(user, made)
    return made
  }
}

function addFaults(app: FastifyInstance, { latencyMs = 0, onRequest }: MockEmaOptions): void {
  const counts = new Map<string, number>()
  app.addHook('preHandler', async (request, reply) => {
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs))
    if (onRequest === undefined) return
    const path = pathOf(request)
    const nth = (counts.get(path) ?? 0) + 1
    counts.set(path, nth)
    const override = await onRequest({ method: request.method, path, body: request.body, nth })
    if (override !== undefined) return give(reply, override)
  })
}
