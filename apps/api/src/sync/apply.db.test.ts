import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import { addAccount, company, connectAsSync, guidOf, syncOnce } from './testing.ts'

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
})

const ROOT = company(1, { typeCode: 1004, name: 'Manager' })
const MSP = company(2, { typeCode: 1006, parentGuid: ROOT.guid, name: 'Severní MSP' })
const child = (number: number, fields = {}) => company(number, { parentGuid: MSP.guid, ...fields })

async function groups(accountId: number) {
  const { rows } = await owner.query<Record<string, unknown>>(
    `select right(c.guid::text, 2)::int as n, g.name, g.kind, g.presence, g.state, g.path, g.depth, g.size, g.child_count,
       g.not_set_up, g.normal, g.unlinked, p.kind as parent_kind, p.name as parent, c.former_names, g.search_text, c.last_seen_at
     from static_group g left join company c on c.group_id = g.id left join static_group p on p.id = g.parent_id
     where g.account_id = $1 order by c.guid nulls last`,
    [accountId],
  )
  return rows
}
async function events(runId: number) {
  const { rows } = await owner.query<Record<string, unknown>>(
    `select e.kind, right(c.guid::text, 2)::int as n, e.before, e.after from group_event e join company c on c.group_id = e.group_id
     where e.run_id = $1 order by 2, 1`,
    [runId],
  )
  return rows
}

