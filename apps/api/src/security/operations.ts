/**
 * For each operation of the contract the requests that try it on a target, and what comes of them for somebody who may. An
 * operation that is not in this table fails the matrix. Requests that would change something are built so that they change
 * nothing: the value that is there already, a wrong password, or not sent to whom they would obey.
 */
import type { CanaryWorld } from './canary-world.ts'
import type { Principal } from './principals.ts'
import { sees, type Target, UNKNOWN } from './relations.ts'

export interface Request {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
  /** Whether what it names is in view. */
  seen: boolean
  malformed?: boolean
  /** Code for who may and sees; default: success. `any`: the room's own tests say what. */
  outcome?: string
  /** What a reader gets for what is not in view; default `not-found`. `empty`: success that holds nothing of it. `any`: the same for all. */
  unseen?: 'not-found' | 'empty' | 'any'
}

interface At {
  world: CanaryWorld
  who: Principal
  target: Target
  /** Who may do it there, and would be obeyed. */
  obeyed: boolean
}

type Build = (at: At) => Request[]

/** Asked once for each principal, at their own root. */
function once(...requests: Omit<Request, 'seen'>[]): Build {
  return ({ target }) => (target.relation === 'own root' ? requests.map((request) => ({ seen: true, ...request })) : [])
}

/** In any of the views that this one may choose. */
const seenByAnyRoot = ({ world, who, target }: At) =>
  target.group !== null && [who.root, ...who.roots].some((root) => sees(world, root, target.group?.id ?? 0))

const seenBy = ({ world, who, target }: At) => target.group !== null && sees(world, who.root, target.group.id)

/** The group in the path by id, and by GUID where it has one. */
const byGroup: Build = (at) => {
  const { world, who, target } = at
  const guid = target.group?.guid
  const byGuid = [...world.groups.values()].some((group) => group.guid === guid && sees(world, who.root, group.id))
  return [
    { params: { id: target.id }, seen: seenBy(at), malformed: target.malformed },
    ...(guid ? [{ params: { id: guid }, seen: byGuid }] : []),
    ...(target.relation === 'unknown' ? [{ params: { id: '00000000-0000-4000-8000-00000000dead' }, seen: false }] : []),
  ]
}

const byAccount =
  (outcome: (account: { connected: boolean; root: number }) => Partial<Request>): Build =>
  (at) => {
    const { world, who } = at
    if (at.target.relation !== 'own root') return []
    const visible = (root: number) => sees(world, who.root, root) || (who.root !== null && sees(world, root, who.root))
    return [
      ...world.accounts.map((account) => ({
        params: { id: String(account.id) },
        seen: visible(account.root),
        ...outcome(account),
      })),
      { params: { id: '8000999' }, seen: false, ...outcome({ connected: true, root: 0 }) },
      { params: { id: 'x!' }, seen: false, malformed: true },
    ]
  }

const byRun: Build = (at) => {
  const { world, who } = at
  if (at.target.relation !== 'own root') return []
  const visible = (root = -1) => sees(world, who.root, root) || (who.root !== null && sees(world, root, who.root))
  const rootOf = (id: number) => world.accounts.find((account) => account.id === id)?.root
  return [
    ...world.runs.map(({ id, accountId }) => ({ params: { id: String(id) }, seen: visible(rootOf(accountId)) })),
    { params: { id: '9000999' }, seen: false },
    { params: { id: 'x!' }, seen: false, malformed: true },
  ]
}

/** The user or set that lives at the target. `body`: never sent where it would be obeyed. */
const byResident =
  (idOf: (group: number) => string | null, more: Partial<Request> = {}, writes = false): Build =>
  (at) => {
    const { target, obeyed } = at
    const id = target.malformed ? 'x!' : idOf(target.group?.id ?? Number(UNKNOWN))
    const seen = seenBy(at)
    if (id === null || (writes && obeyed && seen)) return []
    return [{ params: { id }, seen, malformed: target.malformed, outcome: 'any', ...more }]
  }

