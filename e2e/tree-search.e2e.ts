import { searchGroups } from '../packages/contract/src/index.ts'
import { guidOf } from './ema.ts'
import { heading, node, openTree, readRows, treeOf, twist } from './pages.ts'
import { expect, test } from './test.ts'

test.beforeEach(({ page }) => openTree(page))

test('matches stand inside their ancestors, marked and counted; Esc brings the old expansion back', async ({
  page,
  api,
}) => {
  await twist(node(page, 'Divize Morava'))
  await expect(node(page, 'Haná Managed Services')).toBeVisible()
  const before = await readRows(page)

  const field = page.getByRole('textbox', { name: 'Search by name' })
  await field.fill('lekarna u')
  const { total } = await api.call(searchGroups, { query: { q: 'lekarna u' } })
  expect(total).toBeGreaterThan(2)
  await expect(page.getByText(`${total} matches`, { exact: true })).toBeVisible()
  await expect(treeOf(page).locator('mark')).toHaveText(Array.from({ length: total }, () => 'Lékárna U'))
  await expect(node(page, 'Jihlavský servis počítačů')).toHaveAttribute('aria-expanded', 'true')
  await expect(node(page, 'Divize Morava')).toHaveCount(0)

  await field.press('Escape')
  await expect(field).toHaveValue('')
  await expect.poll(() => readRows(page)).toEqual(before)
})

test('one match, none, and the way from the field into the tree', async ({ page }) => {
  const field = page.getByRole('textbox', { name: 'Search by name' })
  await field.fill('spilberk')
  await expect(page.getByText('1 match', { exact: true })).toBeVisible()
  await field.press('Enter')
  await expect(node(page, 'Špilberk muzeum')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(field).toHaveValue('')
  // What had the focus is out of sight again: its nearest ancestor that is not takes it.
  await expect(node(page, 'Divize Morava')).toBeFocused()

  await field.fill('there is no such company')
  await expect(page.getByText('Nothing in the tree matches.')).toBeVisible()
  await page.getByRole('button', { name: 'Show everything again' }).click()
  await expect(node(page, 'Demo Distribution s.r.o.')).toBeVisible()
})

test('a search finds also by identifier, as the server does', async ({ page }) => {
  await page.getByRole('textbox', { name: 'Search by name' }).fill('PSA:1042')
  await expect(node(page, 'Nemocnice Na Kopci')).toBeVisible()
  await expect(page.getByText('1 match', { exact: true })).toBeVisible()
})

test('the legend is the filter: it counts what there is and shows only that', async ({ page, api }) => {
  const { rollUp } = await api.group('root')
  const legend = page.getByRole('group', { name: 'Show only customers that are' })
  const states = [
    ['Not set up', rollUp.notSetUp],
    ['Set up', rollUp.normal],
    ['Removed', rollUp.unlinked],
  ] as const
  for (const [name, count] of states) {
    expect(count).toBeGreaterThan(0)
    const button = legend.getByRole('button', { name: new RegExp(`^${name} ?${count}$`) })
    await button.click()
    await expect(button).toHaveAttribute('aria-pressed', 'true')
    await expect(page.getByText(new RegExp(`^${count} match(es)?$`))).toBeVisible()
    const customers = (await readRows(page)).filter((row) => row.name.includes(', Customer,'))
    expect(customers.length).toBeGreaterThan(0)
    for (const row of customers) expect(row.name).toContain(`, Customer, ${name}`)
    await button.click()
    await expect(button).toHaveAttribute('aria-pressed', 'false')
  }
  await expect(node(page, 'Divize Morava')).toBeVisible()
})

test('the filter lives in the address, and gives way to a link that leads past it', async ({ page, api, stack }) => {
  const legend = page.getByRole('group', { name: 'Show only customers that are' })
  const removed = legend.getByRole('button', { name: /^Removed/ })
  await removed.click()
  await expect(page).toHaveURL('/computers?state=unlinked')
  await page.reload()
  await expect(removed).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByText(/^\d+ match(es)?$/)).toBeVisible()

  const guid = guidOf(stack, 'Pivovar Ježek a spol.')
  const { id } = await api.group(guid)
  await page.goto(`/computers/${guid}`)
  await expect(node(page, 'Pivovar Ježek a spol.')).toBeInViewport()
  await expect(removed).toHaveAttribute('aria-pressed', 'false')
  await expect(page).toHaveURL(`/computers/${id}`)
})

test('a hit that was opened stays in sight and in focus when the search ends', async ({ page }) => {
  const field = page.getByRole('textbox', { name: 'Search by name' })
  await field.fill('spilberk')
  await expect(page.getByText('1 match', { exact: true })).toBeVisible()
  await field.press('Enter')
  await page.keyboard.press('Enter')
  await expect(heading(page, 'Špilberk muzeum')).toBeVisible()
  await expect(page).toHaveURL(/\?q=spilberk$/)
  await page.keyboard.press('Escape')
  await expect(field).toHaveValue('')
  await expect(node(page, 'Špilberk muzeum')).toBeFocused()
  await expect(node(page, 'Špilberk muzeum')).toBeInViewport()
})
