import type { ListedCompany } from '@msp-console/ema'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import type { LookUp } from './evidence.ts'
import { openHoldTools, type HoldTools } from './hold-testing.ts'
import { type Account, addAccount, company, connectAsSync, guidOf, syncOnce } from './testing.ts'

// The guard at work in real plans: just below each limit, at it and above, and the ways in which a source loses much at once. What is
// too much is held, and nothing else is: a rename in the same listing is applied every time.

let database: TestDatabase
let owner: pg.Pool
let pool: pg.Pool
let tools: HoldTools
let cases = 0

beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl })
  pool = connectAsSync(database.ownerUrl)
  tools = openHoldTools(owner, pool)
})
afterEach(() => void (cases += 1))
afterAll(async () => {
  process.stdout.write(`family S-04 limits of the guard: ${cases} cases\n`)
  await pool.end()
  await owner.end()
  await database.drop()
})

const ROOT = company(1, { typeCode: 1004, name: 'Manager' })
const RENAMED = 'Renamed meanwhile'
const MSP_FROM = 100
const CUSTOMER_FROM = 1000
const msp = (at: number) => company(MSP_FROM + at, { typeCode: 1006, parentGuid: ROOT.guid })

/** Customers come in rounds: the first of each MSP, then the second of each. */
function tree(msps: number, each: number): ListedCompany[] {
  const customers = Array.from({ length: msps * each }, (_, at) =>
    company(CUSTOMER_FROM + at, { parentGuid: guidOf(MSP_FROM + (at % msps)) }),
  )
  return [ROOT, ...Array.from({ length: msps }, (_, at) => msp(at)), ...customers]
}

const isCustomer = ({ typeCode }: ListedCompany) => typeCode === 1007
const isFirst = (rows: readonly ListedCompany[], count: number) => new Set(rows.filter(isCustomer).slice(0, count))

const without = (rows: readonly ListedCompany[], count: number) => {
  const gone = isFirst(rows, count)
  return rows.filter((row) => !gone.has(row))
}
const changed = (count: number, change: (row: ListedCompany) => Partial<ListedCompany>) => (rows: ListedCompany[]) => {
  const some = isFirst(rows, count)
  return rows.map((row) => (some.has(row) ? { ...row, ...change(row) } : row))
}

interface Outcome {
  held: number
  rules: string[]
  presences: Record<string, number>
  renamed: string | undefined
}

/** A full listing, then `next` until absence is proven, with another name for the last company of it. */
async function play(full: ListedCompany[], next: readonly ListedCompany[], lookUps: Record<string, LookUp> = {}) {
  const account = await addAccount(owner, ROOT.guid)
  await syncOnce(pool, account, full)
  const last = next.at(-1)
  const listing = next.map((row) => (row === last ? { ...row, name: RENAMED } : row))
  await syncOnce(pool, account, next)
  const { held, reasons } = await syncOnce(pool, account, listing, { lookUps })
  const presences = await tools.presences(account)
  return {
    account,
    outcome: { held, rules: reasons.map(({ rule }) => rule), presences, renamed: await nameOf(account, last) },
  }
}

async function nameOf(account: Account, row: ListedCompany | undefined): Promise<string | undefined> {
  const { rows } = await owner.query<{ name: string }>(
    'select g.name from company c join static_group g on g.id = c.group_id where c.account_id = $1 and c.guid = $2',
    [account.id, row?.guid],
  )
  return rows[0]?.name
}

/** Rule, what the tree is, how the listing after it differs by so many, and the most that is applied. */
const LIMITS: [
  string,
  string,
  ListedCompany[],
  number,
  (count: number) => (rows: ListedCompany[]) => ListedCompany[],
][] = [
  ['removals by number', 'tooMany', tree(12, 12), 10, (count) => (rows) => without(rows, count)],
  ['removals by share', 'tooMany', tree(16, 14), 12, (count) => (rows) => without(rows, count)],
  ['removals in a big tree', 'tooMany', tree(20, 520), 500, (count) => (rows) => without(rows, count)],
  [
    'removals of one parent',
    'tooManyOfParent',
    tree(12, 10),
    5,
    (count) => (rows) => {
      const children = rows.filter(({ parentGuid }) => parentGuid === guidOf(MSP_FROM)).slice(0, count)
      return rows.filter((row) => !children.includes(row))
    },
  ],
  [
    'moves',
    'tooManyMoves',
    tree(5, 12),
    13,
    (count) =>
      changed(count, ({ parentGuid }) => ({ parentGuid: guidOf(parentGuid === guidOf(MSP_FROM) ? 101 : MSP_FROM) })),
  ],
  ['moves to the top', 'depthCollapse', tree(1, 20), 10, (count) => changed(count, () => ({ parentGuid: ROOT.guid }))],
  ['changes of type', 'tooManyTypes', tree(5, 12), 10, (count) => changed(count, () => ({ typeCode: 1006 }))],
]
const KIND: Record<string, string> = { tooManyMoves: 'moved', depthCollapse: 'moved', tooManyTypes: 'typeChanged' }

