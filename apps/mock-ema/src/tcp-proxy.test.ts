import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { openTcpProxy, type Direction, type Toxics, type TcpProxyOptions } from './tcp-proxy.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** A server that says back what it hears, and a proxy before it. */
async function stand(onChunk?: TcpProxyOptions['onChunk']) {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const target = { host: '127.0.0.1', port: (server.address() as AddressInfo).port } // of TCP
  const proxy = await openTcpProxy(onChunk === undefined ? { target } : { target, onChunk })
  closers.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }, proxy.close)
  return proxy
}

async function dial(port: number) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  closers.push(() => socket.destroy())
  const heard: Buffer[] = []
  let how = ''
  socket.on('data', (chunk: Buffer) => heard.push(chunk))
  socket.on('end', () => (how ||= 'end'))
  socket.on('error', (error: NodeJS.ErrnoException) => (how = error.code ?? 'error'))
  await once(socket, 'connect')
  const until = async (holds: () => boolean) => {
    for (const end = Date.now() + 5000; !holds(); await sleep(2)) {
      if (Date.now() > end) throw new Error(`not within 5 s: ${holds.toString()}`)
    }
  }
  const text = () => Buffer.concat(heard).toString()
  return {
    socket,
    text,
    chunks: () => heard.length,
    how: () => how,
    until,
    /** Milliseconds from saying it to having heard as much. */
    async echo(words: string) {
      const [from, start] = [text().length, performance.now()]
      socket.write(words)
      await until(() => text().length >= from + words.length)
      return performance.now() - start
    },
  }
}

test('without toxics every byte passes in order, and an end on one side is an end on the other', async () => {
  const proxy = await stand()
  const line = await dial(proxy.port)
  const words = Array.from({ length: 200_000 }, (_, at) => String(at % 10)).join('')
  await line.echo(words)
  line.socket.end()
  await line.until(() => line.how() !== '' && proxy.open() === 0)
  expect([line.text() === words, line.how()]).toEqual([true, 'end'])
})

describe.each<Direction>(['up', 'down'])('%s', (direction) => {
  async function poison(toxics: Toxics) {
    const proxy = await stand()
    const line = await dial(proxy.port)
    // Toxics reach connections that are open.
    await line.echo('before')
    proxy.set(direction, toxics)
    return { proxy, line }
  }

  test('latency', async () => {
    const { proxy, line } = await poison({ latencyMs: 60 })
    expect(await line.echo('x')).toBeGreaterThanOrEqual(59)
    proxy.set(direction, {})
    expect(await line.echo('x')).toBeLessThan(59)
  })

  test('bandwidth', async () => {
    const { line } = await poison({ bytesPerSecond: 10_000 })
    expect(await line.echo('x'.repeat(2000))).toBeGreaterThanOrEqual(145)
  })

  test('slicer', async () => {
    const { line } = await poison({ slicer: { bytes: 10, pauseMs: 3 } })
    const before = line.chunks()
    await line.echo('x'.repeat(100))
    expect(line.chunks() - before).toBeGreaterThanOrEqual(5)
  })

  test('slow close', async () => {
    const { line } = await poison({ slowCloseMs: 80 })
    const start = performance.now()
    line.socket.end()
    await line.until(() => line.how() === 'end')
    expect(performance.now() - start).toBeGreaterThanOrEqual(79)
  })

  test('timeout', async () => {
    const { line } = await poison({ timeoutMs: 50 })
    line.socket.write('lost')
    await line.until(() => line.how() !== '')
    expect(line.text()).toBe('before')
  })

  test('reset', async () => {
    const { line } = await poison({ resetMs: 0 })
    line.socket.write('lost')
    await line.until(() => line.how() !== '')
    expect([line.how(), line.text()]).toEqual(['ECONNRESET', 'before'])
  })

  test('limit', async () => {
    const { line } = await poison({ limitBytes: 4 })
    line.socket.write('a longer word')
    await line.until(() => line.how() !== '')
    // The server has got four bytes upwards; its answer may be too late for the connection.
    expect(direction === 'up' ? ['before', 'beforea lo'] : ['beforea lo']).toContain(line.text())
  })
})

test('down: what is open is reset, nobody gets in; then it is up again on the same port', async () => {
  const proxy = await stand()
  const line = await dial(proxy.port)
  await line.echo('before')
  await proxy.setDown(true)
  await line.until(() => line.how() === 'ECONNRESET')
  await expect(dial(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await proxy.setDown(false)
  await (await dial(proxy.port)).echo('after')
  expect(proxy.accepted()).toBe(2)
})

test('a toxic set by what is being said holds for that very chunk', async () => {
  const proxy = await stand((direction, chunk) => {
    if (direction === 'up' && chunk.includes('COMMIT')) proxy.set('down', { resetMs: 0 })
  })
  const line = await dial(proxy.port)
  await line.echo('BEGIN')
  line.socket.write('COMMIT')
  await line.until(() => line.how() === 'ECONNRESET')
  expect(line.text()).toBe('BEGIN')
})

test('cut: everybody who is connected is reset, whoever comes then is served', async () => {
  const proxy = await stand()
  const line = await dial(proxy.port)
  await line.echo('before')
  proxy.cut()
  await line.until(() => line.how() === 'ECONNRESET')
  await (await dial(proxy.port)).echo('after')
  expect(proxy.open()).toBe(1)
})
