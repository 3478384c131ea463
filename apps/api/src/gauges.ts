import { EVERYTHING } from './access/scope.ts'
import type { InScope } from './db/scoped.ts'

/** Sizes of the whole instance, for whoever supervises it. */
export function readGauges(inScope: InScope): Promise<Record<string, number>> {
  return inScope(EVERYTHING, async (db) => {
    const { rows } = await db.query<Record<string, number>>(
      `select (select count(*) from account_seen where state = 'connected') as msp_console_accounts,
         (select count(*) from account_seen where state = 'connected' and cause is not null) as msp_console_accounts_quarantined,
         (select count(*) from run_seen where status = 'running') as msp_console_runs_running,
         (select count(*) from run_seen where status = 'succeeded') as msp_console_runs_succeeded,
         (select count(*) from run_seen where status in ('failed', 'interrupted')) as msp_console_runs_failed,
         (select not_set_up + normal + unlinked from static_group where id = 1) as msp_console_customers`,
    )
    return { ...rows[0] }
  })
}
