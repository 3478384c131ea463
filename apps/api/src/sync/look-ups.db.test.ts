import { buildMockEma, createPlainWorld, DEMO_PASSWORD, LEVEL, type Override, type World } from '@msp-console/mock-ema'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openRunStand, type RunStand } from './run-testing.ts'

// What EMA answers when it is asked for one missing company, and rights that are taken and given back: only what is said to be gone, or
// was absent twice and asked for in vain, is shown as removed.

let stand: RunStand
let cases = 0
const closers: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  stand = await openRunStand()
})
afterEach(async () => {
  cases += 1
  for (const close of closers.splice(0)) await close()
})
afterAll(async () => {
  process.stdout.write(`family S-05 losing the right to see is not removal: ${cases} cases\n`)
  await stand.close()
})

/** Two MSPs with twelve customers each; `answer` is what is said of a company that is asked for, once it is set. */
async function open() {
  const world = createPlainWorld(2, 12)
  const said: { of: string; answer: Override | undefined } = {
    of: '',
    answer: undefined,
  }
  const mock = buildMockEma({
    world,
    onRequest: ({ path, body }) =>
      path === '/Company/Detail' && String((body as { companyId?: string }).companyId).toLowerCase() === said.of // as EMA documents it
        ? said.answer
        : undefined,
  })
  closers.push(() => mock.close())
  const baseUrl = await mock.listen({ port: 0, host: '127.0.0.1' })
  const account = await stand.connect({ baseUrl, rootGuid: world.idOf(0), password: DEMO_PASSWORD })
  expect((await account.run())['status']).toBe('succeeded')
  return { world, said, ...account }
}

const customerOf = (world: World) => world.children[world.children[0]?.[0] ?? 0]?.[0] ?? 0

const detail = (world: World, at: number, changes: object = {}) => ({
  status: 200,
  body: {
    publicId: world.idOf(at),
    name: world.name[at],
    companyTypeId: world.type[at],
    statusId: world.status[at],
    ...changes,
  },
})

describe('a company that two listings left out', () => {
  test.each<[string, (world: World, at: number) => Override, string]>([
    ['is there', (world, at) => detail(world, at), 'present'],
    ['is there, elsewhere', (world, at) => detail(world, at, { parentCompanyId: world.idOf(1) }), 'present'],
    ['is there, suspended', (world, at) => detail(world, at, { statusId: 3 }), 'present'],
    ['may not be seen (403)', () => ({ status: 403, body: { code: 0, subCode: 3 } }), 'inaccessible'],
    ['does not exist (404)', () => ({ status: 404, body: {} }), 'unlinked'],
    ['is gone (410)', () => ({ status: 410, body: {} }), 'unlinked'],
    ['cannot be told, whatever the reason (400)', () => ({ status: 400, body: { code: 1, subCode: 2 } }), 'unlinked'],
    ['is asked for by nobody we know (401)', () => ({ status: 401, body: {} }), 'suspect'],
    ['is asked for too often (429)', () => ({ status: 429, headers: { 'retry-after': '1' }, body: {} }), 'suspect'],
    ['breaks the source (500)', () => ({ status: 500, body: {} }), 'suspect'],
    ['is under maintenance (503)', () => ({ status: 503, body: { code: 99, subCode: 2 } }), 'suspect'],
    ['is told later (202)', () => ({ status: 202, body: '' }), 'suspect'],
    ['cuts the connection', () => 'reset', 'suspect'],
    ['is told in HTML', () => ({ status: 200, body: '<html>sign in</html>' }), 'suspect'],
  ])('%s', { timeout: 60_000 }, async (_what, answer, presence) => {
    const { world, said, run, accountId } = await open()
    const at = customerOf(world)
    const total = 27
    // Out of every list, but its record remains for whoever asks.
    world.lost.add(at)
    world.version += 1
    await run()
    expect(await stand.presences(accountId)).toEqual({ present: total - 1, suspect: 1 })
    said.of = world.idOf(at)
    said.answer = answer(world, at)
    await run()
    const { present = 0, ...others } = await stand.presences(accountId)
    expect([present, others]).toEqual(presence === 'present' ? [total, {}] : [total - 1, { [presence]: 1 }])
  })
})

describe('access that is lost', () => {
  test.each([
    ['to a customer', (world: World) => customerOf(world)],
    ['to an MSP', (world: World) => world.children[0]?.[0] ?? 0],
    ['to two MSPs', (world: World) => [...(world.children[0] ?? [])]],
    ['to the own company', () => 0],
  ] as const)(
    '%s: nothing is removed, and all is back when it is given back',
    { timeout: 60_000 },
    async (_what, pick) => {
      const { world, run, accountId } = await open()
      const user = world.users[0]
      for (const at of [pick(world)].flat()) user?.overrides.set(at, LEVEL.none)
      world.version += 1
      for (let n = 0; n < 3; n++) await run()
      expect((await stand.presences(accountId))['unlinked']).toBe(undefined)
      user?.overrides.clear()
      world.version += 1
      await run()
      expect(await stand.presences(accountId)).toEqual({ present: 27 })
    },
  )
})
