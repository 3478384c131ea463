import { fold, toKind, toSourceStatus } from '@msp-console/contract'
import type { CompanyExtras, ListedCompany, RejectedRow } from '@msp-console/ema'
import type { ClientBase } from 'pg'
import { copyIn, toCopyLine } from './copy.ts'

// One listing, held in temporary tables of the run's own session. They write no WAL and die with the session, so that a
// listing cut short by a crash can never be taken for a complete one (docs/decisions/002-staging-is-temporary.md).

/** In SQL, NULL = unknown and '' = known to be empty; the connector says `undefined` and `null`. */
const TABLES = `
  create temp table staging (
    guid uuid, parent_guid uuid, kind group_kind, name text collate msp_name, type_code int, status_code int,
    source_status source_status, email text, vat_id text, custom_identifier text, description text,
    search_text text, -- what search looks in, as write.ts would make it of this row; null = to be made there
    -- Everything the source said of a company in one number: the same answer gives the same number in every run.
    hash bigint generated always as (hashtextextended(
      coalesce(parent_guid::text, '') || E'\\x01' || (name collate "C") || E'\\x01' || coalesce(type_code::text, '') || E'\\x01' ||
      coalesce(status_code::text, '') || E'\\x01' || coalesce(email, E'\\x02') || E'\\x01' || coalesce(vat_id, E'\\x02') ||
      E'\\x01' || coalesce(custom_identifier, E'\\x02') || E'\\x01' || coalesce(description, E'\\x02'), 0)) stored);
  -- The planner needs the number of rows and that no GUID comes twice; a tenth of the usual sample tells both.
  alter table staging alter guid set statistics 10;
`
/** Made when the first extras come: a listing that has none does not pay for the rows of one more table in the catalogue. */
const EXTRA_TABLE = `create temp table staging_extra (
  guid uuid, email text, vat_id text, custom_identifier text, description text)`

const COMPANIES = `copy staging (guid, parent_guid, kind, name, type_code, status_code, source_status, email, vat_id,
  custom_identifier, description, search_text) from stdin`
const EXTRAS = 'copy staging_extra (guid, email, vat_id, custom_identifier, description) from stdin'

/** A page has 100 rows; one COPY for 50 pages costs a fiftieth of the round trips and stays under 2 MB. */
const FLUSH_AT = 5000

/**
 * @param client the run's session; its temporary tables stay until it discards them
 * @param rootGuid of an account that may have no tree yet
 */
export async function createStaging(client: ClientBase, rootGuid: string | null) {
  const withSearch = rootGuid !== null && (await isNewAccount(client, rootGuid))
  await client.query(TABLES)
  let companies: string[] = []
  let extras: string[] = []
  let rejections = false
  let hasExtras = false
  /** The block on its way, while the next one is being filled. */
  let sending: Promise<void> = Promise.resolve()

  async function send(block: readonly string[], more: readonly string[]): Promise<void> {
    if (block.length > 0) await copyIn(client, COMPANIES, block)
    if (more.length === 0) return
    if (!hasExtras) await client.query(EXTRA_TABLE)
    hasExtras = true
    await copyIn(client, EXTRAS, more)
  }
  async function flush(): Promise<void> {
    await sending
    sending = send(companies, extras)
    // Whoever flushes next hears of it.
    sending.catch(() => {})
    companies = []
    extras = []
  }
  const flushWhenFull = async () => {
    if (companies.length + extras.length >= FLUSH_AT) await flush()
  }

  return {
    async addCompanies(listed: readonly ListedCompany[], rejected: readonly RejectedRow[]): Promise<void> {
      for (const company of listed) companies.push(toLine(company, withSearch))
      // A row that could not be read still proves that its company exists: no name, only the GUID.
      for (const { guid } of rejected) {
        if (guid !== null) companies.push(toCopyLine([guid, ...Array<null>(11).fill(null)]))
        rejections ||= guid !== null
      }
      await flushWhenFull()
    },
    async addExtras(found: readonly CompanyExtras[]): Promise<void> {
      for (const { guid, email, vatId, customIdentifier, description } of found)
        extras.push(toCopyLine([guid, toKnown(email), toKnown(vatId), toKnown(customIdentifier), toKnown(description)]))
      await flushWhenFull()
    },
    /**
     * Merges the sweeps and leaves one row per company.
     * @param passes how often the account was listed
     */
    async close(passes = 1): Promise<void> {
      await flush()
      await sending
      if (rejections || passes > 1) await client.query(keepLast('staging', 'name is null,'))
      if (hasExtras && passes > 1) await client.query(keepLast('staging_extra'))
      if (hasExtras) await client.query(MERGE_EXTRAS)
      await client.query('analyze staging (guid)')
    },
  }
}

/** Every company of such an account will be new, so their search texts are made here; else few are, and SQL makes those. */
async function isNewAccount(client: ClientBase, rootGuid: string): Promise<boolean> {
  const { rowCount } = await client.query('select from account where company_guid = $1 and root_group_id is null', [
    rootGuid,
  ])
  return (rowCount ?? 0) > 0
}

/**
 * One row per company. It may be unreadable in one sweep and readable in the other, and each pass over the account brings it anew:
 * the last readable row is where it stands now. Rows are only ever appended, so their places are in the order of their coming.
 */
const keepLast = (table: 'staging' | 'staging_extra', before = '') => `
  delete from ${table} s using (
    select ctid, row_number() over (partition by guid order by ${before} ctid desc) as rank from ${table}) r
  where s.ctid = r.ctid and r.rank > 1`

/** The hash is a generated column, so it follows. */
const MERGE_EXTRAS = `
  update staging s set email = coalesce(e.email, s.email), vat_id = coalesce(e.vat_id, s.vat_id),
    custom_identifier = coalesce(e.custom_identifier, s.custom_identifier), description = coalesce(e.description, s.description),
    search_text = null
  from staging_extra e where e.guid = s.guid`

function toLine(company: ListedCompany, withSearch: boolean): string {
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
    withSearch ? toSearchText(company) : null,
  ])
}

/** Taking letters apart is five times dearer in SQL. */
function toSearchText({ name, customIdentifier, email }: ListedCompany): string {
  let text = fold(name)
  if (customIdentifier) text += `\n${fold(customIdentifier)}`
  if (email) text += `\n${fold(email)}`
  return text
}

function toKnown(text: string | null | undefined): string | null {
  return text === undefined ? null : (text ?? '')
}
