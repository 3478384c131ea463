// The list as a file, through the server: all rows, only those in scope, in the list's order.
import { exportCustomers, listCustomers } from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openMock, openTestApp, type TestApp, type TestMock, toRequest } from '../testing.ts'

let t: TestApp
let mock: TestMock
let place: { beside: string; customer: string }
beforeAll(async () => {
  t = await openTestApp()
  mock = await openMock()
  await t.connect(mock)
  const { rows } = await t.owner.query<typeof place>(
    `select b.id::text as beside, c.id::text as customer from static_group m, static_group b, static_group c
     where m.name = 'Vysočina IT Group' and b.name = 'Chytrá síť s.r.o.' and c.leaf and starts_with(c.path, m.path) limit 1`,
  )
  if (rows[0] === undefined) throw new Error('the world lacks the groups')
  place = rows[0]
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

describe('customers as a file', () => {
  const lines = (body: string) => body.split('\r\n').slice(1, -1)
  const get = (query: object, headers: Record<string, string> = { cookie: t.cookie }) =>
    t.app.inject({ ...toRequest(exportCustomers, { query }), headers })

  test('has a name with the date, a byte order mark, a header, and every row of the list in its order', async () => {
    const response = await get({ sort: '-name' })
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toMatch(/^text\/csv; charset=utf-8/)
    expect(response.headers['content-disposition']).toMatch(/^attachment; filename="customers-\d{4}-\d\d-\d\d\.csv"$/)
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.body.startsWith('\uFEFFid,guid,name,path,state,')).toBe(true)
    const { items, total } = await t.call(listCustomers, { query: { sort: '-name', limit: 200 } })
    expect(lines(response.body)).toHaveLength(total)
    expect(
      lines(response.body)
        .slice(0, 200)
        .map((line) => line.split(',')[0]),
    ).toEqual(items.map(({ id }) => id))
  })

  test('reads on over the end of a page of the database', async () => {
    const many = await t.call(listCustomers, { query: { limit: 1 } })
    await t.owner.query(
      `with made as (
         insert into static_group (parent_id, account_id, kind, name, path, depth, search_text)
         select p.id, p.account_id, 'customer', '=Many ' || n, p.path || 'x' || n || '/', p.depth + 1, 'many' from generate_series(1, 2100) n,
           static_group p where p.id = $1 returning id, account_id)
       insert into company (group_id, account_id, guid, type_code) select id, account_id, gen_random_uuid(), 1007 from made`,
      [place.beside],
    )
    for (const sort of ['name', '-firstSeen', 'changed', 'identifier', 'state']) {
      const ids = lines((await get({ sort })).body).map((line) => line.split(',')[0])
      expect(new Set(ids).size).toBe(many.total + 2100)
      expect(ids).toHaveLength(many.total + 2100)
    }
    const { body } = await get({ q: 'many' })
    for (const line of lines(body)) expect(line.split(',')[2]).toMatch(/^'=Many/)
  })

  test('gives its place back when its reader goes away', async () => {
    await t.owner.query(`update static_group set name = 'Long ' || id || repeat('x', 4000) where name like '=Many%'`)
    const address = await t.app.listen({ port: 0, host: '127.0.0.1' })
    const idle = () => t.pools.app.totalCount - t.pools.app.idleCount
    for (let i = 0; i < 6; i++) {
      const leaving = new AbortController()
      const headers = { cookie: t.cookie, 'accept-encoding': 'identity' }
      const response = await fetch(`${address}/api/v1/customers.csv`, { headers, signal: leaving.signal })
      expect(response.status).toBe(200)
      await response.body?.getReader().read()
      expect(idle()).toBe(1)
      leaving.abort()
      await expect.poll(idle, { timeout: 5000 }).toBe(0)
    }
    expect((await get({ q: 'dub' })).statusCode).toBe(200)
  })

  test('makes four at once and no more', async () => {
    const address = t.app.listeningOrigin
    const leaving = new AbortController()
    const ask = () =>
      fetch(`${address}/api/v1/customers.csv`, {
        headers: { cookie: t.cookie, 'accept-encoding': 'identity' },
        signal: leaving.signal,
      })
    const four = await Promise.all([ask(), ask(), ask(), ask()])
    expect(four.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    const fifth = await get({})
    expect([fifth.statusCode, fifth.headers['retry-after']]).toEqual([429, '10'])
    leaving.abort()
    await expect.poll(async () => (await get({ q: 'dub' })).statusCode, { timeout: 5000 }).toBe(200)
  })

  test('holds the rows of the chosen root only', async () => {
    const actor = await t.actAs('customerViewer', Number(place.customer))
    const response = await get({}, actor.headers)
    expect(lines(response.body).map((line) => line.split(',')[0])).toEqual([place.customer])
    expect((await get({ root: place.beside }, actor.headers)).statusCode).toBe(404)
    expect((await get({ under: place.beside }, actor.headers)).statusCode).toBe(404)
    expect(lines((await get({ root: place.customer }, actor.headers)).body)).toHaveLength(1)
    expect((await get({}, {})).statusCode).toBe(401)
  })
})
