import { getGroup, listCustomers, listRuns } from '@msp-console/contract'
import { expect, test } from 'vitest'
import { toUrl } from './call.ts'

test('addresses carry parameters encoded and leave out what is undefined', () => {
  expect(toUrl(getGroup, { params: { id: 'a/b c' } })).toBe('/api/v1/groups/a%2Fb%20c')
  expect(toUrl(listRuns, { query: { limit: 30, cursor: undefined, account: '2' } })).toBe(
    '/api/v1/runs?limit=30&account=2',
  )
  expect(toUrl(listCustomers, { query: { q: 'Čáp & syn', state: 'normal,unlinked' } })).toBe(
    '/api/v1/customers?q=%C4%8C%C3%A1p+%26+syn&state=normal%2Cunlinked',
  )
  expect(toUrl(listRuns)).toBe('/api/v1/runs')
})