const userAt = (group: number) => `zu${group}q`
const wrong = { password: 'wrong-Password-1' }
const CREDENTIALS = { login: 'zanobodyq@logins.example', ...wrong }
const SOURCE = ({ world }: At) => ({ baseUrl: world.mockUrl, ...CREDENTIALS })
const whole = (root: number | null) => root === 1

/** Sets by group are found by the caller of this table: their ids are numbers without a meaning. */
export function createBuilders(setAt: (group: number) => string | null): Record<string, Build> {
  const credentials: Build = (at) => {
    if (at.target.relation !== 'own root') return []
    return [{ body: SOURCE(at), seen: true, outcome: whole(at.who.root) ? 'source-rejected-credentials' : 'forbidden' }]
  }
  return {
    getSession: once({}),
    createFirstUser: once({
      body: { token: 'wrong', name: 'x', email: 'x@users.example', ...wrong },
      outcome: 'setup-link-invalid',
    }),
    confirmSession: once({ body: wrong, outcome: 'any' }),
    explainOwnAccess: (at) => [
      {
        query: { group: at.target.id },
        seen: seenByAnyRoot(at),
        malformed: at.target.malformed,
        outcome: 'any',
        unseen: 'any',
      },
    ],
    getGroup: byGroup,
    listChildren: byGroup,
    listGroupEvents: byGroup,
    searchGroups: (at) => {
      const { group, id, malformed } = at.target
      if (malformed) return []
      const words = group === null ? [id] : [id, group.canary, ...(group.guid === null ? [] : [group.guid])]
      return words.map((q) => ({ query: { q }, seen: true, unseen: 'empty' }))
    },
    getTree: (at) => [
      { query: { part: 'opened', open: at.target.id }, seen: true, malformed: at.target.malformed },
      ...(at.target.relation === 'own root'
        ? [
            { query: { part: 'inner' }, seen: true },
            { query: { part: 'customers' }, seen: true },
          ]
        : []),
    ],
    listCustomers: (at) => [
      { query: { under: at.target.id, limit: '200' }, seen: seenBy(at), malformed: at.target.malformed },
      ...(at.target.group === null ? [] : [{ query: { q: at.target.group.canary }, seen: true }]),
      ...(at.target.relation === 'own root'
        ? [
            { query: { limit: '200' }, seen: true },
            { query: { account: '8000002' }, seen: true },
          ]
        : []),
    ],
    exportCustomers: (at) => [
      { query: { under: at.target.id }, seen: seenBy(at), malformed: at.target.malformed },
      ...(at.target.group === null ? [] : [{ query: { q: at.target.group.canary }, seen: true }]),
    ],
    putSetup: (at) => [
      {
        params: { id: at.target.id },
        body: { state: at.target.group?.setup ?? 'none' },
        seen: seenBy(at),
        malformed: at.target.malformed,
        ...(at.target.group?.leaf === false ? { outcome: 'not-a-customer' } : {}),
      },
    ],
    changeSetup: (at) => {
      const { id, group, malformed } = at.target
      const same = { seen: seenBy(at), malformed }
      return [
        {
          ...same,
          body: { state: group?.setup ?? 'none', ids: [id] },
          ...(group?.leaf === false ? { outcome: 'not-a-customer' } : {}),
        },
        { ...same, body: { state: 'none', filter: { under: id, setup: 'none' } } },
      ]
    },
    listAccounts: once({}),
    testAccount: credentials,
    connectAccount: credentials,
    previewDisconnect: (at) => byAccount(() => (whole(at.who.root) ? {} : { outcome: 'forbidden', unseen: 'any' }))(at),
    disconnectAccount: (at) =>
      byAccount(() =>
        whole(at.who.root) ? { outcome: 'account-disconnected' } : { outcome: 'forbidden', unseen: 'any' },
      )(at).filter(
        ({ params }) =>
          !(
            at.obeyed &&
            whole(at.who.root) &&
            at.world.accounts.some(({ id, connected }) => connected && String(id) === params?.['id'])
          ),
      ),
    setAccountSchedule: (at) =>
      byAccount(({ connected }) => ({
        body: { intervalSeconds: 900 },
        ...(whole(at.who.root)
          ? connected
            ? {}
            : { outcome: 'account-disconnected' }
          : { outcome: 'forbidden', unseen: 'any' }),
      }))(at),
    changeAccountPassword: (at) =>
      byAccount(({ connected }) => ({
        body: wrong,
        ...(whole(at.who.root)
          ? { outcome: connected ? 'source-rejected-credentials' : 'account-disconnected' }
          : { outcome: 'forbidden', unseen: 'any' }),
      }))(at),
    listAccountEvents: (at) =>
      byAccount(({ root }) => (sees(at.world, at.who.root, root) ? {} : { outcome: 'not-found' }))(at),
    startRun: byAccount(({ connected }) => (connected ? {} : { outcome: 'account-disconnected' })),
    listRuns: once({}, { query: { account: '8000002' } }, { query: { account: '8000999' } }),
    getRun: byRun,
    listRunChanges: (at) => byRun(at).map((request) => ({ ...request, query: { limit: '200' } })),
    getOverview: once({}),
    listUsers: once({ query: { limit: '200' } }, { query: { q: 'zu70' } }),
    getUser: byResident(userAt),
    createUser: (at) =>
      at.obeyed && seenBy(at)
        ? []
        : [
            {
              body: { name: 'New', email: 'zumadeq@users.example', homeGroupId: at.target.id, grants: [] },
              seen: seenBy(at),
              malformed: at.target.malformed,
              outcome: 'any',
              unseen: 'any',
            },
          ],
    updateUser: (at) =>
      byResident(
        userAt,
        { body: { name: 'Other', homeGroupId: String(at.who.root ?? 1), disabled: false, grants: [] } },
        true,
      )(at),
    deleteUser: byResident(userAt, {}, true),
    createUserLink: byResident(userAt, {}, true),
    endUserSessions: byResident(userAt, {}, true),
    explainAccess: (at) =>
      byResident(userAt, { query: { group: at.target.malformed ? '1' : at.target.id }, unseen: 'any' })(at),
    listSets: once({}),
    createSet: once({ body: { name: '', rights: {} }, malformed: true }),
    updateSet: byResident(setAt, { body: { name: 'Other', rights: NOTHING } }, true),
    deleteSet: byResident(setAt, {}, true),
    changePassword: once({ body: { current: wrong.password, next: 'another-Password-1' }, outcome: 'any' }),
    listSessions: once({ outcome: 'any' }),
    endSession: (at) =>
      at.target.relation === 'own root' ? [{ params: { id: 'foreign-session' }, seen: false, unseen: 'any' }] : [],
    startTwoFactor: once({ body: wrong, outcome: 'any' }),
    confirmTwoFactor: once({ body: { code: '000000' }, outcome: 'any' }),
    endTwoFactor: once({ body: wrong, outcome: 'any' }),
    listTokens: once({ outcome: 'any' }),
    createToken: (at) =>
      seenByAnyRoot(at)
        ? []
        : [
            {
              body: { name: 'x', rootId: at.target.id, rights: NOTHING, days: 1 },
              seen: false,
              unseen: 'any',
              malformed: at.target.malformed,
            },
          ],
    revokeToken: once({ params: { id: '999' }, outcome: 'any' }),
    inspectLink: once({ body: { token: 'x'.repeat(43) }, outcome: 'any' }),
    useLink: once({ body: { token: 'x'.repeat(43), ...wrong }, outcome: 'any' }),
    listAudit: once({ query: { limit: '200' } }, { query: { q: 'z' } }),
    exportAudit: once({}),
  }
}

const NOTHING = { groups: 'none', setup: 'none', sync: 'none', accounts: 'none', users: 'none', audit: 'none' }
