// A sync as tests run it: accounts whose secret is the password itself, calls that are tried twice, nothing logged. Also for processes of
// their own, so nothing of the test runner is used here.
import { createEmaClient } from '@msp-console/ema'
import { createSync, type SyncDeps } from './run.ts'

export function createTestSync(deps: Pick<SyncDeps, 'pool' | 'leasePool'> & Partial<SyncDeps>) {
  return createSync({
    openClient: (account, signal) => createEmaClient({ ...account, signal, maxTries: 2 }),
    unseal: (sealed) => sealed.toString(),
    removalGapSeconds: 0,
    log: { info: () => {}, error: () => {} },
    ...deps,
  })
}
