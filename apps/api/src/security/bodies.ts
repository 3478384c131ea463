// A body that each operation with one takes, for tests that spoil it in one place; and what a request must leave as it was.
import type { Endpoint } from '@msp-console/contract'
import type pg from 'pg'
import { ENDPOINTS } from '../app.ts'
import { DEMO_PASSWORD } from '@msp-console/mock-ema'
import type { TestApp } from '../testing.ts'

const rights = { groups: 'read', setup: 'none', sync: 'none', accounts: 'none', users: 'none', audit: 'none' }
const password = 'a-long-Password-1'
const source = { baseUrl: 'http://127.0.0.1:9', login: 'distributor@demo.example', password: DEMO_PASSWORD }

/** Operations without an entry take no body. */
export const BODIES: Record<string, Record<string, unknown>> = {
  createFirstUser: { token: 'x', name: 'x', email: 'x@x.example', password },
  confirmSession: { password },
  putSetup: { state: 'done' },
  changeSetup: { state: 'done', filter: {} },
  testAccount: source,
  connectAccount: source,
  setAccountSchedule: { intervalSeconds: 900 },
  changeAccountPassword: { password },
  createUser: { name: 'x', email: 'new@x.example', homeGroupId: '1', grants: [] },
  updateUser: { name: 'x', homeGroupId: '1', disabled: false, grants: [] },
  createSet: { name: 'x', rights },
  updateSet: { name: 'x', rights },
  changePassword: { current: password, next: 'another-Password-1' },
  startTwoFactor: { password },
  confirmTwoFactor: { code: '000000' },
  endTwoFactor: { password },
  createToken: { name: 'x', rootId: '1', rights, days: 1 },
  inspectLink: { token: 'x'.repeat(43) },
  useLink: { token: 'x'.repeat(43), password },
}

export function served(t: TestApp): Endpoint[] {
  return ENDPOINTS.filter(({ method, path }) => t.app.hasRoute({ method, url: `/api/v1${path}` }))
}

/** Where ids are no numbers. */
const UNKNOWN = '00000000-0000-4000-8000-00000000dead'

/** Where the operation is, with every parameter replaced. */
export function urlOf({ path, params }: Endpoint, id = '999999'): string {
  const isNumber = /^\d+$/.test(id)
  return `/api/v1${path.replaceAll(/:[a-z]+/gi, encodeURIComponent(isNumber && !params.safeParse({ id }).success ? UNKNOWN : id))}`
}

/** One number over all that requests could change. */
export async function fingerprint(owner: pg.Pool): Promise<string> {
  const { rows } = await owner.query<{ all: string }>(
    `select md5(string_agg(t, '' order by t)) as all from (
       select g::text as t from static_group g union all select c::text from company c
       union all select (id, state, secret)::text from account union all select e::text from group_event e
       union all select (id, status)::text from sync_run union all select (id, name, email, home_group_id, disabled_at)::text from app_user
       union all select g::text from user_grant g union all select s::text from permission_set s
       union all select (id, password)::text from user_credential union all select (id, expires_at)::text from user_session) x`,
  )
  return rows[0]?.all ?? ''
}
