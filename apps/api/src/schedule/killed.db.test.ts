/**
 * kill -9 at random instants of a first sync and of one that changes 1 %: afterwards, with no help but the passing of the lease, the
 * mirror is the source, each change is told once, and every index is there. The instants come of a seed, which is printed;
 * MSP_TEST_SEED plays them again.
 */
import { createPlainWorld, createRandom, createWorld, type World } from '@msp-console/mock-ema'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { findBrokenGroups } from '../sync/testing.ts'
import { isLong, openScheduleStand, type ScheduleStand } from './testing.ts'

const INSTANTS = isLong ? 20 : 6
const WORLD = isLong ? '100k' : '1k'
const SEED = Number(process.env['MSP_TEST_SEED'] ?? Date.now() % 1_000_000)
const TIME = { timeout: INSTANTS * (isLong ? 180_000 : 15_000) }

let cases = 0
afterAll(() => {
  process.stdout.write(`family S-12 kill -9, world ${WORLD}: ${cases} cases, seed ${SEED}\n`)
})

const makeWorld = () => (isLong ? createWorld('100k') : createPlainWorld(10, 99))

test(`a first sync, at ${INSTANTS} instants`, TIME, async () => {
  const { next } = createRandom(SEED)
  const world = makeWorld()
  const whole = await withStand(async (stand) => {
    const { accountId } = await stand.connect(undefined, world)
    const took = await timeOf(stand, accountId)
    await expectSource(stand, accountId, world)
    return { took, indexes: await readIndexes(stand.owner) }
  })
  for (let nth = 0; nth < INSTANTS; nth++) {
    const instant = next() * whole.took
    await withStand(async (stand) => {
      const { accountId } = await stand.connect(undefined, world)
      await killAfter(stand, accountId, instant)
      await recover(stand, accountId)
      await expectSource(stand, accountId, world)
      expect([instant, await countEvents(stand.owner, accountId)]).toEqual([
        instant,
        { created: companiesOf(world).size },
      ])
      expect([instant, await readIndexes(stand.owner)]).toEqual([instant, whole.indexes])
    })
    cases += 1
  }
})

test(`a sync that changes 1 %, at ${INSTANTS} instants`, TIME, async () => {
  const { next } = createRandom(SEED + 1)
  const world = makeWorld()
  await withStand(async (stand) => {
    const { accountId } = await stand.connect(undefined, world)
    await timeOf(stand, accountId)
    const indexes = await readIndexes(stand.owner)
    let renamed = renameOnePercent(world, 0)
    const took = await timeOf(stand, accountId)
    for (let nth = 1; nth <= INSTANTS; nth++) {
      const instant = next() * took
      renamed += renameOnePercent(world, nth)
      await killAfter(stand, accountId, instant)
      await recover(stand, accountId)
      await expectSource(stand, accountId, world)
      const told = { created: companiesOf(world).size, renamed }
      expect([instant, await countEvents(stand.owner, accountId)]).toEqual([instant, told])
      expect([instant, await readIndexes(stand.owner)]).toEqual([instant, indexes])
      cases += 1
    }
  })
})

async function withStand<T>(work: (stand: ScheduleStand) => Promise<T>): Promise<T> {
  const stand = await openScheduleStand()
  try {
    return await work(stand)
  } finally {
    await stand.close()
  }
}

/** Milliseconds of a run that nobody disturbs, in a process of its own as those are that get killed. */
async function timeOf(stand: ScheduleStand, accountId: number): Promise<number> {
  const worker = await stand.fork()
  const began = performance.now()
  await worker.untilEnded(await worker.start(accountId))
  const took = performance.now() - began
  await worker.kill()
  return took
}

async function killAfter(stand: ScheduleStand, accountId: number, ms: number): Promise<void> {
  const worker = await stand.fork()
  await worker.start(accountId)
  await sleep(ms)
  await worker.kill()
}

async function recover(stand: ScheduleStand, accountId: number): Promise<void> {
  await stand.recover(accountId)
  const runs = await stand.runsOf(accountId)
  expect(runs.filter(({ status }) => status === 'running')).toEqual([])
  expect(runs.at(-1)?.status).toBe('succeeded')
}

/** By GUID: parent, name, status and presence, as the source has them. */
function companiesOf(world: World): Map<string, string> {
  const root = world.users[0]?.company ?? 0
  const seen = new Map<string, string>()
  const walk = (at: number, parent: string | null): void => {
    const guid = world.idOf(at)
    seen.set(guid, JSON.stringify([parent, world.name[at], world.status[at], 'present']))
    for (const child of world.children[at] ?? []) walk(child, guid)
  }
  walk(root, null)
  return seen
}

async function expectSource({ owner }: ScheduleStand, accountId: number, world: World): Promise<void> {
  const { rows } = await owner.query<{
    guid: string
    parent: string | null
    name: string
    status: number
    presence: string
  }>(
    `select c.guid, p.guid as parent, g.name, c.status_code as status, g.presence from company c join static_group g on g.id = c.group_id
     left join company p on p.group_id = g.parent_id where c.account_id = $1`,
    [accountId],
  )
  const wanted = companiesOf(world)
  const wrong = rows.filter(
    ({ guid, parent, name, status, presence }) => wanted.get(guid) !== JSON.stringify([parent, name, status, presence]),
  )
  expect([rows.length, wrong]).toEqual([wanted.size, []])
  const { rowCount: groups } = await owner.query('select from static_group where account_id = $1', [accountId])
  expect(groups).toBe(wanted.size)
  expect(await findBrokenGroups(owner, accountId)).toEqual([])
}

async function countEvents(owner: pg.Pool, accountId: number): Promise<Record<string, number>> {
  const { rows } = await owner.query<{ kind: string; n: number }>(
    `select e.kind, count(*)::int as n from group_event e join static_group g on g.id = e.group_id where g.account_id = $1 group by 1`,
    [accountId],
  )
  return Object.fromEntries(rows.map(({ kind, n }) => [kind, n]))
}

/** Definitions of indexes and constraints: a first load drops some and makes them again. */
async function readIndexes(owner: pg.Pool): Promise<string[]> {
  const { rows } = await owner.query<{ definition: string }>(
    `select indexdef as definition from pg_indexes where schemaname = 'public' union all
     select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated from pg_constraint
     where connamespace = 'public'::regnamespace order by 1`,
  )
  return rows.map(({ definition }) => definition)
}

/** @returns how many got another name */
function renameOnePercent(world: World, round: number): number {
  const renamed = world.ids.flatMap((_, at) => (at % 100 === 50 ? [at] : []))
  for (const at of renamed) {
    world.name[at] = `Renamed ${round} ${at}`
    world.touch(at, Date.now())
  }
  return renamed.length
}
