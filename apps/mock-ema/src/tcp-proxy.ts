// A bad network for tests: stands before any TCP server (the mock, a database) and does to each direction what its toxics say.
// Toxics can be set at any time and hold from the next chunk on, also for connections that are open. Knows nothing of what it
// carries, draws no chances, and without toxics passes every byte in order, half-closed connections included.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** `up` = from the client to the server. */
export type Direction = 'up' | 'down'

export type Toxics = {
  /** Every chunk (at most 64 KiB) waits so long. */
  latencyMs?: number
  bytesPerSecond?: number
  /** Chunks are passed on in pieces of so many bytes, with a pause after each. */
  slicer?: { bytes: number; pauseMs: number }
  /** The end of this direction is passed on so much later. */
  slowCloseMs?: number
  /** Nothing is passed on any more; so long after the first lost chunk the connection is closed. `Infinity` = never. */
  timeoutMs?: number
  /** So long after the next chunk both ends get a reset instead of it. */
  resetMs?: number
  /** So many more bytes are passed on, counted for each connection since this was set; then the connection is closed. */
  limitBytes?: number
}

export type TcpProxyOptions = {
  target: { host: string; port: number }
  /** Default 0 = any free one. */
  port?: number
  /** Sees each chunk before anything is done to it: the moment to set a toxic by what is being said. */
  onChunk?: (direction: Direction, chunk: Buffer) => void
}

export type TcpProxy = Awaited<ReturnType<typeof openTcpProxy>>

type Connection = { client: Socket; server: Socket; closed: AbortController }

const HOST = '127.0.0.1'
/** With a limited bandwidth pieces of a twentieth of a second keep the flow even. */
const PIECES_PER_SECOND = 20

export async function openTcpProxy({ target, port: wanted = 0, onChunk }: TcpProxyOptions) {
  const toxics: Record<Direction, Toxics> = { up: {}, down: {} }
  const connections = new Set<Connection>()
  let accepted = 0
  let listener: Server | undefined = await listen(wanted)
  const { port } = listener.address() as AddressInfo // listening on TCP

  async function listen(at: number): Promise<Server> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, accept)
    server.listen(at, HOST)
    await once(server, 'listening')
    return server
  }

  function accept(client: Socket): void {
    accepted += 1
    const server = connect({ ...target, allowHalfOpen: true, noDelay: true })
    const connection = { client, server, closed: new AbortController() }
    connections.add(connection)
    for (const socket of [client, server]) {
      socket.on('error', () => close(connection))
      socket.on('close', () => {
        if (client.destroyed && server.destroyed) close(connection)
      })
    }
    for (const direction of ['up', 'down'] as const) {
      // What goes wrong on the way has closed the connection already.
      carry(connection, direction).catch(() => close(connection))
    }
  }

  function close(connection: Connection, how: 'close' | 'reset' = 'close'): void {
    connections.delete(connection)
    connection.closed.abort()
    for (const socket of [connection.client, connection.server]) {
      if (how === 'reset') socket.resetAndDestroy()
      else socket.destroy()
    }
  }

  async function carry(connection: Connection, direction: Direction): Promise<void> {
    const { client, server, closed } = connection
    const [from, to] = direction === 'up' ? [client, server] : [server, client]
    const wait = async (ms = 0) => void (ms > 0 && (await sleep(ms, undefined, { signal: closed.signal })))
    const passed = new WeakMap<Toxics, number>()
    let isLost = false
    for await (const chunk of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      onChunk?.(direction, chunk)
      const now = toxics[direction]
      if (now.resetMs !== undefined) {
        await wait(now.resetMs)
        return close(connection, 'reset')
      }
      if (now.timeoutMs !== undefined) {
        if (!isLost && now.timeoutMs !== Infinity) void wait(now.timeoutMs).then(() => close(connection), ignore)
        isLost = true
        continue
      }
      const before = passed.get(now) ?? 0
      const part = chunk.subarray(0, (now.limitBytes ?? Infinity) - before)
      passed.set(now, before + part.length)
      await wait(now.latencyMs)
      for (const piece of cut(part, now)) {
        if (!to.write(piece)) await once(to, 'drain', { signal: closed.signal })
        await wait(pauseAfter(piece, now))
      }
      if (now.limitBytes !== undefined && before + part.length >= now.limitBytes) {
        // `end` first: what has been passed on is to arrive.
        to.end(() => close(connection))
        return
      }
    }
    await wait(toxics[direction].slowCloseMs)
    to.end()
  }

  async function setDown(isDown: boolean): Promise<void> {
    if (isDown === (listener === undefined)) return
    if (listener === undefined) {
      listener = await listen(port)
      return
    }
    const closing = once(listener, 'close')
    listener.close()
    listener = undefined
    for (const connection of connections) close(connection, 'reset')
    await closing
  }

  return {
    host: HOST,
    port,
    /** Replaces all toxics of this direction; `{}` heals it. */
    set(direction: Direction, next: Toxics): void {
      toxics[direction] = { ...next }
    },
    /** Down: connections are reset and new ones refused, until it is up again on the same port. */
    setDown,
    /** Resets what is open now; who connects anew is served. */
    cut(): void {
      for (const connection of connections) close(connection, 'reset')
    },
    open: () => connections.size,
    accepted: () => accepted,
    close: () => setDown(true),
  }
}

function* cut(chunk: Buffer, { slicer, bytesPerSecond = Infinity }: Toxics): Generator<Buffer> {
  const size = Math.max(1, Math.min(slicer?.bytes ?? Infinity, Math.floor(bytesPerSecond / PIECES_PER_SECOND)))
  for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, Math.min(at + size, chunk.length))
}

function pauseAfter(piece: Buffer, { slicer, bytesPerSecond }: Toxics): number {
  const flow = bytesPerSecond === undefined ? 0 : (piece.length * 1000) / bytesPerSecond
  return Math.max(slicer?.pauseMs ?? 0, flow)
}

const ignore = () => {}
