// The audit log through the server: what is told, to whom, and that nobody changes it afterwards.
import {
  changeSetup,
  createSet,
  createUser,
  createUserLink,
  deleteUser,
  disconnectAccount,
  endUserSessions,
  exportAudit,
  getGroup,
  listAudit,
  listSets,
  NO_RIGHTS,
  putSetup,
  startRun,
  updateUser,
} from '@msp-console/contract'
import { pino } from 'pino'
import { fromHiddenId } from '../http/hidden.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../access/audit.ts'
import { createInScope } from '../db/scoped.ts'
import { ADMIN, openMock, openTestApp, signIn, type TestApp, type TestMock, toRequest } from '../testing.ts'

let t: TestApp
let mock: TestMock
let accountId: string
let sets: Record<string, string>
let place: { manager: string; beside: string; customer: string; customerName: string; besidePath: string }
beforeAll(async () => {
  t = await openTestApp()
  mock = await openMock()
  accountId = await t.connect(mock)
  const { rows } = await t.owner.query<typeof place>(
    `select m.id::text as manager, b.id::text as beside, b.path as "besidePath", c.id::text as customer, c.name as "customerName"
     from static_group m, static_group b, static_group c
     where m.name = 'Vysočina IT Group' and b.name = 'Chytrá síť s.r.o.' and c.leaf and starts_with(c.path, m.path) limit 1`,
  )
  if (rows[0] === undefined) throw new Error('the world lacks the groups')
  place = rows[0]
  sets = Object.fromEntries((await t.call(listSets)).items.map(({ key, id }) => [key ?? '', id]))
})
afterAll(async () => {
  await t.close()
  await mock.close()
})

const newest = async (action: string) => (await t.call(listAudit, { query: { action, limit: 1 } })).items[0]
const countAll = async () => {
  const { rows } = await t.owner.query<{ count: string }>('select count(*) from audit_event')
  return Number(rows[0]?.count)
}

describe('is told', () => {
  test('with who, where, what, from where and by which request', async () => {
    const response = await t.app.inject({
      ...toRequest(putSetup, { params: { id: place.customer }, body: { state: 'done' } }),
      headers: { cookie: t.cookie },
      remoteAddress: '192.0.2.7',
    })
    expect(response.statusCode).toBe(200)
    expect(await newest('putSetup')).toMatchObject({
      outcome: 'done',
      actor: ADMIN.email,
      token: null,
      target: place.customerName,
      group: { id: place.customer },
      after: { setup: 'done', changed: 1, unchanged: 0 },
      ipAddress: '192.0.2.7',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    })
  })

  test('once for many customers, at the lowest group above them, and not at all where nothing changes', async () => {
    const { changed } = await t.call(changeSetup, { body: { state: 'skipped', filter: { under: place.beside } } })
    expect(await newest('changeSetup')).toMatchObject({
      group: { id: place.beside },
      after: { setup: 'skipped', changed },
    })
    const before = await countAll()
    await t.call(changeSetup, { body: { state: 'skipped', filter: { under: place.beside } } })
    expect(await countAll()).toBe(before)
  })

  test('for every step in the life of a user and a set', async () => {
    const email = 'life@console.example'
    const grants = [{ rootId: place.manager, setId: sets['partner'] ?? '' }]
    const { user, link } = await t.call(createUser, {
      body: { name: 'Life', email, homeGroupId: place.manager, grants },
    })
    const body = { name: 'Later', homeGroupId: place.manager, disabled: true, grants: [] }
    await t.call(createUserLink, { params: { id: user.id } })
    await t.call(endUserSessions, { params: { id: user.id } })
    await t.call(updateUser, { params: { id: user.id }, body })
    await t.call(deleteUser, { params: { id: user.id } })
    await t.call(createSet, { body: { name: 'Told', rights: NO_RIGHTS } })
    expect(await newest('createUser')).toMatchObject({ target: email, after: { grants: [{ set: 'partner' }] } })
    expect(await newest('createUserLink')).toMatchObject({ target: email, after: { kind: 'invite' } })
    expect(await newest('endUserSessions')).toMatchObject({ target: email, after: { ended: 0 } })
    expect(await newest('updateUser')).toMatchObject({
      before: { name: 'Life', disabled: false },
      after: { name: 'Later', disabled: true, grants: [] },
    })
    expect(await newest('deleteUser')).toMatchObject({ target: email, before: { name: 'Later' }, after: null })
    expect(await newest('createSet')).toMatchObject({ target: 'Told', after: { users: 'none' } })
    const { rows } = await t.owner.query<{ text: string }>('select e::text as text from audit_event e')
    const token = new URL(link.url).searchParams.get('token')
    expect(token).toHaveLength(43)
    for (const { text } of rows) expect(text).not.toContain(token)
  })

  test('for accounts and runs', async () => {
    expect(await newest('connectAccount')).toMatchObject({
      target: 'Demo Distribution s.r.o.',
      after: { login: 'distributor@demo.example' },
    })
    expect(JSON.stringify(await newest('connectAccount'))).not.toContain('demo-Password')
    await t.call(startRun, { params: { id: accountId } })
    expect(await newest('startRun')).toMatchObject({ after: { started: true } })
  })

  test('for signing in and out, and for failing with a known address', async () => {
    const cookie = await signIn(t.app, ADMIN)
    expect(await newest('signIn')).toMatchObject({ outcome: 'done', actor: ADMIN.email })
    await t.app.inject({ method: 'POST', url: '/api/auth/sign-out', headers: { cookie } })
    expect(await newest('signOut')).toMatchObject({ actor: ADMIN.email })
    const fail = (email: string) =>
      t.app.inject({ method: 'POST', url: '/api/auth/sign-in/email', payload: { email, password: 'wrong-Password-1' } })
    await fail(ADMIN.email)
    await expect.poll(() => newest('signIn')).toMatchObject({ outcome: 'failed', actor: null, target: ADMIN.email })
    const before = await countAll()
    await fail('nobody@console.example')
    await fail(ADMIN.email)
    await expect.poll(countAll).toBe(before + 1)
  })

  test('never for what was rolled back', async () => {
    const before = await countAll()
    expect((await t.problem(putSetup, { params: { id: '999999' }, body: { state: 'done' } })).code).toBe('not-found')
    const taken = { name: 'x', email: ADMIN.email, homeGroupId: place.manager, grants: [] }
    expect((await t.problem(createUser, { body: taken })).code).toBe('email-taken')
    const request = { id: 'r', ip: '192.0.2.1', signedIn: { id: 'a', email: 'a@b.example', token: null } } as never
    const work = createInScope(t.pools.app)({ path: '/1/' }, async (db) => {
      await audit(db, request, { action: 'tried', where: { groupId: 1 } })
      throw new Error('rolled back')
    })
    await expect(work).rejects.toThrow('rolled back')
    expect(await countAll()).toBe(before)
  })
})

