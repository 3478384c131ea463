import { type Account, type AccountHealth, covers, type Run } from '@msp-console/contract'
import { nameAccount, seesAccount } from '../access/scope.ts'
import type { View } from '../access/view.ts'
import { toId } from '../db/ids.ts'

export interface AccountRecord {
  id: number
  /** These are null where the view holds only a part of the account's tree. */
  name: string | null
  base_url: string | null
  login: string | null
  state: Account['state']
  root_group_id: number | null
  root_kind: Account['rootKind']
  calls_per_second: number | null
  companies: number | null
  customers: number | null
  connected_at: string
  disconnected_at: string | null
  last_complete_at: string | null
  interval_seconds: number | null
  next_run_at: string | null
  stale_at: string | null
  cause: string | null
  failures: number
  failing_since: string | null
  failing: boolean
  disabled: boolean
  /** Changes in view wait for a decision. */
  waits: boolean
  can_retry: boolean
}

/**
 * For a view inside the account's tree, the freshness of that part and nothing of the account itself. How it is connected is told
 * to those who may read accounts, its last run to those who may read runs; how fresh it is, to everybody.
 */
export function presentAccount(
  { scope, rights }: Pick<View, 'scope' | 'rights'>,
  row: AccountRecord,
  lastRun: Run | null,
): Account {
  const closed = !covers(rights, 'accounts', 'read')
  const partial = !seesAccount(scope, row.root_group_id)
  return {
    id: toId(row.id),
    name: nameAccount(scope, row),
    partial,
    baseUrl: partial || closed ? null : row.base_url,
    login: partial || closed ? null : row.login,
    state: row.state,
    health: toHealth(row, lastRun),
    degraded: lastRun !== null && lastRun.status !== 'running' && lastRun.complete !== true,
    cause: partial || closed ? null : row.cause,
    failures: partial || closed ? 0 : row.failures,
    failingSince: partial || closed ? null : row.failing_since,
    canRetry: row.can_retry,
    intervalSeconds: partial || closed ? null : row.interval_seconds,
    nextRunAt: row.next_run_at,
    staleAt: row.stale_at,
    rootGroupId: partial ? toId(scope.rootId) : row.root_group_id === null ? null : toId(row.root_group_id),
    rootKind: row.root_kind,
    callsPerSecond: partial || closed ? null : row.calls_per_second,
    companies: row.companies ?? 0,
    customers: row.customers ?? 0,
    connectedAt: row.connected_at,
    disconnectedAt: row.disconnected_at,
    dataAsOf: row.last_complete_at,
    lastRun: covers(rights, 'sync', 'read') ? lastRun : null,
  }
}

/** What stands in its way outweighs what its last run found. */
export function toHealth(
  { state, failing, disabled, waits }: Pick<AccountRecord, 'state' | 'failing' | 'disabled' | 'waits'>,
  lastRun: { status: Run['status'] } | null,
): AccountHealth {
  if (state === 'disconnected') return 'disconnected'
  if (lastRun?.status === 'running') return 'running'
  if (disabled) return 'disabled'
  if (failing) return 'quarantined'
  return waits ? 'held' : 'idle'
}
