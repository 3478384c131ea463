import type { Account, AccountHealth, Run } from '@msp-console/contract'
import { toId } from '../db/ids.ts'

export interface AccountRecord {
  id: number
  name: string
  base_url: string
  login: string
  state: Account['state']
  root_group_id: number | null
  root_kind: Account['rootKind']
  calls_per_second: number | null
  companies: number | null
  customers: number | null
  connected_at: string
  disconnected_at: string | null
  last_complete_at: string | null
}

export function presentAccount(row: AccountRecord, lastRun: Run | null): Account {
  return {
    id: toId(row.id),
    name: row.name,
    baseUrl: row.base_url,
    login: row.login,
    state: row.state,
    health: toHealth(row.state, lastRun),
    rootGroupId: row.root_group_id === null ? null : toId(row.root_group_id),
    rootKind: row.root_kind,
    callsPerSecond: row.calls_per_second,
    companies: row.companies ?? 0,
    customers: row.customers ?? 0,
    connectedAt: row.connected_at,
    disconnectedAt: row.disconnected_at,
    dataAsOf: row.last_complete_at,
    lastRun,
  }
}

/** What the last run says about the account; a run that failed or was cut off outweighs what it had listed. */
export function toHealth(
  state: Account['state'],
  lastRun: Pick<Run, 'status' | 'complete' | 'counts'> | null,
): AccountHealth {
  if (state === 'disconnected') return 'disconnected'
  if (lastRun === null) return 'neverSynced'
  if (lastRun.status === 'running') return 'running'
  if (lastRun.status !== 'succeeded') return 'failed'
  if (lastRun.complete !== true) return 'incomplete'
  return lastRun.counts.held > 0 ? 'held' : 'synchronised'
}
