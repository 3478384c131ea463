import { heading, node, openTree, readRows, treeOf } from './pages.ts'
import { expect, test } from './test.ts'

test.beforeEach(async ({ page }) => {
  await openTree(page)
  await node(page, 'All').focus()
})

test('arrows walk, open and close; Home and End go to the ends', async ({ page }) => {
  const names = (await readRows(page)).map(({ name }) => name)
  await page.keyboard.press('ArrowDown')
  await expect(treeOf(page).getByRole('treeitem', { name: names[1] ?? '', exact: true })).toBeFocused()
  await page.keyboard.press('End')
  await expect(treeOf(page).getByRole('treeitem', { name: names.at(-1) ?? '', exact: true })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(treeOf(page).getByRole('treeitem', { name: names.at(-1) ?? '', exact: true })).toBeFocused()
  await page.keyboard.press('Home')
  await expect(node(page, 'All')).toBeFocused()

  const division = node(page, 'Divize Morava')
  await division.focus()
  await page.keyboard.press('ArrowRight')
  await expect(division).toHaveAttribute('aria-expanded', 'true')
  await expect(division).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(node(page, 'Haná Managed Services')).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(division).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(division).toHaveAttribute('aria-expanded', 'false')
  await page.keyboard.press('ArrowLeft')
  await expect(node(page, 'Demo Distribution s.r.o.')).toBeFocused()
})

test('the tree is one stop of the tab key, at the row that had the focus last', async ({ page }) => {
  await node(page, 'Divize Morava').focus()
  await page.keyboard.press('ArrowDown')
  const name = (await page.locator(':focus').getAttribute('aria-label')) ?? ''
  await page.keyboard.press('Tab')
  await expect(treeOf(page).locator(':focus')).toHaveCount(0)
  await page.keyboard.press('Shift+Tab')
  await expect(treeOf(page).getByRole('treeitem', { name, exact: true })).toBeFocused()
  await expect(treeOf(page).locator('[tabindex="0"]')).toHaveCount(1)
})

test('typing finds the next name that starts so, whatever its accents', async ({ page }) => {
  await page.keyboard.type('tatranske')
  await expect(node(page, 'Tatranské siete s.r.o.')).toBeFocused()
  await page.waitForTimeout(600) // a pause starts a new word
  await page.keyboard.type('cek')
  await expect(node(page, 'Čeká na aktivaci s.r.o.')).toBeFocused()
  await page.waitForTimeout(600)
  await page.keyboard.type('kraków it sp')
  await expect(node(page, 'Kraków IT Sp. z o.o.')).toBeFocused()
})

test('the asterisk opens everything beside the row', async ({ page }) => {
  await node(page, 'Divize Morava').focus()
  await page.keyboard.press('*')
  for (const name of ['Divize Morava', 'Division DACH']) {
    await expect(node(page, name)).toHaveAttribute('aria-expanded', 'true')
  }
  await expect(node(page, 'Haná Managed Services')).toHaveAttribute('aria-expanded', 'false')
  await expect(node(page, 'Divize Morava')).toBeFocused()
})

test('Enter shows the page and leaves the focus in the tree', async ({ page }) => {
  await node(page, 'Kraków IT Sp. z o.o.').focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  const name = (await page.locator(':focus').getAttribute('aria-label'))?.split(', Customer')[0] ?? ''
  await page.keyboard.press('Enter')
  await expect(heading(page, name)).toBeVisible()
  await expect(node(page, name)).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(node(page, name)).not.toBeFocused()
  await page.keyboard.press(' ')
  await expect(heading(page, name)).toHaveCount(0)
})

test('the focus survives scrolling through more rows than exist as elements', async ({ page }) => {
  await page.keyboard.type('chytra')
  await expect(node(page, 'Chytrá síť s.r.o.')).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('End')
  const last = page.locator(':focus')
  await expect(last).toHaveRole('treeitem')
  await expect(last).toBeInViewport()
  await page.keyboard.press('Home')
  await expect(node(page, 'All')).toBeFocused()
  await expect(node(page, 'All')).toBeInViewport()
  await page.keyboard.press('PageDown')
  await expect(page.locator(':focus')).toBeInViewport()
  await expect(node(page, 'All')).not.toBeFocused()
})
