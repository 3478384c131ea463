// The bare server against those who send too much, too often or too slowly. Real sockets where the wire is the matter.
import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { createLog } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { createServer, type ServerOptions } from './server.ts'
import { limitPerUser } from './user-limit.ts'

const open: FastifyInstance[] = []
afterEach(() => Promise.all(open.splice(0).map((app) => app.close())))

async function serve(changes: Partial<ServerOptions> = {}, perMinute = 100_000): Promise<FastifyInstance> {
  const metrics = createMetrics()
  const app = await createServer({
    log: createLog('silent'),
    metrics,
    publicUrl: undefined,
    rateLimitPerMinute: 100_000,
    trustedProxies: [],
    describeCaller: () => ({ user: undefined, root: undefined }),
    ...changes,
  })
  app.addHook('onClose', async () => metrics.stop())
  limitPerUser(app, { perMinute, userOf: ({ headers }) => headers['x-user']?.toString() })
  app.get('/who', async ({ ip, protocol, host }) => ({ ip, protocol, host }))
  app.get('/healthz', async () => 'ok')
  app.get('/large', async (_, reply) => reply.header('content-encoding', 'identity').send('x'.repeat(50_000_000)))
  app.post('/echo', async ({ body }) => body ?? null)
  open.push(app)
  return app
}

const listen = async (app: FastifyInstance) => Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)

describe('a person', () => {
  test('has a limit of their own, told before and when it is reached', async () => {
    const app = await serve({}, 3)
    const ask = (user: string, remoteAddress: string) =>
      app.inject({ url: '/who', headers: { 'x-user': user }, remoteAddress })
    const seen: number[][] = []
    for (let i = 0; i < 5; i++) {
      const { statusCode, headers } = await ask('ada', `10.0.0.${i}`)
      seen.push([statusCode, Number(headers['ratelimit-limit']), Number(headers['ratelimit-remaining'])])
    }
    expect(seen).toEqual([
      [200, 3, 2],
      [200, 3, 1],
      [200, 3, 0],
      [429, 3, 0],
      [429, 3, 0],
    ])
    const refused = await ask('ada', '10.0.0.9')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
    expect(Number(refused.headers['ratelimit-reset'])).toBeLessThanOrEqual(60)
    expect(refused.json()).toMatchObject({ code: 'too-many-requests', status: 429 })
    expect((await ask('bea', '10.0.0.9')).statusCode).toBe(200)
    expect((await app.inject({ url: '/who', remoteAddress: '10.0.0.9' })).statusCode).toBe(200)
  })

  test('is told of the nearer of two limits', async () => {
    const app = await serve({ rateLimitPerMinute: 2 }, 10)
    const ask = () => app.inject({ url: '/who', headers: { 'x-user': 'ada' } })
    expect((await ask()).headers).toMatchObject({ 'ratelimit-limit': '2', 'ratelimit-remaining': '1' })
    await ask()
    const { statusCode, headers } = await ask()
    expect([statusCode, headers['ratelimit-limit']]).toEqual([429, '2'])
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  })
})

describe('a process that cannot keep up', () => {
  test('turns requests away until it can, but answers its supervisor', async () => {
    const app = await serve({ shedding: { mostMs: 100, sampleMs: 300 } })
    await sleep(350)
    expect((await app.inject('/who')).statusCode).toBe(200)
    const until = Date.now() + 1_200
    while (Date.now() < until) {
      const busy = Date.now() + 250
      while (Date.now() < busy);
      await sleep(0)
    }
    const refused = await app.inject('/who')
    expect(refused.json()).toMatchObject({ code: 'not-ready', status: 503 })
    expect(refused.headers['retry-after']).toBe('2')
    expect(refused.headers['content-type']).toContain('application/problem+json')
    expect((await app.inject('/healthz')).statusCode).toBe(200)
    await sleep(800)
    expect((await app.inject('/who')).statusCode).toBe(200)
  })
})

