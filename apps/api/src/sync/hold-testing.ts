// Set-up shared by the tests of what is held: a manager with two MSPs, one of them with twelve customers, and what the database says of them.
import type pg from 'pg'
import { decideHold } from './decide.ts'
import { type Account, company, readGroups } from './testing.ts'

export const ROOT = company(1, { typeCode: 1004, name: 'Manager' })
export const MSP = company(2, { typeCode: 1006, parentGuid: ROOT.guid, name: 'Severní MSP' })
export const OTHER = company(3, { typeCode: 1006, parentGuid: ROOT.guid, name: 'Jižní MSP' })
export const child = (number: number, fields = {}) => company(number, { parentGuid: MSP.guid, ...fields })
export const twelve = Array.from({ length: 12 }, (_, index) => child(10 + index))
export const FULL = [ROOT, MSP, OTHER, ...twelve]
/** Seven of twelve are more than half of one parent's. */
export const HALF = [ROOT, MSP, OTHER, ...twelve.slice(7)]
export const ANNA = 'anna@test.example'

export type HoldTools = ReturnType<typeof openHoldTools>

export function openHoldTools(owner: pg.Pool, pool: pg.Pool) {
  async function presences(account: Account): Promise<Record<string, number>> {
    const groups = await readGroups(owner, account.id)
    return Object.fromEntries(
      [...Map.groupBy(groups, ({ presence }) => String(presence))].map(([presence, all]) => [presence, all.length]),
    )
  }

  async function items(account: Account) {
    const { rows } = await owner.query<Record<string, unknown>>(
      `select kind, right(guid::text, 2)::int as n, run_id, rule, decision, decided_by, closed_at is null as open
       from plan_item where account_id = $1 and not preview order by 2, created_at`,
      [account.id],
    )
    return rows
  }

  async function waiting(runId: number): Promise<string[]> {
    const { rows } = await owner.query<{ id: string }>(
      'select id from plan_item where run_id = $1 and closed_at is null and decision is null',
      [runId],
    )
    return rows.map(({ id }) => id)
  }

  async function decide(runId: number, decision: 'approved' | 'rejected', of?: readonly string[]) {
    return decideHold(pool, { runId, items: of ?? (await waiting(runId)), decision, actor: ANNA })
  }

  return { presences, items, waiting, decide }
}