describe('a sync run', () => {
  test('builds the tree, its paths and its counters', async () => {
    const account = await addAccount(owner, ROOT.guid)
    const { runId } = await syncOnce(pool, account, [ROOT, child(3), MSP, child(4, { statusCode: 3 })])
    const rows = await groups(account.id)
    expect(rows).toMatchObject([
      { n: 1, kind: 'mspManager', parent_kind: 'companies', depth: 2, size: 4, child_count: 1, not_set_up: 2 },
      { n: 2, kind: 'managedMsp', parent: 'Manager', depth: 3, size: 3, child_count: 2, not_set_up: 2 },
      { n: 3, kind: 'customer', parent: 'Severní MSP', depth: 4, size: 1, not_set_up: 1, state: 'notSetUp' },
      { n: 4, kind: 'customer', parent: 'Severní MSP', not_set_up: 1, state: 'notSetUp' },
    ])
    expect(rows[2]?.['path']).toMatch(new RegExp(`^${String(rows[1]?.['path'])}\\d+/$`))
    expect(rows[1]?.['search_text']).toBe('severni msp')
    expect(await events(runId)).toHaveLength(4)
    const top = await owner.query('select id, size, not_set_up from static_group where id in (1, 2) order by id')
    expect(top.rows).toEqual([
      { id: 1, size: 7, not_set_up: 2 },
      { id: 2, size: 5, not_set_up: 2 },
    ])
  })

  test('writes no row when nothing changed', async () => {
    const account = await addAccount(owner, ROOT.guid)
    const listing = [ROOT, MSP, child(3), child(4)]
    await syncOnce(pool, account, listing)
    const versions = () =>
      owner.query(`select 'g', id, xmin::text, ctid::text from static_group union all select 'c', group_id, xmin::text, ctid::text from company
        union all select 'e', id, xmin::text, ctid::text from group_event order by 1, 2`)
    const before = (await versions()).rows
    expect(await syncOnce(pool, account, listing.toReversed())).toMatchObject({ written: 0, held: 0 })
    expect((await versions()).rows).toEqual(before)
  })

  test('follows renames, moves, types, states and facts, each with its event', async () => {
    const account = await addAccount(owner, ROOT.guid)
    const other = company(5, { typeCode: 1006, parentGuid: ROOT.guid, name: 'Jižní MSP' })
    await syncOnce(pool, account, [
      ROOT,
      MSP,
      other,
      child(3, { name: 'Dřevo Žižkov', customIdentifier: 'PSA:1' }),
      child(4),
    ])
    const { runId } = await syncOnce(pool, account, [
      ROOT,
      MSP,
      { ...other, typeCode: 1042 },
      company(3, { parentGuid: other.guid, name: 'Dřevo Karlín', customIdentifier: 'PSA:2' }),
      child(4, { statusCode: 3 }),
    ])
    expect(await events(runId)).toEqual([
      { n: 3, kind: 'renamed', before: { name: 'Dřevo Žižkov' }, after: { name: 'Dřevo Karlín' } },
      {
        n: 3,
        kind: 'moved',
        before: expect.objectContaining({ parent: 'Severní MSP' }),
        after: expect.objectContaining({ parent: 'Jižní MSP' }),
      },
      { n: 3, kind: 'changed', before: { customIdentifier: 'PSA:1' }, after: { customIdentifier: 'PSA:2' } },
      {
        n: 4,
        kind: 'statusChanged',
        before: { sourceStatus: 'active', statusCode: 1 },
        after: { sourceStatus: 'suspended', statusCode: 3 },
      },
      {
        n: 5,
        kind: 'typeChanged',
        before: { kind: 'managedMsp', typeCode: 1006 },
        after: { kind: 'unknown', typeCode: 1042 },
      },
    ])
    const rows = await groups(account.id)
    expect(rows[2]).toMatchObject({
      parent: 'Jižní MSP',
      former_names: ['Dřevo Žižkov'],
      search_text: 'drevo karlin\npsa:2\ndrevo zizkov',
    })
    expect(rows[1]).toMatchObject({ size: 2, not_set_up: 1, child_count: 1 })
    expect(rows[4]).toMatchObject({ kind: 'unknown', size: 2, not_set_up: 1, child_count: 1 })
  })

  test('keeps what the source no longer says, and tells empty from unknown', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, [ROOT, MSP, child(3, { email: 'a@b.example', customIdentifier: 'X' })])
    await syncOnce(pool, account, [ROOT, MSP, child(3, { email: undefined, customIdentifier: null })])
    const { rows } = await owner.query(
      'select email, custom_identifier, vat_id from company where account_id = $1 and guid = $2',
      [account.id, guidOf(3)],
    )
    expect(rows).toEqual([{ email: 'a@b.example', custom_identifier: '', vat_id: null }])
  })

  test('moves a whole subtree with its paths', async () => {
    const account = await addAccount(owner, ROOT.guid)
    const division = company(6, { typeCode: 1003, parentGuid: ROOT.guid, name: 'Division' })
    await syncOnce(pool, account, [ROOT, division, MSP, child(3), child(4)])
    await syncOnce(pool, account, [ROOT, division, { ...MSP, parentGuid: division.guid }, child(3), child(4)])
    const rows = await groups(account.id)
    expect(rows.map((row) => [row['n'], row['depth'], row['size']])).toEqual([
      [1, 2, 5],
      [2, 4, 3],
      [3, 5, 1],
      [4, 5, 1],
      [6, 3, 4],
    ])
    for (const row of rows.slice(1)) expect(String(row['path']).split('/')).toHaveLength(Number(row['depth']) + 3)
  })

  test('shows a company without a visible parent in a marked place, and takes it home later', async () => {
    const account = await addAccount(owner, ROOT.guid)
    const hidden = company(7, { typeCode: 1006, parentGuid: ROOT.guid, name: 'Hidden' })
    const orphan = company(3, { parentGuid: hidden.guid })
    await syncOnce(pool, account, [ROOT, orphan])
    expect(await groups(account.id)).toMatchObject([
      { n: 1, size: 3 },
      { n: 3, parent_kind: 'unresolved', depth: 4 },
      { n: null, kind: 'unresolved', size: 2 },
    ])
    await syncOnce(pool, account, [ROOT, hidden, orphan])
    // The orphan's own row said nothing new, but its parent can be seen now.
    expect(await groups(account.id)).toMatchObject([
      { n: 1, size: 4 },
      { n: 3, parent: 'Hidden' },
      { n: 7, size: 2 },
      { kind: 'unresolved', size: 1 },
    ])
  })

  test('does not lose anything to a parent cycle', async () => {
    const account = await addAccount(owner, ROOT.guid)
    const one = company(2, { typeCode: 1006, parentGuid: guidOf(5) })
    const two = company(5, { typeCode: 1006, parentGuid: guidOf(2) })
    const three = company(3, { parentGuid: guidOf(2) })
    await syncOnce(pool, account, [ROOT, one, two, three])
    expect(await groups(account.id)).toMatchObject([
      { size: 5 },
      { parent_kind: 'unresolved', size: 2 },
      { n: 3 },
      { parent_kind: 'unresolved' },
      { kind: 'unresolved', size: 4 },
    ])
    expect(await syncOnce(pool, account, [ROOT, one, two, three])).toMatchObject({ written: 0 })
    // Once one of them is put right, the other one's unchanged row leads it home too.
    await syncOnce(pool, account, [ROOT, { ...one, parentGuid: ROOT.guid }, two, three])
    expect(await groups(account.id)).toMatchObject([
      { size: 5 },
      { parent: 'Manager', size: 3 },
      {},
      { n: 5, parent: 'Company 2' },
      { size: 1 },
    ])
  })
})

