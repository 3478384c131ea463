/**
 * Keeps the rule's facts in account_schedule: what a run's start and end, a new interval and a new password change there.
 * Invariants: every call is inside the transaction of what it tells, after it; moments are the database's. Rows are locked in the
 * order of their accounts.
 */
import type { Db } from '../db/tx.ts'
import { afterRun, type Ending, type Reason, REFUSED, REJECTIONS_MOST, type Timetable, toDue, toNews } from './rule.ts'

const toMs = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`
const COLUMNS = `s.account_id as "accountId", s.interval_seconds as "intervalSeconds", ${toMs('s.next_run_at')} as "nextRunAt",
  ${toMs('s.started_at')} as "startedAt", s.last_seconds as "lastSeconds", s.failures, ${toMs('s.failing_since')} as "failingSince",
  s.cause, s.rejections, s.interruptions, ${toMs('s.disabled_at')} as "disabledAt", ${toMs('clock_timestamp()')} as now`

interface Row extends Timetable {
  accountId: number
  now: number
}

interface EndedRow extends Row {
  runId: number
  /** Start of this run, which a run of the whole account also leaves in the schedule. */
  ranAt: number
  status: 'succeeded' | 'failed' | 'interrupted'
  error: string | null
  incomplete: string | null
}

/**
 * A run has the lease; says whether it may go on. A run of the schedule is told so by one of all who ask at once, because the row
 * that is not due any more is looked at again under its lock.
 */
export async function noteStart(
  db: Db,
  { accountId, runId, onlyDue, isWhole }: { accountId: number; runId: number; onlyDue: boolean; isWhole: boolean },
): Promise<'noted' | 'notDue' | 'refused'> {
  const { rowCount } = await db.query(
    // The start is now that the lease is ours, not when the transaction began: the run before may have ended in between.
    // Until its end is known, the run after this one is due as if all goes well.
    `with run as (update sync_run set started_at = clock_timestamp() where id = $4 returning started_at)
     update account_schedule s set started_at = case when $5 then run.started_at else s.started_at end, next_run_at = case
         when not $5 then next_run_at when next_run_at is not null then run.started_at + make_interval(secs => greatest(interval_seconds, 2 * last_seconds)) end
     from run where account_id = $1 and rejections < $2 and (not $3 or next_run_at <= now())`,
    [accountId, REJECTIONS_MOST, onlyDue, runId, isWhole],
  )
  return rowCount === 1 ? 'noted' : onlyDue ? 'notDue' : 'refused'
}

/**
 * Runs that have just ended, however they did. Few: each is of another account. A preview or a run of one company says nothing
 * of the schedule, unless its password was refused: that counts whoever sent it, or the source would lock the login.
 */
export async function noteEnd(db: Db, runIds: readonly number[]): Promise<void> {
  const { rows } = await db.query<EndedRow>(
    `select ${COLUMNS}, r.id as "runId", ${toMs('r.started_at')} as "ranAt", r.status, r.error_code as error, r.incomplete_reason as incomplete
     from sync_run r join account_schedule s on s.account_id = r.account_id
     where r.id = any($1) and r.status <> 'running' 
       and (not r.preview and r.company_id is null or r.error_code = $2 or r.incomplete_reason = $2)
     order by s.account_id for update of s`,
    [runIds, REFUSED],
  )
  const ended = rows.map((row) => ({ row, after: afterRun({ ...row, startedAt: row.ranAt }, toEnding(row), row.now) }))
  await save(
    db,
    ended.map(({ row: { accountId }, after }) => ({ ...after, accountId })),
  )
  await tell(
    db,
    ended.flatMap(({ row, after }) => {
      const news = toNews(row, after)
      return news === null ? [] : [{ ...news, accountId: row.accountId, runId: row.runId }]
    }),
  )
}

function toEnding({ status, error, incomplete }: EndedRow): Ending {
  if (status === 'interrupted') return { kind: 'interrupted' }
  if (status === 'succeeded') return incomplete === REFUSED ? { kind: 'failed', cause: REFUSED } : { kind: 'good' }
  return error === 'stopped' || error === 'lost' ? { kind: 'stopped' } : { kind: 'failed', cause: error ?? 'internal' }
}

/** @param seconds null: only on demand. @returns what it was; undefined: no such account */
export async function changeInterval(
  db: Db,
  accountId: number,
  seconds: number | null,
): Promise<{ intervalSeconds: number | null } | undefined> {
  const before = await lock(db, accountId)
  if (before === undefined) return undefined
  const after = { ...before, intervalSeconds: seconds }
  const due = toDue(after, before.now)
  await save(db, [{ ...after, nextRunAt: due === null ? null : Math.max(due, before.now) }])
  return { intervalSeconds: before.intervalSeconds }
}

/** The source accepted another password: whatever was wrong is worth another try now. */
export async function notePassword(db: Db, accountId: number): Promise<void> {
  const before = await lock(db, accountId)
  if (before === undefined) return
  const well = { failures: 0, failingSince: null, cause: null, rejections: 0, interruptions: 0, disabledAt: null }
  const nextRunAt = before.intervalSeconds === null ? null : before.now
  const after: Row = { ...before, ...well, nextRunAt }
  await save(db, [after])
  const news = toNews(before, after)
  await tell(db, news === null ? [] : [{ ...news, accountId, runId: null }])
}

async function lock(db: Db, accountId: number): Promise<Row | undefined> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from account_schedule s join account a on a.id = s.account_id
     where s.account_id = $1 and a.state = 'connected' for update of s`,
    [accountId],
  )
  return rows[0]
}

async function save(db: Db, rows: readonly (Timetable & { accountId: number })[]): Promise<void> {
  await db.query(
    `update account_schedule s set interval_seconds = x."intervalSeconds", next_run_at = to_timestamp(x."nextRunAt" / 1000),
       last_seconds = x."lastSeconds", failures = x.failures, failing_since = to_timestamp(x."failingSince" / 1000),
       cause = x.cause, rejections = x.rejections, interruptions = x.interruptions, disabled_at = to_timestamp(x."disabledAt" / 1000)
     from jsonb_to_recordset($1) as x ("accountId" int, "intervalSeconds" int, "nextRunAt" float8, "lastSeconds" real, failures int,
       "failingSince" float8, cause text, rejections int, interruptions int, "disabledAt" float8)
     where s.account_id = x."accountId"`,
    [JSON.stringify(rows)],
  )
}

async function tell(db: Db, news: readonly (Reason & { accountId: number; runId: number | null })[]): Promise<void> {
  await db.query(
    `insert into account_event (account_id, kind, cause, run_id)
     select "accountId", kind, cause, "runId" from jsonb_to_recordset($1) as x ("accountId" int, kind text, cause text, "runId" int)`,
    [JSON.stringify(news)],
  )
}
