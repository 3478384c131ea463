/**
 * The demo's tree with a name of its own in every group, user, set and account, so that a foreign byte in an answer is seen as
 * what it is. Ids of groups, accounts and runs are shifted into ranges of their own for the same reason.
 * It tells what there is by reading tables as the owner, never by asking the code under test.
 */
import { createWorld, LEVEL, type World } from '@msp-console/mock-ema'
import { disconnectAccount, getTree, putSetup } from '@msp-console/contract'
import { openMock, openTestApp, type TestApp } from '../testing.ts'

export interface Known {
  id: number
  parent_id: number | null
  kind: string
  leaf: boolean
  presence: string
  setup: string
  child_count: number
  account_id: number | null
  guid: string | null
  /** What everything about it is called. */
  canary: string
}

export interface CanaryWorld {
  t: TestApp
  groups: Map<number, Known>
  accounts: { id: number; root: number; canary: string; connected: boolean }[]
  runs: { id: number; accountId: number }[]
  /** Group id by the demo's name, in the first account. */
  idOf: (name: string) => number
  /** Customers by where they were before the last run moved them to North Wind. */
  movedFrom: Map<number, number>
  /** The second account's copy of the managed MSP. */
  secondRoot: number
  mockUrl: string
  /** Names the tree as it was before `change`. */
  since: string
  /** Moves, removes and reads anew, after everybody has looked. */
  change: () => Promise<void>
  close: () => Promise<void>
}

const MANAGED = 'Jihlavský servis počítačů'
const MANAGER = 'Vysočina IT Group'
const SMART = 'Chytrá síť s.r.o.'
const MORAVIAN = 'Moravská IT, s.r.o.'
const NORTH = 'North Wind Support Ltd'

export async function openCanaryWorld(): Promise<CanaryWorld> {
  const world = createWorld('demo', 1)
  const indexOf = new Map(world.name.map((name, index) => [name, index]))
  renameAll(world)
  const mock = await openMock({ world })
  let frozen = false
  const t: TestApp = await openTestApp({
    /** Waits for the run; once the world stands, every run is "already running" and nothing changes. */
    async startSync(accountId, by) {
      if (frozen) return { started: false, runId: await latestRun(t, accountId) }
      const started = await t.sync.start(accountId, by)
      await started.done
      return started
    },
  })
  await shiftIds(t)
  const [first = 0, second = 0, third = 0] = [
    await t.connect(mock, canaryLogin('distributor')),
    await t.connect(mock, canaryLogin('managed')),
    await t.connect(mock, canaryLogin('msp')),
  ].map(Number)
  await t.call(disconnectAccount, { params: { id: String(third) } })

  const at = (name: string): number => {
    const index = indexOf.get(name)
    if (index === undefined) throw new Error(`no company ${name}`)
    return index
  }
  const groups = new Map<number, Known>()
  const find = (index: number, account: number): number => {
    const guid = world.idOf(index).toLowerCase()
    const found = [...groups.values()].find((group) => group.guid === guid && group.account_id === account)
    if (found === undefined) throw new Error(`company ${index} is not mirrored`)
    return found.id
  }
  await readGroups(t, groups)
  const result: CanaryWorld = {
    t,
    groups,
    accounts: [],
    runs: [],
    idOf: (name) => find(at(name), first),
    movedFrom: new Map(),
    secondRoot: find(at(MANAGED), second),
    mockUrl: mock.url,
    since: (await t.call(getTree)).since,
    async change() {
      await changeWorld()
      frozen = true
    },
    async close() {
      await t.close()
      await mock.close()
    },
  }
  await addUsersAndSets(t)
  await readAccounts(result)

  /** One customer moves away from each provider, one is deleted, one is hidden; two runs prove the absence. */
  async function changeWorld(): Promise<void> {
    for (const name of [MANAGED, MANAGER, SMART, MORAVIAN]) {
      const provider = at(name)
      const customers = (world.children[provider] ?? []).filter((child) => world.type[child] === 1007)
      const [hidden, gone, moved, marked] = customers.slice(-4)
      if (hidden === undefined || gone === undefined || moved === undefined || marked === undefined)
        throw new Error(`${name} has too few customers`)
      result.movedFrom.set(find(provider, first), find(moved, first))
      await t.call(putSetup, { params: { id: String(find(moved, first)) }, body: { state: 'done' } })
      await t.call(putSetup, { params: { id: String(find(marked, first)) }, body: { state: 'skipped' } })
      world.move(moved, at(NORTH))
      world.remove(gone)
      // A held plan, with an item in each part: EMA knows the company and shows it to nobody any more.
      for (const user of world.users) user.overrides.set(hidden, LEVEL.none)
    }
    world.version += 1
    for (const account of [first, second]) {
      for (let run = 0; run < 2; run += 1)
        await (
          await t.sync.start(account, { trigger: 'manual', startedBy: 'zpadminq@users.example' })
        ).done
    }
    await readGroups(t, groups)
    await readAccounts(result)
  }
  return result
}

