import { getRun, LiveEvent, listCustomers, putSetup, startRun, getTree } from '@msp-console/contract'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN, openMock, openTestApp, signIn, type TestApp, type TestMock } from '../testing.ts'

let t: TestApp
let mock: TestMock
let url: string
beforeAll(async () => {
  t = await openTestApp()
  mock = await openMock()
  url = await t.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

interface Reader {
  response: Response
  events: LiveEvent[]
  /** Settles when the server ends the stream. */
  ended: Promise<void>
  close: () => void
}

async function openStream(cookie = t.cookie): Promise<Reader> {
  const abort = new AbortController()
  const response = await fetch(`${url}/api/v1/events`, { headers: { cookie }, signal: abort.signal })
  const events: LiveEvent[] = []
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of response.body ?? []) {
      rest += decoder.decode(chunk, { stream: true })
      const messages = rest.split('\n\n')
      rest = messages.pop() ?? ''
      for (const message of messages)
        if (message.startsWith('data: ')) events.push(LiveEvent.parse(JSON.parse(message.slice(6))))
    }
  }
  return { response, events, ended: read().catch(() => {}), close: () => abort.abort() }
}

describe('live updates', () => {
  test('are a stream that proxies leave alone', async () => {
    const { response, close } = await openStream()
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
      'cache-control': 'no-store',
    })
    expect(response.headers.get('content-encoding')).toBeNull()
    close()
  })

  test('tell of accounts, runs and the tree', async () => {
    const stream = await openStream()
    const accountId = await t.connect(mock)
    await expect
      .poll(() => stream.events.map(({ type }) => type))
      .toEqual(expect.arrayContaining(['accounts', 'tree', 'run']))
    await expect
      .poll(() => stream.events.findLast((event) => event.type === 'run'))
      .toMatchObject({ run: { accountId, status: 'succeeded' } })
    const { generation } = await t.call(getTree, { query: { part: 'opened' } })
    expect(stream.events.findLast((event) => event.type === 'tree')).toEqual({ type: 'tree', generation })
    const { run } = await t.call(startRun, { params: { id: accountId } })
    await expect.poll(async () => (await t.call(getRun, { params: { id: run.id } })).status).toBe('succeeded')
    stream.close()
  })

  test('come a few times a second at most, and the last word is among them', async () => {
    const stream = await openStream()
    const { items } = await t.call(listCustomers, { query: { limit: 30 } })
    for (const { id } of items) await t.call(putSetup, { params: { id }, body: { state: 'done' } })
    const { generation } = await t.call(getTree, { query: { part: 'opened' } })
    const trees = () => stream.events.filter((event) => event.type === 'tree')
    await expect.poll(() => trees().at(-1)?.generation).toBe(generation)
    expect(trees().length).toBeLessThan(15)
    stream.close()
  })

  test('are four for one person at most', async () => {
    const open = await Promise.all(Array.from({ length: 4 }, () => openStream()))
    const fifth = await openStream()
    expect(fifth.response.status).toBe(429)
    open[0]?.close()
    await expect
      .poll(async () => {
        const next = await openStream()
        next.close()
        return next.response.status
      })
      .toBe(200)
    for (const stream of open) stream.close()
  })

  test('end within five seconds of their session', async () => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    const cookie = await signIn(t.app, ADMIN)
    const stream = await openStream(cookie)
    await t.app.inject({ method: 'POST', url: '/api/auth/sign-out', headers: { cookie } })
    const since = Date.now()
    await stream.ended
    expect(Date.now() - since).toBeLessThan(5000)
  })

  test('go on after the connection to the database was lost', async () => {
    const stream = await openStream()
    await t.owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()`,
    )
    // Everything counts as changed then.
    await expect.poll(() => stream.events.map(({ type }) => type), { timeout: 5000 }).toContain('accounts')
    const { items } = await t.call(listCustomers, { query: { limit: 1 } })
    await t.call(putSetup, { params: { id: items[0]?.id ?? '' }, body: { state: 'skipped' } })
    await expect.poll(() => stream.events.some(({ type }) => type === 'tree')).toBe(true)
    stream.close()
  })

  test('ignore what nobody of us said', async () => {
    const stream = await openStream()
    const other = new pg.Client(t.pools.app.options)
    await other.connect()
    for (const payload of [
      'nonsense',
      '{"type":"rm -rf"}',
      '{"type":"run","runId":"x"}',
      '{"type":"run","runId":99999}',
    ])
      await other.query('select pg_notify($1, $2)', ['msp_console', payload])
    await other.query('select pg_notify($1, $2)', ['msp_console', '{"type":"accounts","accountId":1}'])
    await other.end()
    await expect.poll(() => stream.events).toEqual([{ type: 'accounts' }])
    stream.close()
  })
})
