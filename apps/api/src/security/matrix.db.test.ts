// Every operation of the contract × everybody who might ask × where the target lies, seen from them. The expected outcome is
// computed from the policy table; every byte of every answer is searched for names, ids and GUIDs from outside.
import { createServer } from '../http/server.ts'
import { createMetrics } from '../http/metrics.ts'
import { createLog } from '../http/logger.ts'
import { toHiddenId } from '../http/hidden.ts'
import { createInScope } from '../db/scoped.ts'
import { guardRoutes } from '../access/session.ts'
import { PREVIEW_HEADER, type Problem, ROOT_HEADER } from '@msp-console/contract'
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENDPOINTS } from '../app.ts'
import { toRequest } from '../testing.ts'
import { openCanaryWorld, type CanaryWorld } from './canary-world.ts'
import type { Request } from './by-target.ts'
import { createBuilders } from './operations.ts'
import { createForeignFinder, lowerOf, miscount, outcomeOf, overtold, refusalOf } from './oracle.ts'
import { createPrincipals, type Principal } from './principals.ts'
import { relate, sees, type Target } from './relations.ts'

let world: CanaryWorld
let principals: Principal[]
let foreign: ReturnType<typeof createForeignFinder>
let builders: ReturnType<typeof createBuilders>
let cells = 0

beforeAll(async () => {
  world = await openCanaryWorld()
  const { list, revoke } = await createPrincipals(world)
  principals = list
  // Everybody has looked at everything once: what is kept in memory from before the move must not be told after it.
  for (const { headers } of principals)
    for (const url of ['/tree?part=inner', '/tree?part=customers', '/customers', '/overview'])
      await world.t.app.inject({ url: `/api/v1${url}`, headers })
  await world.change()
  await revoke()
  foreign = createForeignFinder(world)
  const homes = await world.t.owner.query<{ name: string; home: number }>(
    `select name, home_group_id as home from app_user where name like 'zp%'`,
  )
  for (const { name, home } of homes.rows) foreign.addHome(name, home)
  const sets = await world.t.owner.query<{ id: number; group_id: number }>(
    'select id, group_id from permission_set where group_id is not null',
  )
  const setOf = new Map(sets.rows.map(({ id, group_id }) => [group_id, toHiddenId('set', id)]))
  builders = createBuilders(
    (group) => setOf.get(group) ?? (world.groups.has(group) ? null : toHiddenId('set', 999_999)),
  )
})
afterAll(async () => {
  process.stdout.write(`authorisation: ${cells} cells, 0 foreign bytes\n`)
  await world.close()
})

interface Answer {
  status: number
  code: string
  body: string
  headers: Record<string, unknown>
}

/** Change from one request to the next, whatever was asked. */
const VOLATILE = new Set([
  'date',
  'ratelimit-remaining',
  'ratelimit-reset',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'connection',
  'keep-alive',
])

async function send(request: InjectOptions): Promise<Answer> {
  const response = await world.t.app.inject(request)
  cells += 1
  const isProblem = response.headers['content-type']?.startsWith('application/problem+json') === true
  const headers = Object.fromEntries(Object.entries(response.headers).filter(([name]) => !VOLATILE.has(name)))
  const { statusCode: status, body } = response
  return {
    status,
    code: isProblem ? response.json<Problem>().code : status < 300 ? 'ok' : String(status),
    body,
    headers,
  }
}

