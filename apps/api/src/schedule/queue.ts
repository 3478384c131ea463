/**
 * Brings due accounts to whichever process has time. Every process looks every few seconds for what is due and puts a job for
 * it into a queue that all share (pg-boss, in a schema of its own); every process takes jobs from there.
 * Invariant: the truth is `account_schedule.next_run_at`. A job says only "look at this account": one that is lost is put again at
 * the next look, one that comes twice finds the account not due. So nothing here has to happen exactly once.
 */
import type { Pool } from 'pg'
import { PgBoss } from 'pg-boss'

export interface QueueDeps {
  /** The owner's: the queue makes its own schema. */
  ownerUrl: string
  /** Of the sync role, for statements that end at once. */
  pool: Pool
  /** Starts a run if the account is due and nobody else has. */
  startDue: (accountId: number) => Promise<boolean>
  log: { error: (facts: object, text: string) => void }
  /** How often it looks for what is due, and for jobs; tests are in a hurry. */
  lookMs?: number
  pollSeconds?: number
}

const SCHEMA = 'msp_console_queue'
const NAME = 'sync'
const LOOK_MS = 5_000
/** One job each time: with many due at once the processes take turns. */
const POLL_SECONDS = 2
const STOP_MS = 1_000
/** After a pause of the whole console, what is overdue starts spread over this time. */
const SPREAD_SECONDS = 60

export async function createQueue(deps: QueueDeps) {
  const { ownerUrl, pool, startDue, log, lookMs = LOOK_MS, pollSeconds = POLL_SECONDS } = deps
  const boss = new PgBoss({
    connectionString: ownerUrl,
    application_name: 'msp-console queue',
    max: 2,
    schema: SCHEMA,
    // Its own clock and calendar are not used: when something is due, one column says.
    schedule: false,
    registerInstance: false,
    reindex: false,
    openTelemetry: { enabled: false },
  })
  boss.on('error', (err) => log.error({ err }, 'the queue of due accounts'))
  await boss.start({ attempts: 3 })
  // `short`: of one account one job waits at most. One that a dead process took with it stands in nobody's way.
  await boss.createQueue(NAME, {
    policy: 'short',
    retryLimit: 0,
    expireInSeconds: 60,
    retentionSeconds: 3600,
    deleteAfterSeconds: 3600,
  })
  let looking: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined

  async function look(): Promise<void> {
    try {
      const due = await listDue(pool)
      if (due.length === 0) return
      await boss.insert(
        NAME,
        due.map((accountId) => ({ data: { accountId }, singletonKey: String(accountId) })),
      )
    } catch (err) {
      log.error({ err }, 'what is due could not be looked up')
    }
  }

  return {
    /** From now on what is due is run. */
    async begin(): Promise<void> {
      await spreadOverdue(pool, SPREAD_SECONDS)
      await boss.work<{ accountId: number }>(NAME, { pollingIntervalSeconds: pollSeconds }, async (jobs) => {
        for (const { data } of jobs) {
          // Whatever it was: the account is still due, and looked at again.
          await startDue(data.accountId).catch((err: unknown) =>
            log.error({ err, ...data }, 'a run could not be started'),
          )
        }
      })
      const tick = () => {
        looking ??= look().finally(() => {
          looking = null
        })
      }
      tick()
      timer = setInterval(tick, lookMs)
    },
    /** Takes no more jobs. Runs under way are the sync's. */
    async stop(): Promise<void> {
      clearInterval(timer)
      await looking
      await boss.stop({ timeout: STOP_MS })
    },
  }
}

/** Accounts whose time has come and that do not run. Few rows: one per account. */
export async function listDue(pool: Pool): Promise<number[]> {
  const { rows } = await pool.query<{ id: number }>(
    `select a.id from account_schedule s join account a on a.id = s.account_id
     where s.next_run_at <= now() and a.state = 'connected'
       and not exists (select from sync_run r where r.account_id = a.id and r.status = 'running')
     order by s.next_run_at`,
  )
  return rows.map(({ id }) => id)
}

/**
 * Nobody has looked for a minute: the console was off. So that not all accounts start at once, what waited longest starts at
 * random within `seconds`. A process that joins others which do their work finds nothing to spread.
 */
export async function spreadOverdue(pool: Pool, seconds: number): Promise<void> {
  await pool.query(
    `update account_schedule s set next_run_at = now() + random() * make_interval(secs => $1)
     where next_run_at < now() - interval '1 minute'
       and not exists (select from sync_run r where r.account_id = s.account_id and r.status = 'running')`,
    [seconds],
  )
}
