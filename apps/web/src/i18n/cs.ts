import type { Translation } from './translation.ts'
import type { en } from './en.ts'
import { accountsCs } from './accounts.cs.ts'
import { auditCs } from './audit.cs.ts'
import { commonCs } from './common.cs.ts'
import { customersCs } from './customers.cs.ts'
import { eventsCs } from './events.cs.ts'
import { freshnessCs } from './freshness.cs.ts'
import { groupsCs } from './groups.cs.ts'
import { overviewCs } from './overview.cs.ts'
import { plansCs } from './plans.cs.ts'
import { profileCs } from './profile.cs.ts'
import { rehearsalCs } from './rehearsal.cs.ts'
import { rightsCs } from './rights.cs.ts'
import { sessionCs } from './session.cs.ts'
import { setupCs } from './setup.cs.ts'
import { shellCs } from './shell.cs.ts'
import { syncCs } from './sync.cs.ts'
import { treeCs } from './tree.cs.ts'
import { usersCs } from './users.cs.ts'

export const cs: Translation<typeof en> = {
  ...commonCs,
  shell: shellCs,
  session: sessionCs,
  overview: overviewCs,
  setup: setupCs,
  groups: groupsCs,
  events: eventsCs,
  customers: customersCs,
  sync: syncCs,
  plans: plansCs,
  rehearsal: rehearsalCs,
  accounts: accountsCs,
  freshness: freshnessCs,
  tree: treeCs,
  profile: profileCs,
  audit: auditCs,
  rights: rightsCs.rights,
  preview: rightsCs.preview,
  users: usersCs,
}
