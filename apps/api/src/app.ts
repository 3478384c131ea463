/**
 * Puts the server together from its parts: limits first, then who is asking, then the rooms. It decides nothing itself.
 * Rooms never import each other; what one needs of another is passed here as an argument.
 */
import * as contract from '@msp-console/contract'
import type { Endpoint } from '@msp-console/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { createAttempts } from './access/attempts.ts'
import type { Auth } from './access/auth.ts'
import { createLink } from './access/links.ts'
import { type Instance, serveSession } from './access/routes.ts'
import type { Seal } from './access/seal.ts'
import { createSecondFactor, findTwoFactor } from './access/second-factor.ts'
import { createRecheck, type GuardDeps, guardRoutes } from './access/session.ts'
import { serveSetup } from './access/setup-link.ts'
import { serveSignIn } from './access/sign-in.ts'
import { createFindToken } from './access/tokens.ts'
import { auditSignIns } from './access/sign-in-audit.ts'
import { serveAudit } from './audit/routes.ts'
import { setIdKey } from './http/hidden.ts'
import type { Pools } from './db/pools.ts'
import { serveRehearsals } from './demo/rehearsals.ts'
import { createInScope } from './db/scoped.ts'
import { readGauges } from './gauges.ts'
import { findCompany, serveRemoval } from './groups/removal.ts'
import { serveGroups } from './groups/routes.ts'
import { type AccountDeps, createListAccounts, serveAccounts } from './accounts/routes.ts'
import { listNewest, serveCustomers } from './customers/routes.ts'
import { serveConsole } from './http/console.ts'
import { serveDocs } from './http/docs.ts'
import { findAllowed } from './http/errors.ts'
import { serveHealth } from './http/health.ts'
import type { Log } from './http/logger.ts'
import { createMetrics } from './http/metrics.ts'
import { toOpenApi } from './http/openapi.ts'
import { ProblemError } from './http/problem.ts'
import { createServer } from './http/server.ts'
import { limitPerUser } from './http/user-limit.ts'
import { serveIdentity } from './identity/routes.ts'
import { serveLive } from './live/routes.ts'
import { serveOverview } from './overview/routes.ts'
import { type PlanDeps, servePlans } from './plans/routes.ts'
import { findAccountState, getRunRow, listLatestRuns } from './runs/queries.ts'
import { serveRuns } from './runs/routes.ts'
import { notePassword, changeInterval } from './schedule/book.ts'
import { PasswordRefused } from './sync/lease.ts'
import { readGeneration } from './tree/generation.ts'
import { serveTree } from './tree/routes.ts'
import { serveUsers } from './users/routes.ts'

type StartSync = (
  accountId: number,
  by: { trigger: 'connect' | 'manual'; startedBy: string; preview?: boolean; companyId?: number },
) => Promise<{ started: boolean; runId: number }>

export interface AppDeps extends Pick<AccountDeps, 'probe' | 'sealPassword' | 'allowedSources'> {
  startSync: StartSync
  /** Approves or rejects what a plan holds. */
  decide: PlanDeps['decide']
  pools: Pick<Pools, 'app' | 'identity' | 'listener'>
  auth: Auth
  instance: Instance
  secretKey: Buffer
  seal: Pick<Seal, 'seal' | 'unseal'>
  publicUrl: string | undefined
  rateLimitPerMinute: number
  userRateLimitPerMinute: number
  /** Customers in view above which the tree gives them by page. */
  wholeTreeMost: number
  /** Who may say for whom a request is: addresses, ranges or `loopback`. */
  trustedProxies: readonly string[]
  log: Log
  /** Folder of the built console. */
  webRoot: string
  /** Why the server is not ready, or null. */
  notReady: () => string | null
}

/** Everything the contract declares; a test asks for each one of them. */
export const ENDPOINTS: readonly Endpoint[] = Object.values<unknown>(contract).filter(isEndpoint)