/** What an unknown id gets, to compare with; the id of the request itself is in neither. */
const toSignature = ({ status, body, headers }: Answer) =>
  JSON.stringify([status, body.replace(/"instance":"[^"]*"/, ''), headers])

function judge(who: Principal, { status, body, headers, code }: Answer, expected: string): string[] {
  const outside = foreign.find(who, `${body} ${JSON.stringify(headers)}`)
  return [
    ...(status >= 500 ? [`${status} ${body.slice(0, 200)}`] : []),
    ...(expected !== 'any' && code !== expected ? [`${code} instead of ${expected}`] : []),
    ...outside.map((canary) => `tells ${canary}`),
  ]
}

/** Which parts a request gives, whatever they are: requests of one shape about what is not in view must look alike. */
const toShape = ({ query, body }: Request) =>
  JSON.stringify([Object.keys(query ?? {}), body, query?.['part']]).replaceAll(/[0-9]+/g, '')

/** The headers and the body are JSON, or a file. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

describe('the policy table', () => {
  test('has a builder for every operation of the contract', () => {
    expect(ENDPOINTS.map(({ name }) => name).filter((name) => !(name in builders))).toEqual([])
    expect(Object.keys(builders).filter((name) => !ENDPOINTS.some((endpoint) => endpoint.name === name))).toEqual([])
  })

  test('a route without a policy keeps the server from starting', async () => {
    const log = createLog('silent')
    const app = await createServer({
      log,
      metrics: createMetrics(),
      publicUrl: undefined,
      rateLimitPerMinute: 10,
      trustedProxies: [],
      describeCaller: () => ({ user: undefined, root: undefined }),
    })
    const { pools } = world.t
    const keys = { cookieName: 'x', secret: 'x' }
    guardRoutes(app, { pool: pools.app, inScope: createInScope(pools.app), keys, findToken: async () => null })
    app.get('/forgotten', async () => 'everything')
    await expect(app.ready()).rejects.toThrow('no policy: GET /forgotten')
    await app.close()
  })
})

describe.each(ENDPOINTS.map((endpoint) => [endpoint.name, endpoint] as const))('%s', (name, endpoint) => {
  test('answers each principal about each relation as the policy says, without a foreign byte', async (context) => {
    if (!world.t.app.hasRoute({ method: endpoint.method, url: `/api/v1${endpoint.path}` }))
      return context.skip('not served here; app.db.test.ts asks for that')
    const faults: string[] = []
    const ask = async (who: Principal) => {
      const unknown = new Map<string, string>()
      const obeyed = refusalOf(endpoint.access, who) === null
      for (const target of relate(world, who.root).toReversed()) {
        for (const request of builders[name]?.({ world, who, target, obeyed }) ?? []) {
          const answer = await sendPatiently({ ...toRequest(endpoint, request), headers: who.headers })
          const expected = outcomeOf(endpoint.access, who, request)
          const found = [...judge(who, answer, expected), ...overtold(world, who, endpoint.access, answer.body)]
          if (answer.code === 'ok' && endpoint.format === 'json') {
            const wrong = miscount(world, who, name, request, parse(answer.body))
            if (wrong !== null) found.push(wrong)
          }
          if (obeyed && !request.seen && request.malformed !== true) {
            const [shape, signature] = [toShape(request), toSignature(answer)]
            if (signature !== (unknown.get(shape) ?? signature)) found.push(`unlike unknown: ${signature}`)
            unknown.set(shape, signature)
          }
          if (found.length > 0) faults.push(describeCell(who, target, request, found))
        }
      }
    }
    await Promise.all(principals.map(ask))
    expect(faults).toEqual([])
  })
})

/** Files are given out a few at a time, and all ask at once here. */
async function sendPatiently(options: Parameters<typeof send>[0]): ReturnType<typeof send> {
  const answer = await send(options)
  if (answer.code !== 'too-many-requests') return answer
  cells -= 1 // asked again, counted once
  return sendPatiently(options)
}

function describeCell(who: Principal, target: Target, { params, query, body }: Request, found: string[]): string {
  return `${who.name} / ${target.relation} ${JSON.stringify({ params, query, body })}: ${found.join('; ')}`
}

/** Of a look at the tree, where the view itself is granted. */
const okFor = ({ levels }: Principal) => (levels.groups === 'none' ? 'forbidden' : 'ok')

describe('the choice of a view', () => {
  test('by header: only own roots, and what is none reads like what does not exist', async () => {
    const faults: string[] = []
    for (const who of principals.filter(({ token }) => !token)) {
      let unknown: string | undefined
      for (const target of relate(world, who.root).toReversed()) {
        for (const url of ['/api/v1/customers', '/api/v1/tree', '/api/v1/overview']) {
          const answer = await send({ url, headers: { ...who.headers, [ROOT_HEADER]: target.id } })
          const own = target.group !== null && who.roots.includes(target.group.id)
          const granted = who.roots.length > 0
          const expected = !who.live
            ? 'unauthenticated'
            : own
              ? okFor(who)
              : granted || target.malformed
                ? 'not-found'
                : 'forbidden'
          const view = own && target.group ? { ...who, root: target.group.id } : who
          const found = judge(view, answer, expected)
          if (who.live && granted && !own) {
            unknown ??= toSignature({ ...answer, headers: {} })
            if (toSignature({ ...answer, headers: {} }) !== unknown) found.push('unlike unknown')
          }
          if (found.length > 0) faults.push(`${who.name} / ${target.relation} ${url}: ${found.join('; ')}`)
        }
      }
    }
    expect(faults).toEqual([])
  })

  test('by preview: only users at home in view, by those who may read users, and nothing can be changed', async () => {
    const faults: string[] = []
    for (const who of principals.filter(({ token }) => !token)) {
      for (const target of relate(world, who.root)) {
        const headers = { ...who.headers, [PREVIEW_HEADER]: target.malformed ? 'x!' : `zu${target.id}q` }
        const seen = target.group !== null && sees(world, who.root, target.group.id)
        const may = who.live && who.root !== null && who.levels.users !== 'none' && seen
        const refused = !who.live ? 'unauthenticated' : who.root === null ? 'forbidden' : 'not-found'
        const read = await send({ url: '/api/v1/customers', headers })
        const view = may && target.group ? { ...who, root: target.group.id } : who
        const write = await send({
          method: 'POST',
          url: '/api/v1/customers/setup',
          headers,
          payload: { state: 'none', filter: { setup: 'none' } },
        })
        const found = [
          ...judge(view, read, may ? okFor(who) : refused),
          ...judge(view, write, may ? 'forbidden' : refused),
        ]
        if (found.length > 0) faults.push(`${who.name} / ${target.relation}: ${found.join('; ')}`)
      }
    }
    expect(faults).toEqual([])
  })

  test('by preview of each other: the lower of both rights, operation by operation', async () => {
    const reads = ENDPOINTS.filter(
      ({ access, method, path }) => method === 'GET' && typeof access === 'object' && !path.includes(':'),
    )
    const people = principals.filter(
      ({ token, live, root, roots }) => !token && live && root !== null && root === roots[0],
    )
    const ids = new Map(
      (
        await world.t.owner.query<{ id: string; name: string }>(`select id, name from app_user where name like 'zp%'`)
      ).rows.map(({ id, name }) => [name, id]),
    )
    const faults: string[] = []
    let lower = 0
    for (const who of people.filter(({ levels }) => levels.users !== 'none')) {
      for (const other of people.filter(
        ({ root, canary }) => sees(world, who.root, root ?? 0) && canary !== who.canary,
      )) {
        const roots = other.roots.filter((root) => sees(world, who.root, root))
        const view = { ...who, root: other.root, roots, levels: lowerOf(who.levels, other.levels) }
        if (view.levels !== who.levels && view.levels !== other.levels) lower += 1
        const headers = { ...who.headers, [PREVIEW_HEADER]: ids.get(other.canary) ?? '' }
        for (const endpoint of reads) {
          const answer = await sendPatiently({ ...toRequest(endpoint, {}), headers })
          const refused = refusalOf(endpoint.access, view)
          const found = [
            ...judge(view, answer, refused ?? 'any'),
            ...(refused === null && answer.code === 'forbidden' ? ['forbidden'] : []),
            ...overtold(world, view, endpoint.access, answer.body),
          ]
          if (found.length > 0) faults.push(`${who.name} as ${other.name}: ${endpoint.name}: ${found.join('; ')}`)
        }
      }
    }
    expect(faults).toEqual([])
    expect(lower).toBeGreaterThan(3)
  })
})

test('the whole matrix is as large as promised and has changed nothing', async () => {
  const { rows } = await world.t.owner.query<{ id: number; setup: string; presence: string }>(
    'select id, setup, presence from static_group',
  )
  expect(
    rows.filter(
      ({ id, setup, presence }) => world.groups.get(id)?.setup !== setup || world.groups.get(id)?.presence !== presence,
    ),
  ).toEqual([])
  expect(cells).toBeGreaterThanOrEqual(3000)
})