describe('nobody', () => {
  test.each(['update audit_event set actor = null', 'delete from audit_event', 'truncate audit_event'])(
    'may %s, neither the app nor the owner of the tables',
    async (statement) => {
      const before = await countAll()
      await expect(createInScope(t.pools.app)({ path: '/1/' }, (db) => db.query(statement))).rejects.toThrow(
        /permission denied/,
      )
      await expect(t.owner.query(statement)).rejects.toThrow(/append-only/)
      expect(await countAll()).toBe(before)
    },
  )

  test('writes an entry into a part that is not in view', async () => {
    const request = { id: 'r', ip: '192.0.2.1', signedIn: { id: 'a', email: 'a@b.example', token: null } } as never
    const path = place.besidePath
    const tell = (where: { groupId: number }) =>
      createInScope(t.pools.app)({ path }, (db) => audit(db, request, { action: 'forged', where }))
    await expect(tell({ groupId: Number(place.manager) })).rejects.toThrow('not in scope')
    const insert = `insert into audit_event (action, outcome, group_id, path) values ('forged', 'done', 1, '/1/')`
    await expect(createInScope(t.pools.app)({ path }, (db) => db.query(insert))).rejects.toThrow(/row-level security/)
    await expect(t.pools.app.query(insert)).rejects.toThrow(/row-level security/)
    expect((await t.pools.app.query('select from audit_event')).rows).toEqual([])
  })
})

