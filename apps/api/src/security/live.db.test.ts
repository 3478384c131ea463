// What live streams tell: a change of one subtree reaches those who see it, and nobody else hears even that there was one.
import { disconnectAccount, putSetup } from '@msp-console/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCanaryWorld, type CanaryWorld } from './canary-world.ts'
import { createForeignFinder } from './oracle.ts'
import { createPrincipals, type Principal } from './principals.ts'
import { sees } from './relations.ts'

let world: CanaryWorld
let url: string
let principals: Principal[]
beforeAll(async () => {
  world = await openCanaryWorld()
  url = await world.t.app.listen({ port: 0, host: '127.0.0.1' })
  const { list, revoke } = await createPrincipals(world)
  principals = list
  await revoke()
})
afterAll(() => world.close())

interface Listener {
  who: Principal
  status: number
  bytes: () => string
  close: () => void
}

async function open(who: Principal): Promise<Listener> {
  const abort = new AbortController()
  const root = who.headers['x-msp-root']
  const query = root === undefined ? '' : `?root=${root}`
  const response = await fetch(`${url}/api/v1/events${query}`, { headers: who.headers, signal: abort.signal })
  let bytes = JSON.stringify([...response.headers])
  const read = async () => {
    for await (const chunk of response.body ?? []) bytes += Buffer.from(chunk).toString()
  }
  void read().catch(() => {})
  return { who, status: response.status, bytes: () => bytes, close: () => abort.abort() }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const heard = (listener: Listener, type: string) => listener.bytes().split(`"type":"${type}"`).length - 1
const trees = (listener: Listener) => heard(listener, 'tree')
/** Sees the account's tree, or a part of it. */
const knows = ({ who, status }: Listener, root: number) =>
  status === 200 && who.root !== null && (sees(world, who.root, root) || sees(world, root, who.root))

test('each hears of the own subtree only', async () => {
  const { t } = world
  const listeners = await Promise.all(principals.map(open))
  for (const { who, status } of listeners)
    expect([who.name, status]).toEqual([
      who.name,
      !who.live ? 401 : who.root === null || who.levels.groups === 'none' ? 403 : 200,
    ])
  const foreign = createForeignFinder(world)
  const places = ['Chytrá síť s.r.o.', 'Jihlavský servis počítačů', 'Moravská IT, s.r.o.', 'North Wind Support Ltd']
  let checks = 0
  for (const place of places) {
    const parent = world.idOf(place)
    const customer = [...world.groups.values()].find((group) => group.parent_id === parent && group.leaf)
    const before = listeners.map(trees)
    await t.call(putSetup, { params: { id: String(customer?.id) }, body: { state: 'done' } })
    await pause(900)
    for (const [at, listener] of listeners.entries()) {
      const told = listener.status === 200 && sees(world, listener.who.root, parent) ? 1 : 0
      expect([place, listener.who.name, trees(listener) - (before[at] ?? 0)]).toEqual([place, listener.who.name, told])
      checks += 1
    }
  }
  await t.call(disconnectAccount, { params: { id: String(world.accounts[1]?.id) } })
  await pause(900)
  const { root } = world.accounts[1] ?? { root: 0 }
  for (const listener of listeners) {
    expect([listener.who.name, foreign.find(listener.who, listener.bytes())]).toEqual([listener.who.name, []])
    // That an account came or went is for those who know it; a changed tree is told without naming one.
    expect([listener.who.name, heard(listener, 'accounts') > 0]).toEqual([listener.who.name, knows(listener, root)])
    expect(listener.bytes()).not.toMatch(/"type":"tree"[^}]*account/)
    listener.close()
  }
  process.stdout.write(`live streams: ${checks} checks, 0 foreign bytes\n`)
})

test('of accounts and runs each hears what they know, also when much happens at once', async () => {
  const { t } = world
  const listeners = await Promise.all(principals.map(open))
  const tell = (notice: object) => t.owner.query(`select pg_notify('msp_console', $1)`, [JSON.stringify(notice)])
  // The first goes out at once, the others wait together: none may be told in place of another.
  const [first, second, third] = world.accounts
  for (const account of [third, first, second]) await tell({ type: 'accounts', accountId: account?.id })
  const run = world.runs.find(({ accountId }) => accountId === first?.id)
  await tell({ type: 'run', runId: run?.id })
  await pause(900)
  for (const listener of listeners) {
    const { name, levels } = listener.who
    const accounts = world.accounts.filter(({ root }) => knows(listener, root)).length
    expect([name, heard(listener, 'accounts')]).toEqual([name, accounts])
    const runs = levels.sync !== 'none' && knows(listener, first?.root ?? 0) ? 1 : 0
    expect([name, heard(listener, 'run')]).toEqual([name, runs])
    listener.close()
  }
})
