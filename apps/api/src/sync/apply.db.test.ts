import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../db/testing.ts'
import { addAccount, company, connectAsSync, guidOf, readEvents, readGroups, syncOnce } from './testing.ts'

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

const groups = (accountId: number) => readGroups(owner, accountId)
const events = (runId: number) => readEvents(owner, runId)

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

  test('plans anew when somebody else wrote the tree meanwhile', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, [ROOT, MSP, child(3)])
    const meanwhile = () => owner.query('update account set writes = writes + 1 where id = $1', [account.id])
    const { runId } = await syncOnce(pool, account, [ROOT, MSP, child(3, { name: 'Nový' }), child(4)], { meanwhile })
    expect((await events(runId)).map(({ kind, n }) => [kind, n])).toEqual([
      ['renamed', 3],
      ['created', 4],
    ])
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

  test('makes what search looks in, in a first run and later, in one sweep and in two', async () => {
    const facts = { name: 'Łódź Žluťoučký', email: 'Kůň@Stáj.example', customIdentifier: 'PSA:Ř' }
    const text = 'lodz zlutoucky\npsa:r\nkun@staj.example'
    const texts = async (accountId: number) => (await groups(accountId)).slice(2).map((row) => row['search_text'])
    const extras = [
      { guid: guidOf(4), email: facts.email, customIdentifier: facts.customIdentifier, vatId: null, description: null },
    ]
    const known = await addAccount(owner, ROOT.guid)
    const later = child(5, facts)
    const listed = [ROOT, MSP, child(3, facts), child(4, { name: facts.name })]
    await syncOnce(pool, known, listed, { extras })
    expect(await texts(known.id)).toEqual([text, text])
    await syncOnce(pool, known, [...listed, later], { extras })
    expect(await texts(known.id)).toEqual([text, text, text])
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

  test('a type that the source leaves out is kept; only a new company without one is of unknown kind', async () => {
    const account = await addAccount(owner, ROOT.guid)
    await syncOnce(pool, account, [ROOT, MSP, child(3)])
    const { runId } = await syncOnce(pool, account, [
      ROOT,
      { ...MSP, typeCode: undefined },
      child(3, { typeCode: undefined, name: 'Renamed' }),
      child(4, { typeCode: undefined }),
    ])
    expect(await events(runId)).toMatchObject([
      { n: 3, kind: 'renamed' },
      { n: 4, kind: 'created' },
    ])
    expect(await groups(account.id)).toMatchObject([
      { n: 1 },
      { n: 2, kind: 'managedMsp' },
      { n: 3, kind: 'customer', name: 'Renamed' },
      { n: 4, kind: 'unknown' },
    ])
    const again = await syncOnce(pool, account, [ROOT, MSP, child(3, { name: 'Renamed' }), child(4)])
    expect(await events(again.runId)).toMatchObject([{ n: 4, kind: 'typeChanged', after: { kind: 'customer' } }])
  })

  test('counts companies below a kind that EMA does not document, once, when they come to stand there', async () => {
    const account = await addAccount(owner, ROOT.guid)
    const below = company(6, { typeCode: 1006, parentGuid: MSP.guid, name: 'MSP below MSP' })
    const strange = company(7, { typeCode: 4242, parentGuid: ROOT.guid, name: 'Strange' })
    const hidden = company(8, { parentGuid: guidOf(99) })
    const listing = [ROOT, MSP, child(3), below, strange, hidden]
    // Neither the root's place nor the place of a company without a visible parent is odd.
    const first = await syncOnce(pool, account, listing)
    const readOdd = async (runId: number) =>
      (await owner.query<{ odd_pairs: number }>('select odd_pairs from sync_run where id = $1', [runId])).rows[0]
        ?.odd_pairs
    expect(await readOdd(first.runId)).toBe(2)
    const second = await syncOnce(pool, account, listing)
    expect(await readOdd(second.runId)).toBe(0)
    const third = await syncOnce(pool, account, [
      ...listing,
      child(4, { parentGuid: below.guid }),
      child(5, { parentGuid: strange.guid }),
    ])
    expect(await readOdd(third.runId)).toBe(1)
  })

  test('the longest names fit their indexes on the deepest level, and deeper ones hang in the marked place', async () => {
    const account = await addAccount(owner, ROOT.guid)
    // Random letters, so that compression does not help.
    const longest = () => Array.from(randomBytes(900), (byte) => String.fromCodePoint(0x100 + byte)).join('')
    const chain = Array.from({ length: 70 }, (_, at) =>
      company(2 + at, { typeCode: 1006, parentGuid: guidOf(1 + at), name: longest() }),
    )
    const leaves = chain.map(({ guid }, at) => company(200 + at, { parentGuid: guid, name: longest() }))
    await owner.query(`select setval('static_group_id_seq', 1000000000)`)
    const listing = [ROOT, ...chain, ...leaves]
    await syncOnce(pool, account, listing)
    const { rows } = await owner.query<Record<string, unknown>>(
      `select count(*)::int as n, max(depth) as depth, max(octet_length(name)) as bytes from static_group where account_id = $1`,
      [account.id],
    )
    expect(rows).toEqual([{ n: 142, depth: 64, bytes: 1800 }])
    expect((await groups(account.id)).at(-1)).toMatchObject({ kind: 'unresolved', size: 18 })
    expect(await syncOnce(pool, account, listing)).toMatchObject({ written: 0 })
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
