import type { Page } from '@playwright/test'
import { listAccounts, startRun } from '../packages/contract/src/index.ts'
import { guidOf, signInToEma } from './ema.ts'
import { heading, markPage, node, openTree, panel, readRows, syncNow, treeOf, twist, wasReloaded } from './pages.ts'
import { expect, test } from './test.ts'

// Changes are made in EMA by HTTP while the console is open; Sync now is pressed, and the page never reloads.

test.beforeEach(async ({ page }) => {
  await openTree(page)
  await markPage(page)
})
test.afterEach(async ({ page }) => expect(await wasReloaded(page)).toBe(false))

const history = (page: Page) => panel(page, 'History').getByRole('listitem')

test('a new company appears where it belongs, with its history', async ({ page, stack, ema }) => {
  const parent = node(page, 'Kraków IT Sp. z o.o.')
  await twist(parent)
  await expect(parent).toHaveAttribute('aria-expanded', 'true')
  await ema.createCustomer(guidOf(stack, 'Kraków IT Sp. z o.o.'), 'Nowa Piekarnia Testowa')
  await syncNow(page)
  await expect(node(page, 'Nowa Piekarnia Testowa')).toHaveAccessibleName(
    'Nowa Piekarnia Testowa, Customer, Not set up',
  )
  await node(page, 'Nowa Piekarnia Testowa').click()
  await expect(heading(page, 'Nowa Piekarnia Testowa')).toBeVisible()
  await expect(history(page).first()).toContainText('Seen for the first time')
  await history(page).first().getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1, name: /^Sync of / })).toBeVisible()
  await expect(page.getByRole('main').getByRole('link', { name: 'Nowa Piekarnia Testowa' })).toBeVisible()
})

test('a new name shows in the open page and the old one is still found', async ({ page, stack }) => {
  const ema = await signInToEma(stack, 'msp')
  await twist(node(page, 'Chytrá síť s.r.o.'))
  await node(page, 'Cihla a syn').click()
  await expect(heading(page, 'Cihla a syn')).toBeVisible()
  await ema.rename('customer', guidOf(stack, 'Cihla a syn'), 'Kámen a dcera')
  await syncNow(page)
  await expect(heading(page, 'Kámen a dcera')).toBeVisible()
  await expect(node(page, 'Kámen a dcera')).toBeVisible()
  await expect(history(page).first()).toContainText('Renamed from “Cihla a syn” to “Kámen a dcera”')
  await page.getByRole('button', { name: /^Search by name/ }).click()
  await page.getByRole('dialog').getByRole('combobox').fill('cihla')
  await expect(page.getByRole('dialog').getByText('Kámen a dcera')).toBeVisible()
})

test('an MSP moved to another Division stands there, with everything below it', async ({ page, stack, ema }) => {
  const moved = 'Moravská IT, s.r.o.'
  await twist(node(page, 'Divize Morava'))
  await node(page, moved).click()
  await expect(heading(page, moved)).toBeVisible()
  await ema.moveMsp(guidOf(stack, moved), guidOf(stack, 'Division DACH'))
  await syncNow(page)
  const path = page.getByRole('main').getByRole('navigation', { name: 'Path' })
  await expect(path.getByRole('link', { name: 'Division DACH' })).toBeVisible()
  await expect(path.getByRole('link', { name: 'Divize Morava' })).toHaveCount(0)
  await expect(history(page).first()).toContainText('Moved from “Divize Morava” to “Division DACH”')
  await expect(node(page, moved)).toHaveCount(0)
  await twist(node(page, 'Division DACH'))
  await expect(node(page, moved)).toHaveAttribute('aria-level', '5')
})

test('suspended and taken back: a badge comes and goes, the company stays', async ({ page, stack, ema }) => {
  const name = 'North Wind Support Ltd'
  await node(page, name).click()
  await expect(heading(page, name)).toBeVisible()
  await ema.suspend(guidOf(stack, name))
  await syncNow(page)
  await expect(node(page, name)).toHaveAccessibleName(/, Suspended, /)
  await expect(history(page).first()).toContainText('Status in EMA changed from Active to Suspended')
  await ema.unsuspend(guidOf(stack, name))
  await syncNow(page)
  await expect(node(page, name)).not.toHaveAccessibleName(/Suspended/)
  await expect(history(page).first()).toContainText('Status in EMA changed from Suspended to Active')
})

test('a deleted company is first not seen, then removed, and its group stays', async ({ page, stack, api }) => {
  const name = 'Žába bazény'
  const guid = guidOf(stack, name)
  const { id } = await api.group(guid)
  const ema = await signInToEma(stack, 'msp')
  await page.goto(`/computers/${id}`)
  await expect(heading(page, name)).toBeVisible()
  await expect(node(page, name)).toBeVisible()
  await markPage(page)
  await ema.suspend(guid)
  await ema.remove(guid)

  await syncNow(page)
  await expect(node(page, name)).toHaveAccessibleName(/, Not seen lately$/)
  await expect(history(page).first()).toContainText('Missing from a complete listing')
  expect(await api.group(id)).toMatchObject({ presence: 'suspect' })

  await syncNow(page)
  await expect(node(page, name)).toHaveAccessibleName(/^Žába bazény, Customer, Removed/)
  await expect(history(page).first()).toContainText('Removed: EMA no longer feeds it')
  await expect(page.getByText('Group, computers and settings stay; agents stay installed.')).toBeVisible()
  expect(await api.group(id)).toMatchObject({ presence: 'unlinked', state: 'unlinked' })
})

test('expansion, focus and what is looked at stay where they are', async ({ page, stack, ema, api }) => {
  for (const name of ['Kraków IT Sp. z o.o.', 'Vysočina IT Group', 'Jihlavský servis počítačů']) {
    await twist(node(page, name))
    await expect(node(page, name)).toHaveAttribute('aria-expanded', 'true')
  }
  const watched = node(page, 'Pivovar Ježek a spol.')
  await treeOf(page).hover()
  await page.mouse.wheel(0, 500)
  await watched.focus()
  await expect(watched).toBeInViewport()
  await expect(node(page, 'Kraków IT Sp. z o.o.')).not.toBeInViewport()
  const place = await watched.boundingBox()
  const open = await readOpen(page)
  const index = Number(await watched.getAttribute('data-row'))

  // Its row comes above what is looked at.
  await ema.createCustomer(guidOf(stack, 'Kraków IT Sp. z o.o.'), 'Aaa Pierwsza Piekarnia')
  // Not by the button: the focus has to stay in the tree.
  const [account] = (await api.call(listAccounts)).items
  await api.call(startRun, { params: { id: account?.id ?? '' } })
  await expect(watched).toHaveAttribute('data-row', String(index + 1))
  expect(await watched.boundingBox()).toEqual(place)
  expect(await readOpen(page)).toEqual(open)
  await expect(watched).toBeFocused()
})

/** Names of the open groups among the rows that exist as elements. */
async function readOpen(page: Page): Promise<string[]> {
  return (await readRows(page)).filter((row) => row.open === true).map(({ name }) => name.split(', ')[0] ?? '')
}
