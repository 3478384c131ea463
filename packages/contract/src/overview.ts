import { z } from 'zod'
import { Account } from './accounts.ts'
import { endpoint } from './endpoint.ts'
import { CustomerRow } from './customers.ts'
import { GroupLink } from './groups.ts'

export const getOverview = endpoint({
  name: 'getOverview',
  access: { object: 'groups', level: 'read' },
  method: 'GET',
  path: '/overview',
  summary: 'Counts by state, setup debt per provider, freshness of each account, newest customers',
  response: z.object({
    customers: z.object({
      total: z.number().int(),
      notSetUp: z.number().int(),
      setUp: z.number().int(),
      skipped: z.number().int(),
      unlinked: z.number().int(),
      suspended: z.number().int(),
      stale: z.number().int(),
    }),
    /** MSPs, managed MSPs and MSP managers with the most customers not set up among their direct children; at most 10. */
    debt: z.array(
      GroupLink.extend({ path: z.array(GroupLink), notSetUp: z.number().int(), customers: z.number().int() }),
    ),
    accounts: z.array(Account),
    /** Not set up, newest first; at most 10. */
    newest: z.array(CustomerRow),
  }),
})
