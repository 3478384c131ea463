// The sync core against the least that PostgreSQL must do: COPY of the same bytes into a bare unlogged table.
import type { ListedCompany } from '@msp-console/ema'
import pg from 'pg'
import { copyIn, toCopyLine } from '../apps/api/src/sync/copy.ts'
import { addAccount, connectAsSync, syncOnce } from '../apps/api/src/sync/testing.ts'
import { type Line, median, ms, type Stand, timed } from './stand.ts'
import { changeOnePercent } from './worlds.ts'

export async function benchSync(stand: Stand, listing: readonly ListedCompany[], rounds: number): Promise<Line[]> {
  const lines = listing.map((company) =>
    toCopyLine([
      company.guid,
      company.parentGuid,
      company.name,
      company.typeCode ?? null,
      company.statusCode ?? null,
      company.email ?? null,
      company.customIdentifier ?? null,
    ]),
  )
  const times = {
    limit: [] as number[],
    first: [] as number[],
    second: [] as number[],
    noChange: [] as number[],
    onePercent: [] as number[],
  }
  let wal = 0
  let versions = { noChange: 0, onePercent: 0, expected: 0 }
  for (let round = 0; round < rounds; round++) {
    const url = await stand.createDatabase()
    const owner = new pg.Pool({ connectionString: url, max: 1 })
    const pool = connectAsSync(url)
    // Dropping the database cuts what is still closing.
    for (const each of [owner, pool]) each.on('error', () => {})
    const rootGuid = listing[0]!.guid // a world is never empty
    const account = await addAccount(owner, rootGuid)
    const copyLimit = async () => {
      await owner.query('drop table if exists bare')
      await owner.query(
        'create unlogged table bare (guid uuid, parent uuid, name text, type int, status int, email text, identifier text)',
      )
      const client = await owner.connect()
      times.limit.push(await timed(() => copyIn(client, 'copy bare from stdin', lines)))
      client.release()
    }
    await copyLimit()
    times.first.push(await timed(() => syncOnce(pool, account, listing)))
    // As the worker does after a big load: the first reader of a page would pay for marking it clean.
    await owner.query('vacuum (analyze) static_group, company, group_event')
    await copyLimit()
    await owner.query('checkpoint')
    const before = await readMoment(owner)
    times.noChange.push(await timed(() => syncOnce(pool, account, listing)))
    const after = await readMoment(owner)
    const noChange = await countVersions(owner, before)
    wal = Math.max(wal, Number(after.lsn - before.lsn))
    const changed = changeOnePercent(listing, round + 1)
    times.onePercent.push(await timed(() => syncOnce(pool, account, changed)))
    const onePercent = await countVersions(owner, after)
    versions = {
      noChange,
      onePercent,
      expected: changed.filter((company, index) => company !== listing[index]).length,
    }
    const further = await addAccount(owner, rootGuid)
    times.second.push(await timed(() => syncOnce(pool, further, listing)))
    await pool.end()
    await owner.end()
    await stand.dropDatabase(url)
  }
  const limit = median(times.limit)
  const line = (what: string, values: number[], most: number): Line => ({
    what,
    measured: ms(median(values)),
    ratio: median(values) / limit,
    target: `≤ ${most}×`,
    isMet: median(values) / limit <= most,
  })
  return [
    { what: 'limit: COPY of the same bytes, bare table', measured: ms(limit), ratio: 1, target: '' },
    line('first sync, all indexes at the end', times.first, 6),
    line('first sync of a further account', times.second, 9),
    line('run without changes', times.noChange, 3.3),
    line('run with 1 % changes', times.onePercent, 3.3),
    {
      what: 'row versions of a run without changes',
      measured: String(versions.noChange),
      ratio: null,
      target: '0',
      isMet: versions.noChange === 0,
    },
    {
      what: `row versions of 1 % (${versions.expected} companies)`,
      measured: String(versions.onePercent),
      ratio: null,
      target: 'group + company + events',
    },
    {
      what: 'WAL of a run without changes',
      measured: `${(wal / 1024).toFixed(0)} KB`,
      ratio: null,
      target: '≤ 256 KB',
      isMet: wal <= 256 * 1024,
    },
  ]
}

interface Moment {
  xid: bigint
  lsn: bigint
}

/** A point between two runs: the next transaction and the WAL position in bytes. */
async function readMoment(owner: pg.Pool): Promise<Moment> {
  const { rows } = await owner.query<{ xid: string; lsn: string }>(
    `select pg_snapshot_xmax(pg_current_snapshot())::text as xid, (pg_current_wal_insert_lsn() - '0/0')::text as lsn`,
  )
  const row = rows[0]! // one row, always
  return { xid: BigInt(row.xid), lsn: BigInt(row.lsn) }
}

/** Rows of the mirror that were written since, exactly. */
async function countVersions(owner: pg.Pool, since: Moment): Promise<number> {
  const { rows } = await owner.query<{ written: string }>(
    `select count(*)::text as written from (
       select xmin from company union all select xmin from static_group union all select xmin from group_event) every_row
     where xmin::text::bigint >= $1`,
    [since.xid],
  )
  return Number(rows[0]?.written)
}
