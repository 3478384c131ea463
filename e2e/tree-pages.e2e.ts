import { guidOf, signInToEma } from './ema.ts'
import { heading, node, openTree, syncNow, twist } from './pages.ts'
import { expect, test } from './test.ts'

// A view with more customers than a browser should hold: they come group by group, and the server looks for them.

test.use({ settings: { TREE_WHOLE_MOST: '10' } })
test.beforeEach(({ page }) => openTree(page))

test('customers come when their group is opened, and live updates change them', async ({ page, stack }) => {
  const ema = await signInToEma(stack, 'msp')
  await twist(node(page, 'Chytrá síť s.r.o.'))
  await expect(node(page, 'Cihla a syn')).toBeVisible()
  await ema.rename('customer', guidOf(stack, 'Cihla a syn'), 'Kámen a dcera')
  await syncNow(page)
  await expect(node(page, 'Kámen a dcera')).toBeVisible()
  await expect(node(page, 'Cihla a syn')).toHaveCount(0)
})

test('the filter asks the server, and its matches stand inside their ancestors', async ({ page }) => {
  const field = page.getByRole('textbox', { name: 'Search by name' })
  await field.fill('spilberk')
  await expect(node(page, 'Špilberk muzeum')).toBeVisible()
  await expect(page.getByText('1 match', { exact: true })).toBeVisible()
  await field.press('Escape')
  await expect(node(page, 'Špilberk muzeum')).toHaveCount(0)
})

test('a link to a customer whose page was not asked for leads to its row', async ({ page, api }) => {
  const [customer] = (await api.customers({ q: 'Špilberk muzeum' })).items
  await page.goto(`/computers/${customer?.id}`)
  await expect(heading(page, 'Špilberk muzeum')).toBeVisible()
  await expect(node(page, 'Špilberk muzeum')).toBeVisible()
})
