import type { Locator, Page } from '@playwright/test'
import { getOverview, listAccounts } from '../packages/contract/src/index.ts'
import type { Api } from './api.ts'
import { guidOf } from './ema.ts'
import { heading, node, openTree, panel, startingWith, treeOf } from './pages.ts'
import { ADMIN, expect, test } from './test.ts'

const MANAGER = 'Vysočina IT Group'
const BREWERY = 'Pivovar Ježek a spol.'

test('a wrong password and a wrong address are said in plain words before anything is saved', async ({ page, api }) => {
  const dialog = await openConnect(page)
  await fillLogin(dialog, 'manager@demo.example', 'not-the-password')
  await dialog.getByRole('button', { name: 'Test the connection' }).click()
  await expect(dialog.getByText('EMA refused this login or password.')).toBeVisible()
  await dialog.getByLabel('Address of the EMA API').fill('http://127.0.0.1:9')
  await dialog.getByRole('button', { name: 'Test the connection' }).click()
  await expect(dialog.getByText('EMA does not answer at that address.')).toBeVisible()
  await dialog.getByLabel('Address of the EMA API').fill('mspapi.eset.com')
  await dialog.getByRole('button', { name: 'Test the connection' }).click()
  await expect(dialog.getByText('Enter an address that starts with https:// or http://.')).toBeVisible()
  expect((await api.call(listAccounts)).items).toHaveLength(1)
})