describe.each(LIMITS)('%s', (_name, rule, full, most, by) => {
  const kind = KIND[rule] ?? 'unlinked'
  test.each([
    ['below', most - 1],
    ['at', most],
  ])('%s the limit are applied', async (_where, count) => {
    const { account, outcome } = await play(full, by(count)(full))
    const gone = kind === 'unlinked' ? { unlinked: count } : {}
    const presences = { ...gone, present: full.length - (gone.unlinked ?? 0) }
    expect(outcome).toEqual<Outcome>({ held: 0, rules: [], presences, renamed: RENAMED })
    expect(await tools.items(account)).toEqual([])
  })

  test('above it are held', async () => {
    const { account, outcome } = await play(full, by(most + 1)(full))
    const absent = kind === 'unlinked' ? { suspect: most + 1 } : {}
    const presences = { ...absent, present: full.length - (absent.suspect ?? 0) }
    expect(outcome).toEqual<Outcome>({ held: most + 1, rules: [rule], presences, renamed: RENAMED })
    const open = (await tools.items(account)).filter((item) => item['open'] === true)
    expect(open).toHaveLength(most + 1)
    expect(new Set(open.map((item) => `${String(item['kind'])} ${String(item['rule'])}`))).toEqual(
      new Set([`${kind} ${rule}`]),
    )
  })
})

describe('companies of another account', () => {
  const full = tree(9, 10)
  const strangers = Array.from({ length: 12 }, (_, at) => company(5000 + at, { parentGuid: ROOT.guid }))
  // A hundred live companies: ten that are known are enough.
  test.each([
    [11, 0],
    [10, 0],
    [9, 12],
  ])('with %i known ones: %i held', async (known, held) => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, full)
    const run = await syncOnce(pool, account, [...full.slice(0, known), ...strangers])
    expect(run).toMatchObject({ held, reasons: held > 0 ? [{ rule: 'otherCompanies', count: held }] : [] })
    expect((await tools.presences(account))['present']).toBe(known + 12 - held)
  })
})

describe('a source that loses', () => {
  const full = tree(16, 14)
  const manager = company(2, { typeCode: 1004, parentGuid: ROOT.guid, name: 'Regional manager' })
  const below = (guid: string) => (row: ListedCompany) => row.parentGuid === guid
  const first = guidOf(MSP_FROM)
  const ofFirst = full.filter(below(first))
  const managed = [...full, manager, company(3, { typeCode: 1006, parentGuid: manager.guid })]

  test.each<[string, ListedCompany[], ListedCompany[], string[], Record<string, number>]>([
    ['everything but its own company', full, [ROOT], ['everythingGone'], { present: 1, suspect: 240 }],
    ['everything', full, [], ['everythingGone'], { suspect: 241 }],
    ['everything of a small tree', tree(1, 2), [ROOT], ['everythingGone'], { present: 1, suspect: 3 }],
    ['its root', full, full.slice(1), ['rootGone'], { present: 240, suspect: 1 }],
    ['a manager with what is below it', managed, full, ['managerGone'], { present: 241, suspect: 2 }],
    ['a manager without anything below it', [...full, manager], full, ['managerGone'], { present: 241, suspect: 1 }],
    [
      'all customers of one MSP',
      tree(30, 14),
      tree(30, 14).filter((row) => !below(first)(row)),
      ['tooManyOfParent'],
      { present: 437, suspect: 14 },
    ],
    [
      'all customers of a small MSP',
      tree(40, 3),
      tree(40, 3).filter((row) => !below(first)(row)),
      [],
      { present: 158, unlinked: 3 },
    ],
    [
      'an MSP whose customers stay',
      full,
      full.filter(({ guid }) => guid !== first),
      ['childrenStay'],
      { present: 240, suspect: 1 },
    ],
    [
      'a small MSP with its customers',
      tree(40, 3),
      tree(40, 3).filter((row) => row.guid !== first && !below(first)(row)),
      [],
      { present: 157, unlinked: 4 },
    ],
    [
      'all customers, as with another filter',
      full,
      full.filter((row) => !isCustomer(row)),
      ['tooMany'],
      { present: 17, suspect: 224 },
    ],
  ])('%s', async (_what, before, after, rules, presences) => {
    const { outcome } = await play(before, after)
    expect(outcome.rules).toEqual(rules)
    expect(outcome.presences).toEqual(presences)
    expect(outcome.renamed).toBe(after.length > 0 ? RENAMED : undefined)
  })

  test('sight of some: they are out of reach, and the rest is applied', async () => {
    const lost = ofFirst.slice(0, 3)
    const next = full.filter((row) => !lost.includes(row))
    const { outcome } = await play(full, next, Object.fromEntries(lost.map(({ guid }) => [guid, 'noAccess' as const])))
    expect(outcome).toEqual({
      held: 3,
      rules: ['accessLost'],
      presences: { present: 238, inaccessible: 3 },
      renamed: RENAMED,
    })
  })

  test('itself to another account: nothing is added and nothing removed', async () => {
    const other = tree(16, 14)
      .slice(1)
      .map((row, at) => ({ ...row, guid: guidOf(7000 + at), parentGuid: ROOT.guid }))
    const { outcome } = await play(full, [ROOT, ...other])
    expect(outcome.rules).toEqual(['everythingGone', 'otherCompanies'])
    expect(outcome.presences).toEqual({ present: 1, suspect: 240 })
  })

  test('a part in the middle of a listing: nothing at all', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, full)
    for (let run = 0; run < 2; run++)
      expect(await syncOnce(pool, account, full.slice(0, 50), { complete: false })).toMatchObject({
        written: 0,
        held: 0,
      })
    expect(await tools.presences(account)).toEqual({ present: 241 })
  })
})
