import type { ListedCompany } from '@msp-console/ema'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInScope } from '../db/scoped.ts'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import { type AfterSibling, listChildRows } from '../groups/queries.ts'
import { isLong } from '../schedule/testing.ts'
import { type Account, addAccount, company, connectAsSync, findBrokenGroups, guidOf, syncOnce } from './testing.ts'

// Readers while plans are applied: each sees the tree entirely before or entirely after, and who turns pages sees nobody twice.

const WANTED = isLong ? { observations: 4000, applies: 200 } : { observations: 400, applies: 20 }
const ALL = { rootId: 1, path: '/1/', name: 'All' }
const MSPS = 8
const EACH = 11

let database: TestDatabase
let owner: pg.Pool
let app: pg.Pool
let sync: pg.Pool
let observations = 0
let applies = 0
const isOn = () => observations < WANTED.observations || applies < WANTED.applies

beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 6 })
  app = new pg.Pool({ connectionString: database.ownerUrl, options: '-c role=msp_console_app', max: 3 })
  sync = connectAsSync(database.ownerUrl)
})
afterAll(async () => {
  process.stdout.write(
    `family S-20 readers while plans are applied: ${observations} observations, ${applies} applies\n`,
  )
  await Promise.all([owner.end(), app.end(), sync.end()])
  await database.drop()
})

const ROOT = company(1, { typeCode: 1004, name: 'Root' })
const mspOf = (n: number) => guidOf(2 + n)

/** Every MSP stands below the root, but one that stands below its neighbour; customers
 * change names and places, and one is new. */
function listingOf(round: number): ListedCompany[] {
  const msps = Array.from({ length: MSPS }, (_, n) =>
    company(2 + n, {
      typeCode: 1006,
      name: `MSP ${n}`,
      parentGuid: n === round % MSPS ? mspOf((n + 1) % MSPS) : ROOT.guid,
    }),
  )
  const customers = Array.from({ length: MSPS * EACH }, (_, n) =>
    company(10 + n, {
      parentGuid: mspOf((n + (n % 5 === round % 5 ? 1 : 0)) % MSPS),
      name: `Customer ${(n * 7 + round) % 50}`,
    }),
  )
  const added = company(1000 + round, { parentGuid: mspOf(round % MSPS) })
  return [ROOT, ...msps, ...customers.filter((_, n) => n % 8 !== round % 8), added]
}

test(`${WANTED.observations} looks, ${WANTED.applies} applies`, { timeout: isLong ? 900_000 : 120_000 }, async () => {
  const account = await addAccount(owner, ROOT.guid)
  await syncOnce(sync, account, listingOf(0))
  const apply = async () => {
    while (isOn()) {
      const { written } = await syncOnce(sync, account, listingOf((applies += 1)), { complete: false })
      expect(written).toBeGreaterThan(0)
    }
  }
  const look = async () => {
    while (isOn()) {
      expect(await findBrokenGroups(owner, account.id)).toEqual([])
      observations += 1
    }
  }
  const turnPages = async () => {
    while (isOn()) {
      expect(await findTwice(account)).toEqual([])
      observations += 1
    }
  }
  await Promise.all([apply(), look(), look(), turnPages(), turnPages()])
})

/** Walks through the children of the root, a page in each transaction, as a browser does. */
async function findTwice(account: Account): Promise<number[]> {
  const { rows } = await owner.query<{ id: number }>('select root_group_id as id from account where id = $1', [
    account.id,
  ])
  const root = rows[0]?.id ?? 0
  const seen: number[] = []
  for (let after: AfterSibling | null = null; ;) {
    const page = await createInScope(app)(ALL, (db) => listChildRows(db, ALL, root, after, 3))
    const last = page.at(-1)
    seen.push(...page.map(({ id }) => id))
    if (last === undefined) return seen.filter((id, at) => seen.indexOf(id) !== at)
    after = [last.leaf, last.name, last.id]
  }
}
