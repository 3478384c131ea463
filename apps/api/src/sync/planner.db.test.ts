import type { ListedCompany } from '@msp-console/ema'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import { type Account, addAccount, company, connectAsSync, guidOf, syncOnce } from './testing.ts'

// Properties of plan and apply for any state and any listing: the order of rows makes no difference, a preview is what the run
// after it writes, and the same listing again writes nothing. What the mirror should be is convergence.db.test.ts' to say.

const isLong = process.env['MSP_TEST_LONG'] === '1'
const RUNS = isLong ? 2000 : 40

let database: TestDatabase
let owner: pg.Pool
let pool: pg.Pool
let events = 0
let holds = 0
beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl })
  pool = connectAsSync(database.ownerUrl)
})
afterAll(async () => {
  await pool.end()
  await owner.end()
  await database.drop()
  process.stdout.write(`family S-10 trees in any order: ${RUNS} runs\n`)
  process.stdout.write(`family S-13 the same listing again: ${RUNS} runs\n`)
  process.stdout.write(`family S-19 a preview is what its run writes: ${RUNS} runs, ${events} events, ${holds} held\n`)
})

const ROOT = company(1, { typeCode: 1004, name: 'Root' })
const NUMBERS = Array.from({ length: 24 }, (_, at) => at + 2)

/** Any parents at all: unknown ones, itself, cycles. Enough companies below one parent for the guard to hold some. */
const anyCompany = (number: number): fc.Arbitrary<ListedCompany | null> =>
  fc
    .option(
      fc.record({
        parent: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(1, 2, 3) }, fc.constantFrom(null, 99, ...NUMBERS)),
        name: fc.constantFrom('Alfa', 'Žleb', 'Chata\t\\N', '<b>'),
        typeCode: fc.constantFrom(1005, 1006, 1007, 1007, 1007, 4242, undefined),
        statusCode: fc.constantFrom(1, 3, undefined),
        email: fc.constantFrom(undefined, null, 'a@x.example'),
      }),
      { freq: 4 },
    )
    .map(
      (fields) =>
        fields && company(number, { ...fields, parentGuid: fields.parent === null ? null : guidOf(fields.parent) }),
    )
const anyListing = fc.tuple(...NUMBERS.map(anyCompany)).map((all) => [ROOT, ...all.filter((one) => one !== null)])

/** Like the one before, but for a few: as listings of one account follow each other. */
const anySeries = fc
  .tuple(
    anyListing,
    anyListing,
    anyListing,
    fc.array(fc.nat({ max: 2 }), { minLength: 24, maxLength: 24 }),
    fc.boolean(),
  )
  .map(([first, second, third, from, isCalm]) => {
    if (!isCalm) return [first, second, third] as const
    // Most companies stay as they are, so that the guard lets most changes through.
    const mixed = (other: readonly ListedCompany[], which: number) =>
      first.filter((row, at) => at === 0 || from[at % 24] !== which || other.some(({ guid }) => guid === row.guid))
    return [first, mixed(second, 1), mixed(third, 1)] as const
  })

const shuffled = (rows: readonly ListedCompany[], dice: fc.Stream<number>) =>
  rows
    .map((row) => ({ row, die: dice.next().value ?? 0 }))
    .toSorted((a, b) => a.die - b.die)
    .map(({ row }) => row)

/** By GUID, and without ids, which two accounts do not share. */
async function readMirror({ id }: Account) {
  const { rows } = await owner.query(
    `select c.guid, g.name, g.kind, g.presence, g.source_status, c.type_code, c.status_code, c.email, c.parent_guid, g.depth, g.size,
       g.child_count, g.not_set_up, g.normal, g.unlinked, coalesce(pc.guid::text, p.kind::text) as parent
     from company c join static_group g on g.id = c.group_id join static_group p on p.id = g.parent_id
     left join company pc on pc.group_id = p.id where c.account_id = $1 order by c.guid`,
    [id],
  )
  return rows
}

/** Groups whose path does not lead through their parents, or to the account's root; of a tree there are none. */
async function findMisplaced({ id }: Account) {
  const { rows } = await owner.query(
    `select g.id, g.path from static_group g join static_group p on p.id = g.parent_id join account a on a.id = g.account_id
     where a.id = $1 and (g.path <> p.path || g.id || '/' or g.depth <> p.depth + 1 or not starts_with(g.path, '/1/2/' || a.root_group_id || '/'))`,
    [id],
  )
  return rows
}

const versionOf = async ({ id }: Account) =>
  (
    await owner.query(
      `select g.id, g.xmin, g.ctid::text, c.xmin as c_xmin, c.ctid::text as c_ctid, (select count(*) from group_event e where e.group_id = g.id and e.kind <> 'held') as events
       from static_group g left join company c on c.group_id = g.id where g.account_id = $1 order by 1`,
      [id],
    )
  ).rows

/** The parent of a new company has an id of its own in each of the two. */
const SHOWN = `kind, coalesce(before, '{}') - 'parentId' as before, after - 'parentId' as after`
const WRITTEN = `select c.guid, ${SHOWN} from group_event e join company c on c.group_id = e.group_id
  where e.run_id = $1 and e.kind not in ('held', 'rejected') order by 1, 2`
const PLANNED = `select guid, ${SHOWN} from plan_item where run_id = $1 and preview and rule is null order by 1, 2`
const HELD = `select guid, kind, rule, aim from plan_item where account_id = $1 and rule is not null and closed_at is null and preview = $2
  and (not preview or run_id = $3) order by 1, 2`

test('any listing after any others', { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anySeries, fc.infiniteStream(fc.nat()), async ([first, second, third], dice) => {
      const [account, other] = [await addAccount(owner, ROOT.guid), await addAccount(owner, ROOT.guid)]
      for (const listing of [first, second]) {
        await syncOnce(pool, account, listing)
        await syncOnce(pool, other, shuffled(listing, dice))
      }
      const before = await versionOf(account)
      const preview = await syncOnce(pool, account, third, { preview: true })
      expect(await versionOf(account)).toEqual(before)
      const run = await syncOnce(pool, account, third)
      const [planned, written] = [await owner.query(PLANNED, [preview.runId]), await owner.query(WRITTEN, [run.runId])]
      expect(planned.rows).toEqual(written.rows)
      const [announced, held] = [
        await owner.query(HELD, [account.id, true, preview.runId]),
        await owner.query(HELD, [account.id, false, run.runId]),
      ]
      expect(announced.rows).toEqual(held.rows)
      events += written.rows.length
      holds += held.rows.length

      await syncOnce(pool, other, shuffled(third, dice))
      expect(await readMirror(other)).toEqual(await readMirror(account))
      expect(await findMisplaced(account)).toEqual([])

      // Nothing is proven by the same listing at once.
      const after = await versionOf(account)
      expect(await syncOnce(pool, account, shuffled(third, dice), { removalGapSeconds: 3600 })).toMatchObject({
        written: 0,
      })
      expect(await versionOf(account)).toEqual(after)
    }),
    // A smaller example would be looked for through hundreds of runs; the seed that is told plays this one again.
    { numRuns: RUNS, endOnFailure: true },
  )
})
