import { AuditEntry, type AuditFilter } from '@msp-console/contract'

// The filter of the audit log lives in the address, the days as `2026-11-25` in the time zone of the reader. What an address
// says wrongly is left out, never an error.

const DAY = /^\d{4}-\d{2}-\d{2}$/
const QUERY_MOST = 200
const ACTION = /^[A-Za-z]{1,60}$/

/** What the address and the fields hold. */
export interface AuditView {
  q?: string
  action?: string
  outcome?: NonNullable<AuditFilter['outcome']>
  /** Days, both included. */
  from?: string
  to?: string
}

export function fromSearch(search: URLSearchParams): AuditView {
  const view: AuditView = {}
  const q = search.get('q')?.trim().slice(0, QUERY_MOST)
  if (q !== undefined && q !== '') view.q = q
  const action = search.get('action')
  if (action !== null && ACTION.test(action)) view.action = action
  const outcome = AuditEntry.shape.outcome.safeParse(search.get('outcome'))
  if (outcome.success) view.outcome = outcome.data
  for (const name of ['from', 'to'] as const) {
    const day = search.get(name)
    if (day !== null && startOf(day) !== null) view[name] = day
  }
  return view
}

/** For `paths.audit`. */
export function toSearch(view: AuditView): Record<string, string | undefined> {
  return { ...view }
}

/** As the server wants it: from the first moment of the first day until before the first one after the last. */
export function toFilter({ from, to, ...rest }: AuditView): AuditFilter {
  const first = from === undefined ? null : startOf(from)
  const last = to === undefined ? null : startOf(to)
  // A day may be 23 or 25 hours long: the calendar counts, not milliseconds.
  if (last !== null) last.setDate(last.getDate() + 1)
  return {
    ...rest,
    ...(first === null ? {} : { from: first.toISOString() }),
    ...(last === null ? {} : { to: last.toISOString() }),
  }
}

/** Midnight here; null when there is no such day. */
function startOf(day: string): Date | null {
  if (!DAY.test(day)) return null
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const start = new Date(year, month - 1, date)
  return start.getMonth() === month - 1 && start.getDate() === date ? start : null
}