describe('a manager', () => {
  test('reads the own part, without people and groups outside', async () => {
    const boss = await t.actAs('mspManager', Number(place.manager))
    await t.call(putSetup, { params: { id: place.customer }, body: { state: 'skipped' } })
    const homeGroupId = place.manager
    const grants = [place.manager, place.beside].map((rootId) => ({ rootId, setId: sets['partner'] ?? '' }))
    await t.call(createUser, { body: { name: 'Two parts', email: 'two@console.example', homeGroupId, grants } })
    const { items, total } = await boss.call(listAudit, { query: { limit: 200 } })
    expect(total).toBe(items.length)
    expect(items.find(({ action }) => action === 'putSetup')).toMatchObject({
      actor: null,
      ipAddress: null,
      target: place.customerName,
    })
    expect(
      items.find(({ action, target }) => action === 'createUser' && target === 'two@console.example')?.after?.[
        'grants'
      ],
    ).toHaveLength(1)
    expect(items.map(({ action }) => action)).not.toContain('connectAccount')
    for (const { path } of items) expect([undefined, place.manager]).toContain(path[0]?.id)
    expect(JSON.stringify(items)).not.toMatch(/Chytrá síť|Demo Distribution|ada@console/)
    expect((await boss.call(listAudit, { query: { q: ADMIN.email } })).total).toBe(0)
    const own = items.find(({ action, actor }) => action === 'signIn' && actor === boss.email)
    expect(own?.ipAddress).toMatch(/^127\./)
    const file = await t.app.inject({ ...toRequest(exportAudit, {}), headers: boss.headers })
    expect(file.body.split('\r\n').length - 2).toBe(total)
    expect(file.body).not.toMatch(/Chytrá síť|Demo Distribution|ada@console/)
  })

  test('is not shown the name of a set that belongs above', async () => {
    const set = await t.call(createSet, { body: { name: 'Canary set', rights: { ...NO_RIGHTS, groups: 'read' } } })
    const grants = [{ rootId: place.manager, setId: set.id }]
    const email = 'above@console.example'
    await t.call(createUser, { body: { name: 'From above', email, homeGroupId: place.manager, grants } })
    const boss = await t.actAs('mspManager', Number(place.manager))
    const { items } = await boss.call(listAudit, { query: { q: email } })
    expect(items[0]?.after?.['grants']).toMatchObject([{ root: 'Vysočina IT Group', set: null }])
    expect(JSON.stringify(await boss.call(listAudit, { query: { limit: 200 } }))).not.toContain('Canary')
    expect(JSON.stringify(await newest('createUser'))).toContain('Canary set')
  })

  test('is followed by an MSP admin who may read nothing of it', async () => {
    const admin = await t.actAs('mspAdmin', Number(place.beside))
    expect((await admin.problem(listAudit)).code).toBe('forbidden')
    expect((await admin.problem(exportAudit)).code).toBe('forbidden')
  })

  test('who moves is told where they leave and where they arrive', async () => {
    const { user } = await t.call(createUser, {
      body: { name: 'Mover', email: 'mover@console.example', homeGroupId: place.manager, grants: [] },
    })
    const body = { name: 'Mover', homeGroupId: place.beside, disabled: false, grants: [] }
    await t.call(updateUser, { params: { id: user.id }, body })
    const boss = await t.actAs('mspManager', Number(place.manager))
    const { items } = await boss.call(listAudit, { query: { action: 'updateUser', limit: 1 } })
    expect(items[0]).toMatchObject({
      target: 'mover@console.example',
      before: { homeGroup: { name: 'Vysočina IT Group' } },
    })
    expect(items[0]?.after?.['homeGroup']).toBeNull()
    const there = await t.actAs('mspManager', Number(place.beside))
    expect((await there.call(listAudit, { query: { action: 'updateUser' } })).total).toBe(1)
  })
})

describe('the list', () => {
  test('comes in pages, newest first, and is filtered by everything at once', async () => {
    const ids: number[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof read>> = await read(cursor)
      ids.push(...page.items.map(({ id }) => fromHiddenId('auditEntry', id)))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(ids).toEqual(ids.toSorted((a, b) => b - a))
    expect(new Set(ids).size).toBe(await countAll())
    const entry = await newest('createUserLink')
    const exact = { q: 'LIFE', action: 'createUserLink', outcome: 'done', from: entry?.at ?? '' } as const
    expect((await t.call(listAudit, { query: exact })).items).toEqual([entry])
    for (const wrong of [
      { q: 'nothing' },
      { outcome: 'failed' as const },
      { from: '2999-01-01T00:00:00Z' },
      { action: 'x' },
    ])
      expect((await t.call(listAudit, { query: { ...exact, ...wrong } })).total).toBe(0)
    expect((await t.call(listAudit, { query: { ...exact, to: entry?.at ?? '' } })).total).toBe(0)
  })
  const read = (cursor: string | null) =>
    t.call(listAudit, { query: { limit: 7, ...(cursor === null ? {} : { cursor }) } })
})

test('a refusal stands in the log of the server with who asked, for which part, and nothing of what', async () => {
  const lines: string[] = []
  const log = pino({ level: 'info', base: null }, { write: (line) => void lines.push(line) })
  const other = await openTestApp({ log })
  const viewer = await other.actAs('customerViewer', 1)
  lines.length = 0
  await viewer.problem(putSetup, { params: { id: '2' }, body: { state: 'done' } })
  await viewer.problem(getGroup, { params: { id: '424242' } })
  const { rows } = await other.owner.query<{ id: string }>('select id from app_user where email = $1', [viewer.email])
  await other.close()
  const user = rows[0]?.id
  const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === 'request')
  expect(told).toMatchObject([
    { route: '/api/v1/customers/:id/setup', status: 403, user, root: 1 },
    { route: '/api/v1/groups/:id', status: 404, user, root: 1 },
  ])
  expect(lines.join('')).not.toMatch(/424242|@console/)
})

test('disconnecting is told with what it did', async () => {
  await t.call(disconnectAccount, { params: { id: accountId } })
  expect(await newest('disconnectAccount')).toMatchObject({
    target: 'Demo Distribution s.r.o.',
    after: { unlinked: expect.any(Number) as number },
  })
})