export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  setIdKey(deps.secretKey)
  const { auth, pools } = deps
  const metrics = createMetrics()
  const describeCaller = ({ signedIn, caller }: FastifyRequest) => ({
    user: signedIn?.id,
    root: caller?.view.scope.rootId,
  })
  const app = await createServer({ ...deps, metrics, describeCaller })
  app.addHook('onClose', async () => metrics.stop())
  const inScope = createInScope(pools.app)
  const guard: GuardDeps = { pool: pools.app, inScope, keys: auth, findToken: createFindToken(pools.app) }
  guardRoutes(app, guard)
  limitPerUser(app, { perMinute: deps.userRateLimitPerMinute, userOf: ({ signedIn }) => signedIn?.id })
  serveHealth(app, {
    pool: pools.app,
    metrics,
    notReady: deps.notReady,
    readGauges: async () => ({ ...(await readGauges(inScope)), msp_console_pool_waiting: pools.app.waitingCount }),
    seesEverything: ({ caller }) => caller?.view.scope.rootId === 1 && caller.preview === null,
  })
  auditSignIns(app, pools.identity, ENDPOINTS)
  const attempts = createAttempts(pools.identity, deps.secretKey)
  const secondFactor = createSecondFactor({ seal: deps.seal, attempts })
  serveSignIn(app, { auth, identity: pools.identity, attempts, secondFactor })
  serveIdentity(app, { identity: pools.identity, attempts, secondFactor })
  serveSession(app, pools.app, deps.instance)
  serveSetup(app, pools.identity, deps.secretKey)
  serveRooms(app, deps, guard)
  await serveDocs(app, toOpenApi(ENDPOINTS, { version: deps.instance.version, cookieName: auth.cookieName }))
  answerUnknownPaths(app, await serveConsole(app, deps.webRoot))
  return app
}

function serveRooms(app: FastifyInstance, deps: AppDeps, guard: GuardDeps): void {
  const { inScope } = guard
  const start = (trigger: 'connect' | 'manual') => (accountId: number, startedBy: string) =>
    deps.startSync(accountId, { trigger, startedBy }).catch((error: unknown) => {
      if (!(error instanceof PasswordRefused)) throw error
      throw new ProblemError('password-refused', 'Enter the new password of this account first.', { cause: error })
    })
  const book = { changeInterval, notePassword }
  const accounts = { ...deps, inScope, book, latestRuns: listLatestRuns, startSync: start('connect') }
  serveGroups(app, inScope)
  serveRemoval(app, inScope)
  serveTree(app, { inScope, seal: deps.seal, wholeTreeMost: deps.wholeTreeMost })
  serveCustomers(app, inScope)
  serveAccounts(app, accounts)
  serveRuns(app, { inScope, startSync: start('manual') })
  servePlans(app, {
    inScope,
    readRun: getRunRow,
    findAccountState,
    findGroup: findCompany,
    startSync: (accountId, by) => deps.startSync(accountId, { trigger: 'manual', ...by }),
    decide: deps.decide,
  })
  serveOverview(app, { inScope, listAccounts: createListAccounts(accounts), listNewest })
  serveAudit(app, inScope)
  serveRehearsals(app, inScope, deps.instance.demoSource)
  serveUsers(app, { inScope, createLink, findTwoFactor, baseUrl: deps.auth.baseUrl })
  const { listener } = deps.pools
  serveLive(app, { inScope, listener, readGeneration, readRun: getRunRow, recheck: createRecheck(guard) })
}

/** Below /api a problem; elsewhere the console, whose router has its own page for what does not exist. */
function answerUnknownPaths(app: FastifyInstance, sendIndex: Awaited<ReturnType<typeof serveConsole>>): void {
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    const isPage = request.method === 'GET' && !/^\/(api|assets)\//.test(path) && !/\.[a-z0-9]+$/i.test(path)
    if (isPage) return sendIndex(reply)
    const allowed = findAllowed(ENDPOINTS, path)
    if (allowed === undefined) throw new ProblemError('not-found', 'There is nothing at this address.')
    void reply.header('allow', allowed)
    throw new ProblemError('method-not-allowed', `Here is ${allowed} only.`)
  })
}

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'response' in value
}
