import type { Page } from '@playwright/test'
import type { CustomerRow } from '../packages/contract/src/index.ts'
import type { Api } from './api.ts'
import { guidOf } from './ema.ts'
import { heading, node, openTree, panel, readCounts } from './pages.ts'
import type { Stack } from './stack.ts'
import { ADMIN, expect, test } from './test.ts'

const MSP = 'Müller & Söhne IT GmbH'

/** The page of a customer of the MSP, with the tree beside it. */
async function openOne(page: Page, api: Api, stack: Stack, nth: number): Promise<CustomerRow> {
  const { id } = await api.group(guidOf(stack, MSP))
  const { items } = await api.customers({ under: id, state: 'notSetUp', sourceStatus: 'active', limit: 10 })
  const customer = items[nth]
  if (customer === undefined) throw new Error('the demo has too few customers to set up')
  await openTree(page, `/computers/${customer.id}`)
  await expect(heading(page, customer.name)).toBeVisible()
  return customer
}

test('marking set up changes icon, counts and history at once; Undo takes it back', async ({ page, api, stack }) => {
  const { name } = await openOne(page, api, stack, 0)
  const row = node(page, name)
  const parent = node(page, MSP)
  await expect(row).toHaveAccessibleName(`${name}, Customer, Not set up`)
  await expect(page.getByText('Nobody has set it up or skipped it yet.')).toBeVisible()
  const before = await readCounts(parent)
  const everywhere = await readCounts(node(page, 'All'))
  const menu = page.getByRole('navigation', { name: 'Main menu' })
  await expect(menu.getByRole('link', { name: `${everywhere.notSetUp} customers not set up` })).toBeVisible()

  await page.getByRole('button', { name: `Mark ${name} set up` }).click()
  await expect(page.getByText(`Set up by ${ADMIN.email} just now.`)).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: '1 customer marked set up.' })).toBeVisible()
  await expect(row).toHaveAccessibleName(`${name}, Customer, Set up`)
  expect(await readCounts(parent)).toEqual({ notSetUp: before.notSetUp - 1, total: before.total })
  await expect(menu.getByRole('link', { name: `${everywhere.notSetUp - 1} customers not set up` })).toBeVisible()
  const newest = panel(page, 'History').getByRole('listitem').first()
  await expect(newest).toContainText('Marked set up')
  await expect(newest).toContainText(`by ${ADMIN.email}`)

  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toHaveAccessibleName(`${name}, Customer, Not set up`)
  await expect(newest).toContainText('Marked not set up')
  await expect.poll(() => readCounts(parent)).toEqual(before)
})

test('skipping counts as done and says that it was skipped', async ({ page, api, stack }) => {
  const { name, id } = await openOne(page, api, stack, 1)
  await page.getByRole('button', { name: `Skip the setup of ${name}` }).click()
  await expect(page.getByText(`Setup skipped by ${ADMIN.email} just now.`)).toBeVisible()
  await expect(node(page, name)).toHaveAccessibleName(`${name}, Customer, Set up`)
  await expect(panel(page, 'History').getByRole('listitem').first()).toContainText('Setup skipped')
  expect(await api.group(id)).toMatchObject({ setup: 'skipped', state: 'normal' })

  await page.getByRole('button', { name: `Mark not set up: ${name}` }).click()
  await expect(page.getByText('Nobody has set it up or skipped it yet.')).toBeVisible()
  await expect(node(page, name)).toHaveAccessibleName(`${name}, Customer, Not set up`)
})

test('says why it cannot be edited, its path, and what EMA has told', async ({ page, api, stack }) => {
  const { id } = await api.group(guidOf(stack, 'Nemocnice Na Kopci'))
  await page.goto(`/computers/${id}`)
  await expect(page.getByText('Mirrored from EMA, read-only here.')).toBeVisible()
  await expect(page.getByRole('main').getByRole('navigation', { name: 'Path' })).toContainText('Vysočina IT Group')
  const facts = panel(page, 'Details')
  await expect(facts).toContainText('PSA:1042')
  await expect(facts).toContainText('Customer (code 1007)')
  await expect(facts).toContainText(guidOf(stack, 'Nemocnice Na Kopci'))
})

test('suspended is a badge, not a state', async ({ page, api }) => {
  const { items } = await api.customers({ sourceStatus: 'suspended', state: 'notSetUp', limit: 1 })
  const name = items[0]?.name ?? ''
  await openTree(page, `/computers/${items[0]?.id}`)
  await expect(node(page, name)).toHaveAccessibleName(`${name}, Suspended, Customer, Not set up`)
  await expect(page.getByText('Suspended in EMA: that is no removal, it stays in the tree.')).toBeVisible()
})

test('markup in a name is text wherever the name stands', async ({ page, api, stack }) => {
  const name = '<script>alert(1)</script>'
  await openTree(page, `/computers/${guidOf(stack, name)}`)
  await expect(heading(page, name)).toBeVisible()
  await expect(node(page, name)).toBeVisible()
  const image = '<img src=x onerror=alert(2)> Grafika'
  await page.getByRole('textbox', { name: 'Search by name' }).fill('<img')
  await expect(node(page, image)).toBeVisible()
  await page.goto('/customers?q=%3Cscript')
  await expect(page.getByRole('link', { name, exact: true })).toBeVisible()
  await page.getByRole('button', { name: /^Search by name/ }).click()
  await page.getByRole('dialog').getByRole('combobox').fill('<script')
  await expect(page.getByRole('dialog').getByText(name)).toBeVisible()
  // Marked, so that it stands in a message and in the history as well.
  const { id } = await api.group(guidOf(stack, image))
  await page.goto(`/computers/${id}`)
  await expect(heading(page, image)).toBeVisible()
})
