/**
 * Who asks, in the matrix: a list, so that another one is one more entry. What each may do is written here by hand; the code
 * under test is not asked.
 */
import { randomUUID } from 'node:crypto'
import { BuiltInSet, createToken, RIGHT_OBJECTS, type RightObject } from '@msp-console/contract'
import { createUser } from '../access/users.ts'
import { createInScope } from '../db/scoped.ts'
import { ADMIN, forgeCookie, signIn } from '../testing.ts'
import type { CanaryWorld } from './canary-world.ts'

type Level = 'none' | 'read' | 'use' | 'write'
type Levels = Record<RightObject, Level>

export interface Principal {
  name: string
  headers: Record<string, string>
  /** False: no session, or none that counts. */
  live: boolean
  /** Of the view; null = no grants. */
  root: number | null
  levels: Levels
  /** Roots that this one may choose. */
  roots: number[]
  /** The password was given lately. */
  fresh: boolean
  token: boolean
  /** What this one is called. */
  canary: string
}

/** groups, setup, sync, accounts, users, audit; as product says it, not as the table does. */
const SETS: Record<BuiltInSet | 'nothing', string> = {
  administrator: 'wwwwwr',
  mspManager: 'wwwrwr',
  mspAdmin: 'wwunnn',
  partner: 'rrrrnn',
  customerViewer: 'rrnnnn',
  nothing: 'nnnnnn',
}

function toLevels(letters: string): Levels {
  const words: Record<string, Level> = { n: 'none', r: 'read', u: 'use', w: 'write' }
  return Object.fromEntries(RIGHT_OBJECTS.map((object, at) => [object, words[letters[at] ?? 'n']])) as Levels // one per object
}

/** Signed in before the world changes; what `revoke` takes away is taken after it. */
export async function createPrincipals(
  world: CanaryWorld,
): Promise<{ list: Principal[]; revoke: () => Promise<void> }> {
  const { t, idOf, secondRoot } = world
  const make = createMaker(world)
  const nobody = (name: string, headers: Record<string, string>): Principal => ({
    name,
    headers,
    live: false,
    root: null,
    levels: toLevels(SETS.nothing),
    roots: [],
    fresh: false,
    token: false,
    canary: '-',
  })
  const smart = idOf('Chytrá síť s.r.o.')
  const managed = idOf('Jihlavský servis počítačů')
  const manager = idOf('Vysočina IT Group')
  const viewer = await make('customer viewer', 'customerViewer', idOf('Pivovar Ježek a spol.'))
  const stale = await make('administrator, password given long ago', 'administrator', 1)
  const disabled = await make('disabled', 'administrator', 1)
  const expired = await make('expired session', 'administrator', 1)
  const revoked = await make('revoked in mid-session', 'mspManager', manager)
  const ungranted = await make('without grants', 'partner', smart)
  const two = await make('two roots, on the first', 'mspAdmin', smart)
  const list: Principal[] = [
    nobody('anonymous', {}),
    nobody('forged cookie', { cookie: forgeCookie('msp_console', randomUUID()) }),
    { ...disabled, live: false },
    { ...expired, live: false },
    viewer,
    await make('MSP admin', 'mspAdmin', smart),
    await make('MSP admin who received', 'mspAdmin', idOf('North Wind Support Ltd')),
    await make('managed-MSP admin', 'mspAdmin', managed),
    await make('MSP manager', 'mspManager', manager),
    await make('partner of a division', 'partner', idOf('Divize Morava')),
    await make('distributor', 'partner', idOf('Demo Distribution s.r.o.')),
    await make('administrator of a subtree', 'administrator', manager),
    await make('administrator', 'administrator', 1),
    // Sets that no built-in one is like: each holds what another lacks.
    await make('own set: users only', 'rnnnwn', manager),
    await make('own set: audit only', 'nnnnnr', manager),
    await make('own set: users, without the tree', 'nnuwwn', 1),
    await make('own set: runs without accounts', 'rnrnrr', 1),
    { ...stale, fresh: false },
    { ...two, roots: [smart, secondRoot] },
    {
      ...two,
      name: 'two roots, on the second',
      headers: { ...two.headers, 'x-msp-root': String(secondRoot) },
      root: secondRoot,
      roots: [smart, secondRoot],
      levels: toLevels(SETS.partner),
    },
    { ...ungranted, root: null, roots: [], levels: toLevels(SETS.nothing) },
    { ...revoked, root: null, roots: [], levels: toLevels(SETS.nothing) },
  ]
  const grant = `insert into user_grant (user_id, set_id, root_group_id)
    select u.id, s.id, $2 from app_user u, permission_set s where u.name = $1 and s.key = 'partner'`
  await t.owner.query(grant, [two.canary, secondRoot])
  await t.owner.query('delete from user_grant where user_id = (select id from app_user where name = $1)', [
    ungranted.canary,
  ])
  list.push(...(await createTokens(world, smart)))
  return {
    list,
    async revoke() {
      const of = '(select id from app_user where name = $1)'
      await t.owner.query(`update app_user set disabled_at = now() where id = ${of}`, [disabled.canary])
      await t.owner.query(`update user_session set expires_at = now() - interval '1 s' where user_id = ${of}`, [
        expired.canary,
      ])
      await t.owner.query(`delete from user_grant where user_id = ${of}`, [revoked.canary])
      await t.owner.query(`update user_session set confirmed_at = now() - interval '11 min' where user_id = ${of}`, [
        stale.canary,
      ])
    },
  }
}

