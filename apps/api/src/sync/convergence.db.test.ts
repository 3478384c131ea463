import type { ListedCompany } from '@msp-console/ema'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import { type Account, addAccount, company, connectAsSync, findBrokenGroups, guidOf, syncOnce } from './testing.ts'

// The slow, obvious reconciliation in TypeScript is the oracle of the one in SQL: after any series of listings, complete
// or not, in any order of rows, the mirror holds what the oracle says, and repeating a listing writes nothing.

const isLong = process.env['MSP_TEST_LONG'] === '1'
const RUNS = isLong ? 1000 : 30

let database: TestDatabase
let owner: pg.Pool
let pool: pg.Pool

beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl })
  pool = connectAsSync(database.ownerUrl)
})
afterAll(async () => {
  await pool.end()
  await owner.end()
  await database.drop()
  process.stdout.write(`family S-10 convergence with an oracle: ${RUNS} runs\n`)
})

const ROOT = company(1, { typeCode: 1004, name: 'Root' })
/** Fewer than ten children anywhere, so that the guard, which has tests of its own, never holds. */
const NUMBERS = [2, 3, 4, 5, 6, 7, 8]
/** Always there, so that never everything is gone. */
const KEPT = company(50, { parentGuid: ROOT.guid })

const anyCompany = (number: number): fc.Arbitrary<ListedCompany | null> =>
  fc
    .option(
      fc.record({
        parent: fc.constantFrom(null, 1, 99, ...NUMBERS),
        name: fc.constantFrom('Alfa', 'Žleb', 'Chata\t\\N', '<b>'),
        typeCode: fc.constantFrom(1005, 1006, 1007, 1007, 4242, undefined),
        statusCode: fc.constantFrom(1, 3, undefined),
        customIdentifier: fc.constantFrom(undefined, null, 'A', 'B'),
      }),
      { freq: 4 },
    )
    .map(
      (fields) =>
        fields && company(number, { ...fields, parentGuid: fields.parent === null ? null : guidOf(fields.parent) }),
    )

const anyListing = fc.record({
  companies: fc.tuple(...NUMBERS.map(anyCompany)).map((all) => all.filter((one) => one !== null)),
  complete: fc.boolean(),
})

interface Known {
  name: string
  typeCode: number
  statusCode: number | null
  customIdentifier: string | null
  /** GUID, 'top' for the root, 'unresolved'. */
  parent: string
  /** The last parent that the source named: a row without one keeps it. */
  named: string | null
  presence: 'present' | 'suspect' | 'unlinked'
}

function reconcile(
  before: ReadonlyMap<string, Known>,
  listed: readonly ListedCompany[],
  complete: boolean,
): Map<string, Known> {
  const after = new Map([...before].map(([guid, known]) => [guid, { ...known }]))
  for (const row of listed) {
    const old = before.get(row.guid)
    after.set(row.guid, {
      name: row.name,
      typeCode: row.typeCode ?? old?.typeCode ?? 0,
      statusCode: row.statusCode ?? old?.statusCode ?? null,
      customIdentifier:
        row.customIdentifier === undefined ? (old?.customIdentifier ?? null) : (row.customIdentifier ?? ''),
      parent: 'unresolved',
      named: row.parentGuid ?? old?.named ?? null,
      presence: 'present',
    })
  }
  for (const row of listed) {
    const known = after.get(row.guid)!
    if (row.guid === ROOT.guid) known.parent = 'top'
    else if (known.named === null) known.parent = before.get(row.guid)?.parent ?? 'unresolved'
    else known.parent = after.has(known.named) ? known.named : 'unresolved'
  }
  const cyclic = [...after.keys()].filter(
    (guid) => isOnCycle(after, guid) && after.get(guid)?.parent !== before.get(guid)?.parent,
  )
  for (const guid of cyclic) after.get(guid)!.parent = before.get(guid)?.parent ?? 'unresolved'
  const stillCyclic = cyclic.filter((guid) => isOnCycle(after, guid))
  for (const guid of stillCyclic) after.get(guid)!.parent = 'unresolved'
  const isListed = new Set(listed.map((row) => row.guid))
  for (const [guid, known] of after) {
    if (!complete || isListed.has(guid)) continue
    known.presence = known.presence === 'present' ? 'suspect' : 'unlinked'
  }
  // Nothing is removed over a company that is not.
  for (let kept = true; kept;) {
    kept = false
    for (const [guid, known] of after) {
      if (known.presence !== 'unlinked' || before.get(guid)?.presence === 'unlinked') continue
      if (![...after.values()].some(({ parent, presence }) => parent === guid && presence !== 'unlinked')) continue
      known.presence = 'suspect'
      kept = true
    }
  }
  return after
}

function isOnCycle(all: ReadonlyMap<string, Known>, guid: string): boolean {
  let at = all.get(guid)?.parent
  for (let steps = 0; at !== undefined && steps <= all.size; steps++) {
    if (at === guid) return true
    at = all.get(at)?.parent
  }
  return false
}

async function readMirror(account: Account): Promise<Map<string, Known>> {
  const { rows } = await owner.query<Known & { guid: string }>(
    `select c.guid, g.name, c.type_code as "typeCode", c.status_code as "statusCode", c.custom_identifier as "customIdentifier", c.parent_guid as named,
       case when p.kind = 'companies' then 'top' when p.kind = 'unresolved' then 'unresolved' else pc.guid::text end as parent, g.presence
     from company c join static_group g on g.id = c.group_id join static_group p on p.id = g.parent_id
     left join company pc on pc.group_id = p.id where c.account_id = $1`,
    [account.id],
  )
  return new Map(rows.map(({ guid, ...known }) => [guid, known]))
}

test('the mirror equals the oracle after any series of listings', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyListing, { minLength: 1, maxLength: 4 }),
      fc.infiniteStream(fc.nat()),
      async (listings, dice) => {
        const account = await addAccount(owner, ROOT.guid)
        const shuffled = await addAccount(owner, ROOT.guid)
        let expected: ReadonlyMap<string, Known> = new Map()
        for (const { companies, complete } of listings) {
          const listed = [ROOT, KEPT, ...companies]
          expected = reconcile(expected, listed, complete)
          await syncOnce(pool, account, listed, { complete })
          const anyOrder = listed.map((row) => ({ row, die: dice.next().value ?? 0 })).toSorted((a, b) => a.die - b.die)
          await syncOnce(
            pool,
            shuffled,
            anyOrder.map(({ row }) => row),
            { complete },
          )
          expect(await readMirror(account)).toEqual(expected)
          expect(await readMirror(shuffled)).toEqual(expected)
          // An incomplete listing never turns a suspect into a removed one, so repeating it must change nothing at all.
          expect(await syncOnce(pool, account, listed, { complete: false })).toMatchObject({ written: 0 })
        }
        expect(await findBrokenGroups(owner, account.id)).toEqual([])
      },
    ),
    { numRuns: RUNS },
  )
}, 3_600_000)
