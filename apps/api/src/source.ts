/**
 * EMA 2 as the source of this console: how a client is opened and how a login is tried. The one place that knows both the
 * client and what the rooms ask for; another source would be a second file like this.
 */
import { createEmaClient, type EmaClient, EmaError, listCompanies } from '@msp-console/ema'
import type { AllowedSources } from './accounts/address.ts'
import { type Probe, type Probed, SourceFailure } from './accounts/source.ts'
import { createPinned } from './pinned.ts'

interface OpenAccount {
  baseUrl: string
  login: string
  password: string
  /** Null = unpaced. */
  callsPerSecond: number | null
}

export interface Source {
  openClient: (account: OpenAccount, signal: AbortSignal) => EmaClient
  probe: Probe
}

/** @param allowed what may be asked; each connection is held to it, also for accounts saved before */
export function createSource(allowed: AllowedSources): Source {
  const transport = createPinned(allowed)
  return {
    openClient({ baseUrl, login, password, callsPerSecond }, signal) {
      return createEmaClient({ baseUrl, login, password, callsPerSecond, signal, transport })
    },
    probe: (credentials, signal) =>
      probe(createEmaClient({ ...credentials, callsPerSecond: null, signal, maxTries: 1, transport })),
  }
}

/** Three calls, each tried once: somebody is waiting for the answer. */
async function probe(client: EmaClient): Promise<Probed> {
  try {
    const { company } = await client.currentUser()
    const [strategy, { totalCount }] = await Promise.all([readStrategy(client), client.searchCompanies({}, 0, 1)])
    const { guid, name, typeCode } = company
    return { companyName: name ?? guid, companyGuid: guid, typeCode, visible: totalCount, strategy }
  } catch (error) {
    throw error instanceof EmaError ? new SourceFailure(toFailure(error), error) : error
  }
}

/** The listing says first how it is going to list; there it stops. */
async function readStrategy(client: EmaClient): Promise<Probed['strategy']> {
  for await (const item of listCompanies(client)) {
    if (item.kind === 'root') return item.strategy === 'flat' ? 'flat' : 'breadthFirst'
    if (item.kind === 'summary' && item.summary.reason?.error) throw item.summary.reason.error
  }
  return 'breadthFirst'
}

function toFailure({ kind, status, path }: EmaError): SourceFailure['kind'] {
  if (kind === 'unreachable' || kind === 'timeout' || kind === 'aborted') return 'unreachable'
  if (kind === 'address-refused') return 'refused'
  // EMA documents 401 for wrong credentials; a client in the field also met 400 at sign-in.
  return kind === 'unauthorized' || (status === 400 && path === '/Token/Get') ? 'rejected' : 'error'
}
