import { type Completeness, type EmaClient, listCompanies, listCompany } from '@msp-console/ema'
import type { ClientBase } from 'pg'
import type { Progress } from './lease.ts'
import { createStaging } from './staging.ts'

// Source → staging. Pages stream into COPY while the next ones are being fetched; nothing of an account is held here.

export interface Listing {
  /** The account's own company; null when not even that could be asked. */
  rootGuid: string | null
  summary: Completeness
}

/** The login was moved: its listing is not the listing of the tree that this account mirrors. */
export class OtherCompany extends Error {
  override readonly name = 'OtherCompany'
}

/**
 * @param companyGuid where the account stands
 * @param progress updated in place as pages arrive
 * @throws OtherCompany before anything is listed
 */
export async function listIntoStaging(
  client: ClientBase,
  source: EmaClient,
  companyGuid: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<Listing> {
  const staging = await createStaging(client, companyGuid)
  let rootGuid: string | null = null
  const onProgress = (seen: { listed: number; totalCount: number | null; calls: number }) => {
    progress.listed = seen.listed
    progress.expected = seen.totalCount
    progress.calls = seen.calls
  }
  for await (const item of listCompanies(source, { signal, onProgress })) {
    if (item.kind === 'root') {
      if (item.guid !== companyGuid) {
        throw new OtherCompany(
          `This login stands at the company ${item.guid} in EMA now; the account was connected when it stood at ${companyGuid}. Nothing was applied. If the login was moved on purpose, disconnect this account and connect it anew; otherwise have it moved back.`,
        )
      }
      rootGuid = item.guid
      progress.strategy = item.strategy === 'flat' ? 'flat' : 'breadthFirst'
    } else if (item.kind === 'companies') await staging.addCompanies(item.companies, item.rejected)
    else if (item.kind === 'extras') {
      await staging.addExtras(item.extras)
      // Of companies that only the search shows this is the only sign of life.
      await staging.addCompanies([], item.rejected)
    } else {
      await staging.close(item.summary.passes)
      onProgress(item.summary)
      return { rootGuid, summary: item.summary }
    }
  }
  throw new Error('a listing ends with its summary')
}

/** One company and what is below it. A company that EMA does not show leaves the staging tables empty. */
export async function listOneIntoStaging(
  client: ClientBase,
  source: EmaClient,
  guid: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<Completeness> {
  const staging = await createStaging(client, null)
  progress.strategy = 'breadthFirst'
  const onProgress = (seen: { listed: number; calls: number }) => {
    progress.listed = seen.listed
    progress.calls = seen.calls
  }
  for await (const item of listCompany(source, guid, { signal, onProgress })) {
    if (item.kind === 'companies') await staging.addCompanies(item.companies, item.rejected)
    else if (item.kind === 'summary') {
      await staging.close()
      onProgress(item.summary)
      return item.summary
    }
  }
  throw new Error('a listing ends with its summary')
}
