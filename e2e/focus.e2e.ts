import type { Page } from '@playwright/test'
import { guidOf } from './ema.ts'
import { heading, node, openTree, panel, signIn } from './pages.ts'
import { ADMIN, expect, test } from './test.ts'

// Where the focus is after what was pressed has gone: never at the start of the page.

const newest = (page: Page) => panel(page, 'New customers, not set up')

test('a row that is done hands the focus to the next one, and Undo leaves it there', async ({ page }) => {
  await page.goto('/')
  const rows = newest(page)
    .getByRole('listitem')
    .filter({ has: page.getByRole('button', { name: /^Skip the setup/ }) })
  const next = (await rows.nth(1).getByRole('button').first().getAttribute('aria-label')) ?? ''
  await rows.first().getByRole('button').first().focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 customer marked set up.')).toBeVisible()
  await expect(page.getByRole('button', { name: next, exact: true })).toBeFocused()
  await page.getByRole('button', { name: /^Undo/ }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('Undone.')).toBeVisible()
  await expect(page.getByRole('button', { name: next, exact: true })).toBeFocused()
})

test('skipping a customer and taking it back stays at its buttons', async ({ page, api }) => {
  const { items } = await api.customers({ state: 'notSetUp', limit: 1 })
  const name = items[0]?.name ?? ''
  await page.goto(`/computers/${items[0]?.id}`)
  await page.getByRole('button', { name: `Skip the setup of ${name}` }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: `Mark not set up: ${name}` })).toBeFocused()
  await page.keyboard.press('Control+z')
  await expect(page.getByText('Undone.')).toBeVisible()
  await expect(page.getByRole('button', { name: `Mark ${name} set up` })).toBeFocused()
})

test('a change of several leads back to the table', async ({ page }) => {
  await page.goto('/customers?state=notSetUp')
  const table = page.getByRole('table', { name: 'Managed customers' })
  await table.getByRole('checkbox').nth(1).check()
  await page.getByRole('button', { name: 'Skip setup' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Skip setup' }).press('Enter')
  await expect(page.getByText('Setup of 1 customer skipped.')).toBeVisible()
  await expect(table).toBeFocused()
})

test('from the head of the table, what can be done with a selection is one step back', async ({ page }) => {
  await page.goto('/customers')
  const table = page.getByRole('table', { name: 'Managed customers' })
  await table.getByRole('checkbox').nth(10).check()
  await table.getByRole('checkbox', { name: 'Select all loaded customers' }).focus()
  await page.keyboard.press('Shift+Tab')
  await expect(page.getByRole('button', { name: 'Clear the selection' })).toBeFocused()
  await page.keyboard.press('Shift+Tab')
  await expect(page.getByRole('button', { name: 'Mark not set up' })).toBeFocused()
})

test('a sync keeps the focus on its button', async ({ page }) => {
  await page.goto('/sync')
  const button = page.getByRole('main').getByRole('button', { name: 'Sync now' })
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText(/^Sync finished: /)).toBeVisible()
  await expect(button).toBeFocused()
})

test('connecting: the first mistake, then what the test leads to', async ({ page }) => {
  await page.goto('/accounts?connect=1')
  const dialog = page.getByRole('dialog', { name: 'Connect an EMA account' })
  await dialog.getByRole('button', { name: 'Test the connection' }).click()
  await expect(dialog.getByLabel('Address of the EMA API')).toBeFocused()
  await dialog.getByRole('button', { name: 'Use the demo source' }).click()
  await expect(dialog.getByLabel('Login')).toBeFocused()
  await dialog.getByLabel('Login').fill('manager@demo.example')
  await dialog.getByLabel('Password', { exact: true }).fill(ADMIN.password)
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('button', { name: 'Connect and sync' })).toBeFocused()
  await dialog.getByRole('button', { name: 'Change what was entered' }).press('Enter')
  await expect(dialog.getByLabel('Address of the EMA API')).toBeFocused()
})

test('disconnecting asks with the focus on Cancel', async ({ page }) => {
  await page.goto('/accounts')
  await page.getByRole('button', { name: 'Disconnect' }).press('Enter')
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Cancel' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Disconnect' })).toBeFocused()
})

test('a menu opens on what is chosen', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'Appearance and language' }).press('Enter')
  await expect(page.getByRole('menuitemradio', { name: 'Like the system' })).toBeFocused()
})

test.describe('narrow', () => {
  test.use({ viewport: { width: 360, height: 740 } })

  test('drilling down leads to the heading, and back to the row', async ({ page, stack }) => {
    await openTree(page)
    await node(page, 'Kraków IT Sp. z o.o.').press('Enter')
    await expect(heading(page, 'Kraków IT Sp. z o.o.')).toBeFocused()
    await page.getByRole('link', { name: 'Back to the tree' }).press('Enter')
    await expect(node(page, 'Kraków IT Sp. z o.o.')).toBeFocused()
    await page.goto(`/computers/${guidOf(stack, 'Divize Morava')}`)
    await page.getByRole('link', { name: 'Back to the tree' }).press('Enter')
    await expect(node(page, 'Divize Morava')).toBeFocused()
  })

  test('the menu opens on the present screen and gives the focus back to its button', async ({ page }) => {
    await page.goto('/accounts')
    await page.getByRole('button', { name: 'Open the main menu' }).press('Enter')
    await expect(page.getByRole('dialog').getByRole('link', { name: 'Accounts' })).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('button', { name: 'Open the main menu' })).toBeFocused()
  })
})

test.describe('signed out', () => {
  test.use({ signedIn: false })

  test('signing in begins at the first field and ends at the heading', async ({ page }) => {
    await page.goto('/sign-in')
    await expect(page.getByLabel('E-mail')).toBeFocused()
    await signIn(page, ADMIN)
    await expect(heading(page, 'Status overview')).toBeFocused()
  })
})
