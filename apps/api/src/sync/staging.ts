import { toKind, toSourceStatus } from '@msp-console/contract'
import type { CompanyExtras, ListedCompany, RejectedRow } from '@msp-console/ema'
import type { ClientBase } from 'pg'
import { copyIn, toCopyLine } from './copy.ts'

// One listing, held in temporary tables of the run's own session. They write no WAL and die with the session, so that a
// listing cut short by a crash can never be taken for a complete one (docs/decisions/002-staging-is-temporary.md).

/** In SQL, NULL = unknown and '' = known to be empty; the connector says `undefined` and `null`. */
const TABLES = `
  create temp table staging (
    guid uuid not null, parent_guid uuid, kind group_kind, name text collate msp_name, type_code int, status_code int,
    source_status source_status, email text, vat_id text, custom_identifier text, description text,
    -- Everything the source said of a company in one number: the same answer gives the same number in every run.
    hash bigint generated always as (hashtextextended(
      coalesce(parent_guid::text, '') || E'\\x01' || (name collate "C") || E'\\x01' || coalesce(type_code::text, '') || E'\\x01' ||
      coalesce(status_code::text, '') || E'\\x01' || coalesce(email, E'\\x02') || E'\\x01' || coalesce(vat_id, E'\\x02') ||
      E'\\x01' || coalesce(custom_identifier, E'\\x02') || E'\\x01' || coalesce(description, E'\\x02'), 0)) stored);
  create temp table staging_extra (
    guid uuid not null, email text, vat_id text, custom_identifier text, description text);
`
const COMPANIES = `copy staging (guid, parent_guid, kind, name, type_code, status_code, source_status, email, vat_id,
  custom_identifier, description) from stdin`
const EXTRAS = 'copy staging_extra (guid, email, vat_id, custom_identifier, description) from stdin'

/** A page has 100 rows; one COPY for 50 pages costs a fiftieth of the round trips and stays under 2 MB. */
const FLUSH_AT = 5000

/** @param client the run's session; its temporary tables stay until it discards them */
export async function createStaging(client: ClientBase) {
  await client.query(TABLES)
  let companies: string[] = []
  let extras: string[] = []
  let rejections = false

  async function flush(): Promise<void> {
    if (companies.length > 0) await copyIn(client, COMPANIES, companies)
    if (extras.length > 0) await copyIn(client, EXTRAS, extras)
    companies = []
    extras = []
  }
  const flushWhenFull = async () => {
    if (companies.length + extras.length >= FLUSH_AT) await flush()
  }

  return {
    async addCompanies(listed: readonly ListedCompany[], rejected: readonly RejectedRow[]): Promise<void> {
      for (const company of listed) companies.push(toLine(company))
      // A row that could not be read still proves that its company exists: no name, only the GUID.
      for (const { guid } of rejected) {
        if (guid !== null) companies.push(toCopyLine([guid, ...Array<null>(10).fill(null)]))
        rejections ||= guid !== null
      }
      await flushWhenFull()
    },
    async addExtras(found: readonly CompanyExtras[]): Promise<void> {
      for (const { guid, email, vatId, customIdentifier, description } of found)
        extras.push(toCopyLine([guid, toKnown(email), toKnown(vatId), toKnown(customIdentifier), toKnown(description)]))
      await flushWhenFull()
    },
    /** Merges the sweeps and leaves one row per company. */
    async close(): Promise<void> {
      await flush()
      if (rejections) await client.query(KEEP_READABLE)
      await client.query(MERGE_EXTRAS)
      await client.query('analyze staging (guid)')
    },
  }
}

/** A company may be unreadable in one sweep and readable in the other. */
const KEEP_READABLE = `
  delete from staging s using (
    select ctid, row_number() over (partition by guid order by name is null, ctid) as rank from staging) r
  where s.ctid = r.ctid and r.rank > 1`

/** The hash is a generated column, so it follows. */
const MERGE_EXTRAS = `
  update staging s set email = coalesce(e.email, s.email), vat_id = coalesce(e.vat_id, s.vat_id),
    custom_identifier = coalesce(e.custom_identifier, s.custom_identifier), description = coalesce(e.description, s.description)
  from staging_extra e where e.guid = s.guid`

function toLine(company: ListedCompany): string {
  return toCopyLine([
    company.guid,
    company.parentGuid,
    company.typeCode === undefined ? null : toKind(company.typeCode),
    company.name,
    company.typeCode ?? null,
    company.statusCode ?? null,
    toSourceStatus(company.statusCode ?? null),
    toKnown(company.email),
    toKnown(company.vatId),
    toKnown(company.customIdentifier),
    toKnown(company.description),
  ])
}

function toKnown(text: string | null | undefined): string | null {
  return text === undefined ? null : (text ?? '')
}