describe('bodies', () => {
  test.each([
    [65_536, 200],
    [65_537, 413],
    [1_000_000, 413],
  ])('of %i bytes: %i', async (size, status) => {
    const app = await serve()
    const payload = `"${'x'.repeat(size - 2)}"`
    const response = await app.inject({
      method: 'POST',
      url: '/echo',
      headers: { 'content-type': 'application/json' },
      payload,
    })
    expect(response.statusCode).toBe(status)
  })

  test('without an announced length end where the limit is', async () => {
    const port = await listen(await serve())
    const head =
      'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`
    expect(await talk(port, [head, ...Array.from({ length: 8 }, () => chunk)])).toMatch(/^HTTP\/1\.1 413 /)
  })

  test.each([
    ['a name of 20,000 bytes', `GET /who HTTP/1.1\r\nHost: x\r\n${'a'.repeat(20_000)}: b\r\n\r\n`, 431],
    ['a path of 20,000 bytes', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['no host', 'GET /who HTTP/1.1\r\n\r\n', 400],
    ['two lengths', 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    [
      'a length and chunks',
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a space before the colon', 'GET /who HTTP/1.1\r\nHost : x\r\n\r\n', 400],
    ['bare line feeds in a value', 'GET /who HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n', 400],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ])('%s', async (_, request, status) => {
    const port = await listen(await serve())
    expect(await talk(port, [request])).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })
})

describe('who is behind a proxy', () => {
  const forged = [
    { 'x-forwarded-for': '6.6.6.6' },
    { 'x-forwarded-for': '6.6.6.6, 7.7.7.7' },
    { 'x-forwarded-for': '127.0.0.1' },
    { 'x-forwarded-for': '' },
    { 'x-forwarded-for': 'nonsense' },
    { forwarded: 'for=6.6.6.6;proto=https' },
    { 'x-real-ip': '6.6.6.6' },
    { 'x-client-ip': '6.6.6.6' },
    { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' },
  ]
  test.each(forged)('nobody says it where no proxy is announced: %o', async (headers) => {
    const app = await serve()
    const { ip, protocol, host } = (await app.inject({ url: '/who', headers, remoteAddress: '127.0.0.1' })).json()
    expect([ip, protocol, host]).toEqual(['127.0.0.1', 'http', 'localhost:80'])
  })

  test.each(forged)('a stranger does not say it either: %o', async (headers) => {
    const app = await serve({ trustedProxies: ['loopback', '10.0.0.5'] })
    const { ip, protocol, host } = (await app.inject({ url: '/who', headers, remoteAddress: '10.0.0.6' })).json()
    expect([ip, protocol, host]).toEqual(['10.0.0.6', 'http', 'localhost:80'])
  })

  test.each([
    ['127.0.0.1', '9.9.9.9', '9.9.9.9'],
    ['127.0.0.1', '6.6.6.6, 9.9.9.9', '9.9.9.9'],
    ['127.0.0.1', '6.6.6.6, 9.9.9.9, 10.0.0.5', '9.9.9.9'],
    ['127.0.0.1', '127.0.0.1, 9.9.9.9', '9.9.9.9'],
    ['10.0.0.5', '10.0.0.6', '10.0.0.6'],
    ['10.0.0.5', '2001:db8::7', '2001:db8::7'],
  ])('from %s with %s it is %s', async (remoteAddress, forwarded, expected) => {
    const app = await serve({ trustedProxies: ['loopback', '10.0.0.5'] })
    const headers = { 'x-forwarded-for': forwarded }
    expect((await app.inject({ url: '/who', headers, remoteAddress })).json()).toMatchObject({ ip: expected })
  })
})

const QUICK = { headers: 400, request: 800, silence: 1_000, keepAlive: 300, check: 50 }

describe('slow clients are let go:', () => {
  test.each<[string, string[], number]>([
    ['says nothing', [], 900],
    ['half a request line', ['GET /wh'], 900],
    ['a line without headers', ['GET /who HTTP/1.1\r\n'], 900],
    ['headers without an end', ['GET /who HTTP/1.1\r\nHost: x\r\nA: b\r\n'], 900],
    ['one byte at a time', 'GET /who HTTP/1.1\r\nHost: x\r\nA: 0123456789'.split(''), 900],
    ['a body that never comes', [head(10)], 1_300],
    ['a body one byte at a time', [head(100), ...'"0123456789012345678901234567890123456789'.split('')], 1_300],
    ['a chunk that never ends', [head('chunked'), '5\r\n"a'], 1_300],
    ['chunks for ever', [head('chunked'), ...Array.from({ length: 40 }, () => '1\r\n"\r\n')], 1_300],
    ['a second request that never comes', ['GET /who HTTP/1.1\r\nHost: x\r\n\r\n'], 2_000],
    ['a second one that begins', ['GET /who HTTP/1.1\r\nHost: x\r\n\r\nGET /wh'], 2_000],
  ])('%s', async (_, parts, within) => {
    const port = await listen(await serve({ timeouts: QUICK }))
    const started = performance.now()
    await talk(port, parts, 50)
    expect(performance.now() - started).toBeLessThan(within)
  })

  test('reads no answer', async () => {
    const app = await serve({ timeouts: QUICK })
    const socket = net.connect(await listen(app), '127.0.0.1')
    socket.on('error', () => {})
    socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n')
    socket.pause()
    await sleep(300)
    expect(await countConnections(app)).toBe(1)
    await sleep(2_200)
    expect(await countConnections(app)).toBe(0)
    socket.destroy()
  })
})

test('500 dripping sockets do not slow 20 clients down, and are gone when their time is over', async () => {
  const app = await serve({ timeouts: { ...QUICK, headers: 6_000, request: 7_000, silence: 7_000 } })
  const port = await listen(app)
  const alone = await slowest(port, 2_000)
  const sockets = Array.from({ length: 500 }, () => net.connect(port, '127.0.0.1'))
  for (const socket of sockets) socket.on('error', () => {}) // and none of them reads what comes back
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  for (const socket of sockets) socket.write('POST /echo HTTP/1.1\r\nHost: x\r\nA: ')
  const drip = setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) socket.write('b')
  }, 500)
  try {
    const beside = await slowest(port, 3_000)
    expect(await countConnections(app)).toBeGreaterThanOrEqual(500)
    // A machine that is busy with something else answers late with nobody dripping too.
    expect(beside).toBeLessThan(Math.max(500, alone * 3))
    for (let waited = 0; (await countConnections(app)) > 0 && waited < 9_000; waited += 100) await sleep(100)
    expect(await countConnections(app)).toBe(0)
  } finally {
    clearInterval(drip)
    for (const socket of sockets) socket.destroy()
  }
}, 20_000)

function countConnections({ server }: FastifyInstance): Promise<number> {
  return new Promise((resolve) => server.getConnections((_, count) => resolve(count)))
}

/** The 99th percentile of what 20 clients at once wait for, ms. */
async function slowest(port: number, forMs: number): Promise<number> {
  const url = `http://127.0.0.1:${port}/who`
  await fetch(url) // the client's own start is not what is measured
  const times: number[] = []
  const until = Date.now() + forMs
  const client = async () => {
    while (Date.now() < until) {
      const started = performance.now()
      const answer = await fetch(url)
      await answer.arrayBuffer()
      times.push(answer.ok ? performance.now() - started : Infinity)
    }
  }
  await Promise.all(Array.from({ length: 20 }, client))
  times.sort((a, b) => a - b)
  return times[Math.floor(times.length * 0.99)] ?? Infinity
}

function head(length: number | 'chunked'): string {
  const size = length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`
  return `POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${size}\r\n\r\n`
}

/** Sends the parts with a pause after each, and what came back by the time the server closed. */
async function talk(port: number, parts: readonly string[], pauseMs = 0): Promise<string> {
  const socket = net.connect(port, '127.0.0.1')
  let received = ''
  socket.setEncoding('utf8').on('data', (text: string) => (received += text))
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  await once(socket, 'connect')
  for (const part of parts) {
    if (socket.destroyed || !socket.writable) break
    socket.write(part)
    if (pauseMs > 0) await sleep(pauseMs)
  }
  await Promise.race([closed, sleep(4_000)])
  socket.destroy()
  return received
}
