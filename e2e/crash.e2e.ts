import { listAccounts, listRuns } from '../packages/contract/src/index.ts'
import { menuLink, node, openTree } from './pages.ts'
import { expect, test } from './test.ts'

const GENERATIONS = 'select group_id, generation from tree_generation order by group_id'

test('a server killed in mid-run loses nothing, says so, and the next run completes', async ({ page, api, stack }) => {
  test.setTimeout(120_000)
  const before = await api.group('root')
  const generations = await stack.query(GENERATIONS)
  await openTree(page)
  stack.setLatency(2500)
  await page.getByRole('button', { name: 'Sync now', exact: true }).click()
  await expect(page.getByRole('banner').getByRole('link', { name: /^Syncing/ })).toBeVisible()
  await stack.killApi()
  await expect(page.getByText('Live updates are interrupted. Reconnecting…')).toBeVisible()
  // What was on screen stays there and can be used.
  await expect(node(page, 'Demo Distribution s.r.o.')).toBeVisible()
  stack.setLatency(0)
  await stack.startApi()

  await menuLink(page, 'Sync').click()
  const rows = page.getByRole('main').getByRole('row')
  // The dead process's claim to the run ends after 15 seconds; then nobody has to ask for the next one.
  const dead = rows.filter({ hasText: 'Interrupted' })
  await expect(dead).toBeVisible({ timeout: 40_000 })
  const newest = rows.nth(1)
  await expect(newest).toContainText('by schedule', { timeout: 20_000 })
  await expect(newest).toContainText('Finished', { timeout: 20_000 })
  await expect(newest).toContainText('no changes')
  const after = await api.group('root')
  expect(after.rollUp).toEqual(before.rollUp)
  expect(await stack.query(GENERATIONS)).toEqual(generations)
  await dead.getByRole('link').first().click()
  await expect(page.getByText('Nothing was changed. The next run starts afresh.')).toBeVisible()

  const { items } = await api.call(listRuns)
  expect(items[0]).toMatchObject({ status: 'succeeded', complete: true, trigger: 'schedule' })
  expect(items[1]).toMatchObject({ status: 'interrupted', complete: false })
  expect((await api.call(listAccounts)).items[0]?.health).toBe('idle')
})