describe('removal needs proof', () => {
  const full = [ROOT, MSP, child(3), child(4), child(5)]
  const without3 = [ROOT, MSP, child(4), child(5)]
  const presence = async (accountId: number, n = 3) =>
    (await groups(accountId)).find((row) => row['n'] === n)?.['presence']

  test('absent from one complete listing is suspect, from a second one removed, seen again restored', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, full)
    const first = await syncOnce(pool, account, without3)
    expect(await events(first.runId)).toMatchObject([{ n: 3, kind: 'suspected' }])
    expect(await presence(account.id)).toBe('suspect')
    const second = await syncOnce(pool, account, without3)
    expect(await events(second.runId)).toMatchObject([{ n: 3, kind: 'unlinked' }])
    expect(await groups(account.id)).toMatchObject([
      { unlinked: 1, not_set_up: 2 },
      { unlinked: 1, not_set_up: 2, size: 4 },
      { n: 3, state: 'unlinked', last_seen_at: expect.any(Date) },
      {},
      {},
    ])
    expect(await syncOnce(pool, account, without3)).toMatchObject({ written: 0 })
    const back = await syncOnce(pool, account, full)
    expect(await events(back.runId)).toMatchObject([{ n: 3, kind: 'restored', before: { presence: 'unlinked' } }])
    expect(await groups(account.id)).toMatchObject([
      { unlinked: 0, not_set_up: 3 },
      {},
      { n: 3, presence: 'present', last_seen_at: null },
      {},
      {},
    ])
  })

  test('an incomplete listing proves nothing, however often', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, full)
    for (let run = 0; run < 3; run++) await syncOnce(pool, account, [ROOT, MSP], { complete: false })
    expect(await presence(account.id)).toBe('present')
  })

  test('the two listings must be the gap apart', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, full)
    await syncOnce(pool, account, without3, { removalGapSeconds: 600 })
    await syncOnce(pool, account, without3, { removalGapSeconds: 600, later: 599 })
    expect(await presence(account.id)).toBe('suspect')
    await syncOnce(pool, account, without3, { removalGapSeconds: 600, later: 601 })
    expect(await presence(account.id)).toBe('unlinked')
  })

  test('a row that cannot be read is a company that exists, with its last good values', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, full)
    for (let run = 0; run < 2; run++) await syncOnce(pool, account, without3, { rejected: [guidOf(3)] })
    expect((await groups(account.id))[2]).toMatchObject({ n: 3, presence: 'present', name: 'Company 3' })
    await syncOnce(pool, account, full, { rejected: [guidOf(77)] })
    expect(await groups(account.id)).toHaveLength(5)
  })

  test('the guard holds what is too much: it stays suspect, the rest of the plan applies', async () => {
    const account = await addAccount(owner, ROOT.guid)
    const twelve = Array.from({ length: 12 }, (_, index) => child(10 + index))
    await syncOnce(pool, account, [ROOT, MSP, ...twelve])
    const half = [ROOT, MSP, ...twelve.slice(7)]
    await syncOnce(pool, account, half)
    const held = await syncOnce(pool, account, [...half, child(40)])
    expect(held).toMatchObject({ held: 7, reasons: [{ rule: 'tooManyOfParent', count: 7, limit: 6 }] })
    expect(await events(held.runId)).toMatchObject([{ n: 40, kind: 'created' }])
    expect(await presence(account.id, 10)).toBe('suspect')
  })

  test('setup, and who did it, survive removal and return', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, full)
    await owner.query(`update static_group set setup = 'done' where account_id = $1 and name = 'Company 3'`, [
      account.id,
    ])
    await syncOnce(pool, account, without3)
    await syncOnce(pool, account, without3)
    await syncOnce(pool, account, full)
    expect((await groups(account.id))[2]).toMatchObject({ state: 'normal', presence: 'present' })
    expect((await groups(account.id))[0]).toMatchObject({ normal: 1, not_set_up: 2 })
  })
})
