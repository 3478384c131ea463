// Beside the API, for whoever rehearses or tests; EMA has nothing like it. As open as the mock itself, which listens on loopback.
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { FaultBench } from './fault-bench.ts'
import type { Override } from './faults.ts'
import { REHEARSALS, type createRehearsals } from './rehearsals.ts'
import { Refusal } from './refusal.ts'

export function addControl(
  app: FastifyInstance,
  rehearsals: ReturnType<typeof createRehearsals>,
  faults: FaultBench,
): void {
  app.get('/control/rehearsals', async () => ({ active: rehearsals.list() }))
  app.post<{ Params: { name: string } }>('/control/rehearsals/:name', async ({ params }) => {
    if (params.name === 'restore') {
      rehearsals.restore()
      return { active: [] }
    }
    const name = REHEARSALS.find((each) => each === params.name)
    if (name === undefined)
      throw new Refusal(404, 0, 0, `There is no rehearsal of this name; choose ${REHEARSALS.join(', ')} or restore.`)
    return { started: rehearsals.start(name), active: rehearsals.list() }
  })

  app.get('/control/faults', async () => faults.list())
  app.put('/control/faults', async ({ body }) => {
    try {
      faults.put(body)
    } catch (error) {
      throw new Refusal(400, 0, 0, `The rules were not taken: ${error instanceof Error ? error.message : ''}`)
    }
    return faults.list()
  })
  app.delete('/control/faults', async () => {
    faults.clear()
    return faults.list()
  })
}

export const isControl = ({ url }: FastifyRequest): boolean => url.startsWith('/control/')

export const pathOf = ({ url }: FastifyRequest): string => url.replace(/^\/api/i, '').replace(/\?.*$/, '')

/** Lets the rules at every call of the API. @param listOf what this request's caller pages through */
export function addBench(
  app: FastifyInstance,
  faults: FaultBench,
  listOf: (request: FastifyRequest) => readonly number[],
): void {
  const pending = new WeakMap<FastifyRequest, Awaited<ReturnType<FaultBench['before']>>['later']>()
  app.addHook('preHandler', async (request, reply) => {
    if (isControl(request)) return
    const { authorization } = request.headers
    const call = { path: pathOf(request), body: request.body, caller: authorization ?? request.ip }
    const { override, later } = await faults.before({ ...call, list: () => listOf(request) })
    if (later.length > 0) pending.set(request, later)
    if (override !== undefined) return give(reply, override)
  })
  app.addHook('preSerialization', async (request, reply, payload) => {
    const later = pending.get(request)
    if (later === undefined) return payload
    const { status, body } = faults.after(pathOf(request), { status: reply.statusCode, body: payload, later })
    reply.code(status)
    return body
  })
  app.addHook('onSend', async (request, reply, payload) => {
    let sent = payload
    for (const what of pending.get(request) ?? []) {
      if (what.kind === 'content-type') reply.header('content-type', what.value)
      if (what.kind !== 'truncate' || typeof sent !== 'string') continue
      const bytes = Buffer.from(sent)
      const part = bytes.subarray(0, what.bytes)
      reply.header('content-length', what.end === 'cut' ? bytes.length : part.length)
      sent = what.end === 'cut' ? breakingOff(part) : part
    }
    return sent
  })
}

/** A body that ends in an error, which ends the connection. */
function breakingOff(part: Buffer): Readable {
  return Readable.from(
    (async function* () {
      if (part.length > 0) yield part
      await new Promise((resolve) => setTimeout(resolve, 5))
      throw new Error('cut by the fault bench')
    })(),
    { objectMode: false },
  )
}

export function give(reply: FastifyReply, override: Override): FastifyReply {
  if (override === 'hang') return reply.hijack()
  if (override === 'reset') {
    reply.hijack()
    reply.raw.destroy()
    return reply
  }
  return reply
    .code(override.status)
    .headers(override.headers ?? {})
    .send(override.body ?? '')
}
