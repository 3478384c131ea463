// Everything one seed plays on: a database of its own, a source, two workers, and the people who use the console.
import type { Setup } from '@msp-console/contract'
import pg from 'pg'
import { EVERYTHING } from '../access/scope.ts'
import { applySetup } from '../customers/setup.ts'
import { createInScope } from '../db/scoped.ts'
import { createTestDatabase } from '../db/testing.ts'
import { inTransaction } from '../db/tx.ts'
import { notePassword } from '../schedule/book.ts'
import type { StartedBy } from '../sync/lease.ts'
import type { Dice } from './dice.ts'
import { readSnapshot } from './snapshot.ts'
import { LOGIN, openSource, PASSWORD } from './source.ts'
import type { Done } from './scene.ts'
import { openWorker, type Worker } from './worker.ts'

export type Stage = Awaited<ReturnType<typeof openStage>>

const ANNA = 'anna@test.example'

export async function openStage(seed: number, dice: Dice) {
  const database = await createTestDatabase()
  const open = (role?: string) =>
    new pg.Pool({
      connectionString: database.ownerUrl,
      max: 2,
      ...(role === undefined ? {} : { options: `-c role=${role}` }),
    })
  const [owner, app] = [open(), open('msp_console_app')]
  const source = openSource(seed, dice)
  const logged: string[] = []
  const log = (facts: object, text: string) => void logged.push(`${text} ${toText(facts)}`)
  const { rows } = await owner.query<{ id: number }>(
    `insert into account (name, base_url, login, company_guid, secret) values ('Simulated', 'http://source.example', $1, $2, $3) returning id`,
    [LOGIN, source.rootGuid, Buffer.from(PASSWORD)],
  )
  const accountId = rows[0]!.id // returning gives the row
  const hire = () =>
    openWorker(owner, database.ownerUrl, { openClient: source.openClient, log: { info: log, error: log } })
  const workers: [Worker, Worker] = [hire(), hire()]
  const inScope = createInScope(app)

  return {
    source,
    accountId,
    logged,
    workers,
    /** What the next steps will be. */
    next: [] as (() => Promise<Done>)[],
    /** Seconds since the beginning. */
    at: 0,
    /** Since the source's password was last entered here. */
    refused: 0,
    read: () => readSnapshot(owner, accountId),
    /** Starts a run and waits for it. @returns words about what came of it */
    async run(by: Partial<StartedBy> = {}, worker: Worker = workers[0]): Promise<string> {
      try {
        const { started, runId, done } = await worker.sync.start(accountId, {
          trigger: 'manual',
          startedBy: ANNA,
          ...by,
        })
        await done
        return started ? `run ${runId}` : `run ${runId} is under way`
      } catch (error) {
        return error instanceof Error ? error.name : String(error)
      }
    },
    /** Whoever died is buried and replaced; their runs end when their leases do. */
    async replaceDead(): Promise<void> {
      for (const [at, worker] of workers.entries()) {
        if (!worker.isDead()) continue
        await worker.close()
        workers[at] = hire()
      }
    },
    async pass(seconds: number): Promise<void> {
      this.at += seconds
      source.pass(seconds)
      await owner.query(LATER.replaceAll('$1', `interval '${seconds} seconds'`))
      await workers[0].sync.sweep()
    },
    endLeases: () =>
      owner.query(`update sync_run set lease_until = now() - interval '1 second' where status = 'running'`),
    setUp: (ids: readonly number[], state: Setup) =>
      applySetup(inScope, EVERYTHING, { ids: ids.map(String) }, state, ANNA),
    tag: (id: number, tags: string[]) => owner.query('update company set tags = $2 where group_id = $1', [id, tags]),
    /** As if nobody had decided against anything. */
    forgetRejections: () =>
      owner.query(
        `update plan_item set decision = null, decided_by = null, decided_at = null where decision = 'rejected' and closed_at is null`,
      ),
    async enterPassword(): Promise<void> {
      source.world.users[0]!.password = PASSWORD // made with the world
      this.refused = 0
      await inTransaction(owner, (db) => notePassword(db, accountId))
    },
    async close(): Promise<void> {
      await Promise.all(workers.map((worker) => worker.close()))
      await Promise.all([owner.end(), app.end(), source.close()])
      await database.drop()
    },
  }
}

function toText(facts: object): string {
  return JSON.stringify(facts, (_, value: unknown) => (value instanceof Error ? `${value.stack}` : value))
}

/** Every moment that was, is longer ago. */
const LATER = `
  update sync_run set started_at = started_at - $1, finished_at = finished_at - $1, lease_until = lease_until - $1;
  update company set first_seen_at = first_seen_at - $1, suspect_since = suspect_since - $1, last_seen_at = last_seen_at - $1,
    setup_at = setup_at - $1;
  update account set last_complete_at = last_complete_at - $1, hold_confirmed_at = hold_confirmed_at - $1;
  update account_schedule set started_at = started_at - $1, next_run_at = next_run_at - $1, failing_since = failing_since - $1,
    disabled_at = disabled_at - $1`