function createMaker({ t }: CanaryWorld, from = 0) {
  let made = from
  /** @param given key of a built-in set, or the letters of one that is made for it */
  return async (name: string, given: BuiltInSet | (string & {}), root: number): Promise<Principal> => {
    made += 1
    const canary = `zp${String(made).padStart(4, '0')}q`
    const user = { name: canary, email: `${canary}@users.example`, password: ADMIN.password }
    const set = isBuiltIn(given) ? given : 'customerViewer'
    const isNew = await createInScope(t.pools.identity)({ path: '/1/' }, (db) =>
      createUser(db, { ...user, set, homeGroupId: root }),
    )
    if (!isNew) throw new Error(`${canary} is there already`)
    if (set !== given) await giveOwnSet(t.owner, canary, given, root)
    const headers = { cookie: await signIn(t.app, user) }
    return {
      name,
      headers,
      live: true,
      root,
      levels: toLevels(isBuiltIn(given) ? SETS[given] : given),
      roots: [root],
      fresh: true,
      token: false,
      canary,
    }
  }
}

function isBuiltIn(given: string): given is BuiltInSet {
  return BuiltInSet.safeParse(given).success
}

/** The set lives where the user does; its name says so. */
async function giveOwnSet(owner: CanaryWorld['t']['owner'], canary: string, letters: string, root: number) {
  const levels = toLevels(letters)
  const values = RIGHT_OBJECTS.map((object) => `'${levels[object]}'`).join(', ')
  await owner.query(
    `with made as (
       insert into permission_set (name, group_id, ${RIGHT_OBJECTS.join(', ')})
       values ('zs' || $2::int || 'q of ' || $1::text, $2, ${values}) returning id)
     update user_grant x set set_id = made.id from made, app_user u where u.id = x.user_id and u.name = $1`,
    [canary, root],
  )
}

/** Once tokens are served: one that reads and one that writes, of an MSP admin. */
async function createTokens(world: CanaryWorld, root: number): Promise<Principal[]> {
  if (!world.t.app.hasRoute({ method: 'POST', url: '/api/v1/profile/tokens' })) return []
  const owner = await createMaker(world, 900)('owner of tokens', 'mspAdmin', root)
  const make = async (name: string, letters: string, effective: string): Promise<Principal> => {
    const body = { name, rootId: String(root), rights: toLevels(letters), days: 1 }
    const { secret } = await world.t.act(owner.headers).call(createToken, { body })
    const headers = { authorization: `Bearer ${secret}` }
    return { ...owner, name, headers, levels: toLevels(effective), fresh: false, token: true }
  }
  return [await make('read token', 'rrrnnn', 'rrrnnn'), await make('write token', 'wwunnn', 'wwunnn')]
}
