import Fastify, { type FastifyInstance } from 'fastify'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EVERYTHING } from '../access/scope.ts'
import type { Caller } from '../access/session.ts'
import { createInScope } from '../db/scoped.ts'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import { serveLive } from './routes.ts'

// Whose session has ended loses the stream, whatever happens to the question about somebody else's.

let database: TestDatabase
let owner: pg.Pool
let app: FastifyInstance
let url: string

beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
  app = Fastify()
  app.decorateRequest('signedIn', null)
  app.decorateRequest('caller', null)
  app.addHook('onRequest', async (request) => {
    const caller = { user: { id: request.headers['x-who'] }, view: { scope: EVERYTHING, rights: {} }, preview: null }
    request.caller = caller as unknown as Caller // all that a stream looks at
    request.signedIn = request.caller.user
  })
  serveLive(app, {
    inScope: createInScope(owner),
    listener: () => new pg.Client({ connectionString: database.ownerUrl }),
    readGeneration: async () => '1',
    readRun: async () => null,
    recheck: async ({ user }) => {
      if (user.id === 'unanswered') throw new Error('the database does not answer')
      return null
    },
  })
  url = await app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  await app.close()
  await owner.end()
  await database.drop()
})

test('one question without an answer keeps no other stream open', async () => {
  const open = async (who: string) => {
    const { body } = await fetch(`${url}/api/v1/events`, { headers: { 'x-who': who } })
    let isOver = false
    const read = async () => {
      for await (const _ of body ?? []);
    }
    void read().then(() => (isOver = true))
    return () => isOver
  }
  // More of them than are asked about at a time, and in front of the one that is to end.
  const unanswered = [
    await open('unanswered'),
    await open('unanswered'),
    await open('unanswered'),
    await open('unanswered'),
  ]
  const ended = await open('ended')
  await expect.poll(ended, { timeout: 6000 }).toBe(true)
  expect(unanswered.map((isOver) => isOver())).toEqual([false, false, false, false])
})
