// Connecting: the source has to accept the login first, then the account is saved. Starting the sync is the caller's.
import type { Scope } from '../access/scope.ts'
import type { InScope } from '../db/scoped.ts'
import type { Db } from '../db/tx.ts'
import { ProblemError } from '../http/problem.ts'
import { type AllowedSources, toAllowedOrigin } from './address.ts'
import { findKnown, saveAccount } from './queries.ts'
import { type Probe, probeSource, type SourceCredentials } from './source.ts'

export interface ConnectDeps {
  inScope: InScope
  probe: Probe
  /** Seals a password to an account's row. */
  sealPassword: (accountId: number, password: string) => Buffer
  allowedSources: AllowedSources
}

/** @throws ProblemError `address-not-allowed` */
export function toSource(deps: Pick<ConnectDeps, 'allowedSources'>, given: SourceCredentials): SourceCredentials {
  return { ...given, baseUrl: toAllowedOrigin(given.baseUrl, deps.allowedSources) }
}

/**
 * @param callsPerSecond null = unpaced
 * @param record told inside the transaction, with the account's name
 * @returns the account's id, of a new row or of the one that this login had before
 * @throws ProblemError `account-exists`, `address-not-allowed`, `source-…`
 */
export async function connect(
  deps: ConnectDeps,
  scope: Scope,
  given: SourceCredentials,
  callsPerSecond: number | null,
  record: (db: Db, name: string) => Promise<void> = async () => {},
): Promise<number> {
  const source = toSource(deps, given)
  const known = await deps.inScope(scope, (db) => findKnown(db, source.baseUrl, source.login))
  if (known?.state === 'connected') throw alreadyConnected()
  const { companyName: name, companyGuid } = await probeSource(deps.probe, source)
  const { baseUrl, login } = source
  const account = { baseUrl, login, name, companyGuid, callsPerSecond }
  const id = await deps.inScope(scope, async (db) => {
    const saved = await saveAccount(db, account, (own) => deps.sealPassword(own, source.password))
    if (saved !== null) await record(db, name)
    return saved
  })
  if (id === null) throw alreadyConnected()
  return id
}

function alreadyConnected(): ProblemError {
  return new ProblemError('account-exists', 'This login is connected; disconnect it first to change its password.')
}
