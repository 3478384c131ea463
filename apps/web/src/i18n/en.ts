import { accountsEn } from './accounts.en.ts'
import { auditEn } from './audit.en.ts'
import { commonEn } from './common.en.ts'
import { customersEn } from './customers.en.ts'
import { eventsEn } from './events.en.ts'
import { freshnessEn } from './freshness.en.ts'
import { groupsEn } from './groups.en.ts'
import { overviewEn } from './overview.en.ts'
import { plansEn } from './plans.en.ts'
import { profileEn } from './profile.en.ts'
import { rehearsalEn } from './rehearsal.en.ts'
import { rightsEn } from './rights.en.ts'
import { sessionEn } from './session.en.ts'
import { setupEn } from './setup.en.ts'
import { shellEn } from './shell.en.ts'
import { syncEn } from './sync.en.ts'
import { treeEn } from './tree.en.ts'
import { usersEn } from './users.en.ts'

export const en = {
  ...commonEn,
  shell: shellEn,
  session: sessionEn,
  overview: overviewEn,
  setup: setupEn,
  groups: groupsEn,
  events: eventsEn,
  customers: customersEn,
  sync: syncEn,
  plans: plansEn,
  rehearsal: rehearsalEn,
  accounts: accountsEn,
  freshness: freshnessEn,
  tree: treeEn,
  profile: profileEn,
  audit: auditEn,
  rights: rightsEn.rights,
  preview: rightsEn.preview,
  users: usersEn,
}