test('an account that is connected already cannot be connected twice', async ({ page }) => {
  const dialog = await openConnect(page)
  await fillLogin(dialog, 'distributor@demo.example', ADMIN.password)
  await dialog.getByRole('button', { name: 'Test the connection' }).click()
  await expect(dialog.getByText('Found: Demo Distribution s.r.o.')).toBeVisible()
  await expect(dialog.getByText('This login is connected already.')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Connect and sync' })).toBeDisabled()
})

test('connect, work, disconnect, connect again: the same groups with their setup', async ({ page, api, stack }) => {
  const first = await api.group(guidOf(stack, BREWERY))
  const overview = await api.call(getOverview)

  await test.step('a second account brings a second tree', async () => {
    await connect(page, ADMIN.password)
    await synchronised(page, api)
    await openTree(page)
    await expect(treeOf(page).getByRole('treeitem', { name: startingWith(MANAGER), level: 3 })).toBeVisible()
    await expect(node(page, 'Demo Distribution s.r.o.')).toHaveAttribute('aria-level', '3')
    const after = await api.call(getOverview)
    expect(after.customers.total).toBeGreaterThan(overview.customers.total)
  })

  await test.step('a preview is of one of the two', async () => {
    await page.goto('/sync')
    await page.getByRole('button', { name: 'Preview', exact: true }).press('Enter')
    await page.getByRole('menuitem', { name: startingWith(MANAGER) }).press('Enter')
    await expect(page.getByText('This was a preview: nothing was changed.')).toBeVisible()
    await expect(page.getByText('A sync would change nothing.')).toBeVisible()
  })

  const second = (await api.group(guidOf(stack, BREWERY))).elsewhere[0]
  const id = second?.id ?? ''

  await test.step('the same company names the other tree', async () => {
    await page.goto(`/computers/${first.id}`)
    await page.getByText('The same company stands in the tree of').getByRole('link', { name: MANAGER }).click()
    await expect(page).toHaveURL(`/computers/${id}`)
    const path = page.getByRole('main').getByRole('navigation', { name: 'Path' })
    await expect(path).not.toContainText('Demo Distribution')
    await expect(page.getByText('The same company stands in the tree of')).toContainText('Demo Distribution s.r.o.')
  })

  await test.step('its setup is its own', async () => {
    await page.getByRole('button', { name: `Mark ${BREWERY} set up` }).click()
    await expect(page.getByText(`Set up by ${ADMIN.email} just now.`)).toBeVisible()
    expect((await api.group(first.id)).setup).toBe(first.setup)
  })

  const { companies } = await account(api, MANAGER)

  await test.step('disconnecting asks first, in numbers, and says what does not happen', async () => {
    await page.goto('/accounts')
    await card(page).getByRole('button', { name: 'Disconnect' }).click()
    const dialog = page.getByRole('dialog', { name: `Disconnect ${MANAGER}?` })
    await expect(dialog.getByRole('listitem').filter({ hasText: `${companies} companies` })).toBeVisible()
    await expect(dialog).toContainText('Agents on the computers stay installed.')
    const confirm = dialog.getByRole('button', { name: 'Disconnect the account' })
    await expect(confirm).toBeDisabled()
    await dialog.getByRole('checkbox').check()
    await confirm.click()
    await expect(
      page.getByText(`${MANAGER} is disconnected, ${companies} companies are marked as removed.`),
    ).toBeVisible()
    await expect(card(page)).toContainText('Disconnected')
  })

  await test.step('its companies read removed, its groups stay', async () => {
    await openTree(page, `/computers/${id}`)
    await expect(heading(page, BREWERY)).toBeVisible()
    await expect(page.getByText('Its EMA account is disconnected.')).toBeVisible()
    await expect(treeOf(page).getByRole('treeitem', { selected: true })).toHaveAccessibleName(/, Removed$/)
    await expect(panel(page, 'History').getByRole('listitem').first()).toContainText('Its EMA account was disconnected')
    expect(await api.group(id)).toMatchObject({ presence: 'unlinked', setup: 'done' })
    expect(await api.group(first.id)).toMatchObject({ presence: 'present' })
  })

  await test.step('connected again it is linked again, with setup and history', async () => {
    await page.goto('/accounts')
    await card(page).getByRole('button', { name: 'Connect again' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByLabel('Login')).toHaveValue('manager@demo.example')
    await dialog.getByLabel('Password', { exact: true }).fill(ADMIN.password)
    await dialog.getByRole('button', { name: 'Test the connection' }).click()
    await expect(dialog).toContainText('This login was connected before')
    await dialog.getByRole('button', { name: 'Connect and sync' }).click()
    await synchronised(page, api)
    expect(await api.group(id)).toMatchObject({ presence: 'present', setup: 'done', state: 'normal' })
    await page.goto(`/computers/${id}`)
    await expect(panel(page, 'History').getByRole('listitem').first()).toContainText('Seen again and linked')
  })
})

async function openConnect(page: Page): Promise<Locator> {
  await page.goto('/accounts')
  await page.getByRole('button', { name: 'Connect an account' }).click()
  const dialog = page.getByRole('dialog', { name: 'Connect an EMA account' })
  await dialog.getByRole('button', { name: 'Use the demo source' }).click()
  return dialog
}

async function fillLogin(dialog: Locator, login: string, password: string): Promise<void> {
  await dialog.getByLabel('Login').fill(login)
  await dialog.getByLabel('Password', { exact: true }).fill(password)
}

async function connect(page: Page, password: string): Promise<void> {
  const dialog = await openConnect(page)
  await fillLogin(dialog, 'manager@demo.example', password)
  await dialog.getByRole('button', { name: 'Test the connection' }).click()
  await expect(dialog.getByText(`Found: ${MANAGER}`)).toBeVisible()
  await expect(dialog.getByText(/This login sees \d+ companies\./)).toBeVisible()
  await dialog.getByRole('button', { name: 'Connect and sync' }).click()
  await expect(dialog).toBeHidden()
}

const card = (page: Page) => page.getByRole('article', { name: MANAGER })

async function account(api: Api, name: string) {
  const found = (await api.call(listAccounts)).items.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no account ${name}`)
  return found
}

async function synchronised(page: Page, api: Api): Promise<void> {
  await expect(card(page)).toContainText('Synchronised')
  await expect.poll(async () => (await account(api, MANAGER)).health).toBe('idle')
}
