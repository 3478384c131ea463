// Where connections really go: real servers on loopback, and names that a resolver of the test's answers for.
import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { createEmaClient, type EmaError } from '@msp-console/ema'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPinned } from './pinned.ts'

const DEMO = { hosts: [], loopback: true }
/** Every host that a test names, so that only the addresses decide. */
const LISTED = { hosts: ['ema.example.com'], loopback: false }

let server: http.Server
let port: number
let connections = 0
let answer: (request: http.IncomingMessage, response: http.ServerResponse) => void
beforeAll(async () => {
  server = http.createServer((request, response) => answer(request, response))
  server.on('connection', () => (connections += 1))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port // it listens on TCP
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  server.closeAllConnections()
  connections = 0
  answer = (_, response) => response.end('{"accessToken":"a","refreshToken":"r"}')
})

type Found = Parameters<Parameters<NonNullable<Parameters<typeof createPinned>[1]>>[2]>[1]

/** A resolver that gives these answers in turn, the last for ever, and counts how often it was asked. */
function resolving(...answers: string[][]) {
  let asked = 0
  const lookup: Parameters<typeof createPinned>[1] = (_, __, done) => {
    const addresses = answers[Math.min(asked, answers.length - 1)] ?? []
    asked += 1
    const found: Found = addresses.map((address) => ({ address, family: net.isIP(address) }))
    done(found.length === 0 ? new Error('ENOTFOUND') : null, found)
  }
  return { lookup, asked: () => asked }
}

async function ask(baseUrl: string, transport: ReturnType<typeof createPinned>): Promise<EmaError> {
  const options = { baseUrl, login: 'l', password: 'p', callsPerSecond: null, maxTries: 1, transport }
  return createEmaClient({ ...options, timeouts: { headersMs: 300, totalMs: 1_000 } })
    .currentUser()
    .then(
      () => Promise.reject(new Error('it answered')),
      (error: EmaError) => error,
    )
}

describe('a name on the list', () => {
  test.each([
    [['127.0.0.1']],
    [['::1']],
    [['::ffff:127.0.0.1']],
    [['::127.0.0.1']],
    [['0.0.0.0']],
    [['10.0.0.7']],
    [['100.64.0.9']],
    [['169.254.169.254']],
    [['172.16.9.9']],
    [['192.168.0.1']],
    [['64:ff9b::a9fe:a9fe']],
    [['2002:a9fe:a9fe::']],
    [['fd00::1']],
    [['fe80::1%eth0']],
    [['8.8.8.8', '127.0.0.1']],
    [['2a00:1450::1', '10.0.0.1']],
  ])('that means %o is not connected to', async (addresses) => {
    const error = await ask('https://ema.example.com', createPinned(LISTED, resolving(addresses).lookup))
    expect([error.kind, connections]).toEqual(['address-refused', 0])
  })

  test('that means nothing is out of reach, not refused', async () => {
    const error = await ask('https://ema.example.com', createPinned(LISTED, resolving([]).lookup))
    expect(error.kind).toBe('unreachable')
  })
})

test('a name is resolved once per connection, and what was checked is what is connected to', async () => {
  // The second answer would lead elsewhere: 127.0.0.2, where nobody listens.
  const rebinding = resolving(['127.0.0.1'], ['127.0.0.2'])
  const transport = createPinned(DEMO, rebinding.lookup)
  const init = { method: 'GET', headers: {}, redirect: 'manual', signal: AbortSignal.timeout(2_000) } as const
  const read = async () => {
    const { status, body } = await transport(`http://localhost:${port}/api/x`, init)
    for await (const _ of body ?? []);
    return status
  }
  expect(await read()).toBe(200)
  expect(await read()).toBe(200) // the same connection, so no new question
  expect([rebinding.asked(), connections]).toEqual([1, 1])
  server.closeAllConnections()
  await new Promise((resolve) => setTimeout(resolve, 20))
  await expect(read()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect(rebinding.asked()).toBe(2)
})

test('a name that turns private between two connections is refused at the second', async () => {
  const rebinding = resolving(['127.0.0.1'], ['169.254.169.254'])
  const transport = createPinned(DEMO, rebinding.lookup)
  answer = (_, response) => response.writeHead(500, { connection: 'close' }).end()
  expect((await ask(`http://localhost:${port}`, transport)).kind).toBe('bad-status')
  expect((await ask(`http://localhost:${port}`, transport)).kind).toBe('address-refused')
})

describe('an account that was saved under another list', () => {
  test.each([
    'http://127.0.0.1:PORT',
    'http://localhost:PORT',
    'http://[::1]:PORT',
    'https://10.0.0.1',
    'https://[fd00::1]',
    'https://elsewhere.example.com',
    'http://ema.example.com',
    'https://ema.example.com:8443',
  ])('is asked no more at %s', async (address) => {
    const url = address.replace('PORT', String(port))
    const error = await ask(url, createPinned(LISTED, resolving(['8.8.8.8']).lookup))
    expect([error.kind, connections]).toEqual(['address-refused', 0])
  })
})

describe('an answer', () => {
  const away = [
    'http://169.254.169.254/latest/meta-data',
    'https://evil.example/',
    '//127.0.0.1:PORT/second',
    '/second',
  ]
  test.each([301, 302, 303, 307, 308].flatMap((status) => away.map((location) => [status, location] as const)))(
    '%i to %s is not followed',
    async (status, location) => {
      const asked: (string | undefined)[] = []
      answer = ({ url }, response) => {
        asked.push(url)
        response.writeHead(status, { location: location.replace('PORT', String(port)) }).end()
      }
      const error = await ask(`http://127.0.0.1:${port}`, createPinned(DEMO))
      expect([error.kind, error.status, asked]).toEqual(['bad-status', status, ['/api/Token/Get']])
    },
  )

  test.each([
    ['plain', false],
    ['packed', true],
  ])('is read up to 4 MiB, %s', async (_, packed) => {
    const filler = 'x'.repeat(5 * 1024 * 1024)
    answer = (_request, response) => {
      if (packed) response.setHeader('content-encoding', 'gzip')
      response.end(packed ? gzipSync(filler) : filler)
    }
    const error = await ask(`http://127.0.0.1:${port}`, createPinned(DEMO))
    expect(error.message).toContain('4 MiB')
  })

  test('that is packed is unpacked', async () => {
    answer = (_, response) =>
      response.writeHead(500, { 'content-encoding': 'gzip' }).end(gzipSync('{"code":7,"message":"no"}'))
    const error = await ask(`http://127.0.0.1:${port}`, createPinned(DEMO))
    expect([error.kind, error.code]).toEqual(['bad-status', 7])
  })

  test('that is damaged, cut or never comes ends in a kind of the list', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip')
    expect((await ask(`http://127.0.0.1:${port}`, createPinned(DEMO))).kind).toBe('unreachable')
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"')
      setTimeout(() => response.destroy(), 20)
    }
    expect((await ask(`http://127.0.0.1:${port}`, createPinned(DEMO))).kind).toBe('unreachable')
    answer = () => {}
    expect((await ask(`http://127.0.0.1:${port}`, createPinned(DEMO))).kind).toBe('timeout')
  })
})
