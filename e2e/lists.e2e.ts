import { listRuns } from '../packages/contract/src/index.ts'
import { panel } from './pages.ts'
import { expect, test } from './test.ts'

// The foot of a list that comes in pages, at the longest list of the demo: what its first sync found.

test('a list says how much of it is here, that more did not come, and that it ends', async ({ page, api, stack }) => {
  const { items } = await api.call(listRuns)
  const first = items.at(-1)
  const total = first?.counts.created ?? 0
  expect(total).toBeGreaterThan(200)
  await page.goto(`/sync/${first?.id}`)
  const list = panel(page, 'What changed')
  const more = list.getByRole('button', { name: 'Load more', exact: true })
  await expect(list.getByText(`50 of ${total} loaded`, { exact: true })).toBeVisible()

  await stack.killApi()
  await more.click()
  await expect(list.getByRole('alert')).toHaveText('More could not be loaded. Try again.')
  await expect(list.getByText(`50 of ${total} loaded`, { exact: true })).toBeVisible()
  await stack.startApi()
  await more.click()
  await expect(list.getByText(`100 of ${total} loaded`, { exact: true })).toBeVisible()
  await expect(list.getByRole('alert')).toHaveCount(0)

  for (let here = 150; here < total; here += 50) {
    await more.press('Enter')
    await expect(list.getByText(`${here} of ${total} loaded`, { exact: true })).toBeVisible()
  }
  await more.press('Enter')
  const end = list.getByText(`All ${total} loaded`, { exact: true })
  await expect(end).toBeVisible()
  await expect(more).toHaveCount(0)
  // Whoever pressed by the keyboard goes on from the end of the list, not from its head.
  await expect(end.locator('xpath=..')).toBeFocused()
})

test('a run that is not there and an account without runs lead on', async ({ page }) => {
  await page.goto('/sync?account=999999')
  await expect(page.getByText('No run of this account')).toBeVisible()
  await page.getByRole('link', { name: 'Show the runs of all accounts' }).click()
  await expect(panel(page, 'Runs').getByRole('row').nth(1)).toBeVisible()
  await page.goto('/sync/11111111-2222-4333-8444-555555555555')
  await expect(page.getByRole('heading', { level: 1, name: 'Nothing here' })).toBeVisible()
})

test('a browser that believes to be offline says what does not come, instead of waiting without a word', async ({
  page,
  context,
}) => {
  await page.goto('/sync')
  await expect(panel(page, 'Runs').getByRole('row').nth(1)).toBeVisible()
  const runs = panel(page, 'Runs').getByRole('row').getByRole('link')
  const run = page.getByRole('heading', { level: 1, name: /^Sync of / })
  await context.setOffline(true)
  await runs.first().click()
  // Not even the code of that screen has come.
  await expect(page.getByText('The server does not answer.')).toBeVisible()
  await context.setOffline(false)
  await page.getByRole('button', { name: 'Reload the page' }).click()
  await expect(run).toBeVisible()

  await page.goBack()
  await expect(runs.nth(1)).toBeVisible()
  await context.setOffline(true)
  await runs.nth(1).click()
  await expect(page.getByText('The server does not answer.')).toBeVisible()
  await context.setOffline(false)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(run).toBeVisible()
})
