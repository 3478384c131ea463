import { heading, menuLink, panel, syncNow } from './pages.ts'
import { expect, test } from './test.ts'

// The demo's rehearsals, as an administrator would try them: the source loses things, and the console does not.

test('lose a subtree: the hold appears, approve removes, and taking it back brings everything back', async ({
  page,
  api,
}) => {
  await page.goto('/')
  await menuLink(page, 'Rehearsal').click()
  await expect(heading(page, 'Rehearsal')).toBeVisible()
  await expect(page.getByText('Nothing is being rehearsed: the source is honest.')).toBeVisible()
  await page.getByRole('button', { name: 'Do it: Lose a subtree' }).click()
  await expect(panel(page, 'Lose a subtree Under way').or(page.getByText('Under way').first())).toBeVisible()

  await syncNow(page)
  await syncNow(page)
  await page.getByRole('link', { name: 'Look and decide' }).click()
  await expect(panel(page, 'What was held')).toBeVisible()
  expect((await api.customers({ state: 'unlinked' })).total).toBe(3) // those of the demo itself
  await page.getByRole('button', { name: 'Approve …' }).first().click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Apply \d+ changes$/ })
    .click()
  await expect(page.getByText(/^Applied: \d+ changes\.$/)).toBeVisible()
  expect((await api.customers({ state: 'unlinked' })).total).toBeGreaterThan(10)

  await menuLink(page, 'Rehearsal').click()
  await page.getByRole('button', { name: 'Take everything back' }).click()
  await expect(page.getByText('Nothing is being rehearsed: the source is honest.')).toBeVisible()
  await syncNow(page)
  expect((await api.customers({ state: 'unlinked' })).total).toBe(3)

  await test.step('the audit log tells of both in words', async () => {
    await page.goto('/audit?action=startRehearsal')
    const rows = page.getByRole('table').getByRole('row').filter({ hasText: 'Rehearsed (demo)' })
    await expect(rows).toHaveCount(2)
    await expect(rows.nth(0)).toContainText('Take everything back')
    await expect(rows.nth(1)).toContainText('Lose a subtree')
  })
})

test('drop rights: nothing is removed, the companies are out of reach', async ({ page, api }) => {
  await page.goto('/rehearsal')
  await page.getByRole('button', { name: 'Do it: Drop my rights' }).click()
  await expect(page.getByText('Done. Sync twice to see what the console makes of it.')).toBeVisible()
  await syncNow(page)
  await syncNow(page)
  expect((await api.customers({ presence: 'inaccessible' })).total).toBeGreaterThan(0)
  expect((await api.customers({ state: 'unlinked' })).total).toBe(3)
  await page.getByRole('button', { name: 'Take everything back' }).click()
  await syncNow(page)
  expect((await api.customers({ presence: 'inaccessible' })).total).toBe(0)
})
