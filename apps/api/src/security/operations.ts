/**
 * For each operation of the contract the requests that try it on a target, and what comes of them for somebody who may. An
 * operation that is not in this table fails the matrix. Requests that would change something are built so that they change
 * nothing: the value that is there already, a wrong password, or not sent to whom they would obey.
 */
import { NO_RIGHTS } from '@msp-console/contract'
import { toHiddenId } from '../http/hidden.ts'
import {
  type At,
  type Build,
  once,
  seenByAnyRoot,
  seenBy,
  byGroup,
  byAccount,
  byRun,
  byPlan,
  byDecision,
  byDeletion,
  byCompany,
  byResident,
} from './by-target.ts'
import { sees } from './relations.ts'

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
    // Since before everything was changed: all that is told then is searched for foreign bytes.
    getTreeChanges: (at) => once({ query: { since: at.world.since } }, { query: { since: 'x' } })(at),
    listTreeCustomers: (at) => [
      {
        query: { of: at.target.id },
        seen: seenBy(at),
        malformed: at.target.malformed,
        ...(at.target.group?.leaf === true ? { outcome: 'not-found' } : {}),
      },
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
    listPlan: byPlan,
    exportPlan: byRun,
    listHolds: once({}),
    approveRun: byDecision,
    rejectRun: byDecision,
    previewRun: byAccount(({ connected }) => (connected ? {} : { outcome: 'account-disconnected' })),
    syncCompany: byCompany,
    getRemoval: byGroup,
    deleteGroup: byDeletion,
    listRehearsals: once({ outcome: 'not-found' }),
    startRehearsal: once({ body: { name: 'restore' }, outcome: 'not-found' }),
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
    endUserTwoFactor: byResident(userAt, {}, true),
    listUserTokens: byResident(userAt),
    revokeUserTokens: byResident(userAt, {}, true),
    revokeUserToken: (at) =>
      byResident(
        userAt,
        {},
        true,
      )(at).map((request) => ({
        ...request,
        params: { ...request.params, token: at.target.malformed ? 'x!' : toHiddenId('token', 999) },
      })),
    explainAccess: (at) =>
      byResident(userAt, { query: { group: at.target.malformed ? '1' : at.target.id }, unseen: 'any' })(at),
    listSets: once({}),
    createSet: once({ body: { name: '', rights: {} }, malformed: true }),
    updateSet: byResident(setAt, { body: { name: 'Other', rights: NO_RIGHTS } }, true),
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
              body: { name: 'x', rootId: at.target.id, rights: NO_RIGHTS, days: 1 },
              seen: false,
              unseen: 'any',
              malformed: at.target.malformed,
            },
          ],
    revokeToken: once({ params: { id: toHiddenId('token', 999) }, outcome: 'any' }),
    inspectLink: once({ body: { token: 'x'.repeat(43) }, outcome: 'any' }),
    useLink: once({ body: { token: 'x'.repeat(43), ...wrong }, outcome: 'any' }),
    listAudit: once({ query: { limit: '200' } }, { query: { q: 'z' } }),
    exportAudit: once({}),
  }
}