const canaryOf = (index: number) => `zc${String(index).padStart(5, '0')}q`
const canaryLogin = (name: string) => `za${name}q@logins.example`

function renameAll(world: World): void {
  for (const [index] of world.ids.entries()) {
    const canary = canaryOf(index)
    world.name[index] = `${canary} s.r.o.`
    world.email[index] = `office@${canary}.example`
    world.customIdentifier[index] = canary
    world.extras.set(index, {
      vatId: canary,
      description: canary,
      tags: [canary],
      address: { countryCode: 'CZE', state: '', city: canary, streetAddress: canary, zipCode: '60200' },
    })
  }
  for (const user of world.users) user.email = canaryLogin(user.email.split('@')[0] ?? '')
  world.version += 1
}

async function shiftIds({ owner }: TestApp): Promise<void> {
  await owner.query('alter table static_group alter column id restart with 7000001')
  await owner.query('alter table account alter column id restart with 8000001')
  await owner.query('alter table sync_run alter column id restart with 9000001')
  await owner.query(`update app_user set name = 'zpadminq', email = 'zpadminq@users.example'`)
}

async function readGroups({ owner }: TestApp, groups: Map<number, Known>): Promise<void> {
  const { rows } = await owner.query<Known & { name: string }>(
    `select g.id, g.parent_id, g.kind, g.leaf, g.presence, g.setup, g.child_count, g.account_id, c.guid, g.name
     from static_group g left join company c on c.group_id = g.id order by g.id`,
  )
  for (const { name, ...row } of rows) groups.set(row.id, { ...row, canary: name.split(' ')[0] ?? '' })
}

async function readAccounts(world: CanaryWorld): Promise<void> {
  const accounts = await world.t.owner.query<{ id: number; root: number; canary: string; connected: boolean }>(
    `select id, root_group_id as root, split_part(login, '@', 1) as canary, state = 'connected' as connected from account order by id`,
  )
  world.accounts = accounts.rows
  const runs = await world.t.owner.query<{ id: number; accountId: number }>(
    `select id, account_id as "accountId" from sync_run order by id`,
  )
  world.runs = runs.rows
}

/** In every group: a user who lives there, with a grant, and a permission set of that place. */
async function addUsersAndSets({ owner }: TestApp): Promise<void> {
  await owner.query(
    `insert into app_user (id, name, email, home_group_id)
     select 'zu' || id || 'q', 'zu' || id || 'q', 'zu' || id || 'q@users.example', id from static_group`,
  )
  await owner.query(
    `insert into user_grant (user_id, set_id, root_group_id, granted_by)
     select 'zu' || g.id || 'q', s.id, g.id, 'zpadminq@users.example' from static_group g, permission_set s where s.key = 'partner'`,
  )
  await owner.query(
    `insert into permission_set (name, group_id, groups) select 'zs' || id || 'q', id, 'read' from static_group`,
  )
}

async function latestRun({ owner }: TestApp, accountId: number): Promise<number> {
  const { rows } = await owner.query<{ id: number }>('select max(id) as id from sync_run where account_id = $1', [
    accountId,
  ])
  return rows[0]?.id ?? 0
}
