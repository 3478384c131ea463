import type { GroupRow } from '../packages/contract/src/index.ts'
import { listChildren } from '../packages/contract/src/index.ts'
import type { Api } from './api.ts'
import { guidOf } from './ema.ts'
import { heading, node, openTree, readRows, type Row, treeOf, twist } from './pages.ts'
import { expect, test } from './test.ts'

test.beforeEach(({ page }) => openTree(page))

test('opens with All, Companies and the root of the account, everything else closed', async ({ page }) => {
  for (const name of ['All', 'Companies', 'Demo Distribution s.r.o.']) {
    await expect(node(page, name)).toHaveAttribute('aria-expanded', 'true')
  }
  for (const name of ['Divize Morava', 'Division DACH', 'Chytrá síť s.r.o.', 'Vysočina IT Group']) {
    await expect(node(page, name)).toHaveAttribute('aria-expanded', 'false')
  }
  await expect(node(page, 'Lost & found')).toBeVisible()
  await expect(node(page, 'Pivovar Ježek a spol.')).toHaveCount(0)
})

test('level, position, size of the set and order are what the API says', async ({ page, api }) => {
  await twist(node(page, 'Kraków IT Sp. z o.o.'))
  await expect(node(page, 'Kraków IT Sp. z o.o.')).toHaveAttribute('aria-expanded', 'true')
  const open = new Set(['all', 'companies', 'Demo Distribution s.r.o.', 'Kraków IT Sp. z o.o.'])
  const expected = await walk(api, open)
  await expect.poll(async () => (await readRows(page)).length).toBe(expected.length)
  expect((await readRows(page)).map(({ name, ...rest }) => ({ name: name.split(', ')[0], ...rest }))).toEqual(expected)
})

test('the mouse opens and closes, and choosing a row shows its page', async ({ page }) => {
  const division = node(page, 'Divize Morava')
  const manager = node(page, 'Haná Managed Services')
  await twist(division)
  await expect(manager).toBeVisible()
  await twist(manager)
  await expect(node(page, 'Olomoucké tvarůžky IT')).toBeVisible()
  await twist(division)
  await expect(manager).toHaveCount(0)
  await twist(division)
  await expect(node(page, 'Olomoucké tvarůžky IT')).toBeVisible()

  await manager.click()
  await expect(heading(page, 'Haná Managed Services')).toBeVisible()
  await expect(manager).toHaveAttribute('aria-selected', 'true')
  await expect(treeOf(page).getByRole('treeitem', { selected: true })).toHaveCount(1)
})

test('all can be opened and closed at once', async ({ page, api }) => {
  await page.getByRole('button', { name: 'Expand all' }).click()
  await expect(node(page, 'Alpen Managed Services GmbH')).toHaveAttribute('aria-expanded', 'true')
  await node(page, 'All').focus()
  await page.keyboard.press('End')
  const { rollUp } = await api.group('root')
  const row = treeOf(page).getByRole('treeitem').last()
  await expect(row).toBeFocused()
  // All, Companies, Lost & found and the place for orphans are not companies; every company stands in one row.
  expect(Number(await row.getAttribute('data-row')) + 1).toBe(rollUp.companies + 4)
  await page.getByRole('button', { name: 'Collapse all' }).click()
  await expect(treeOf(page).getByRole('treeitem')).toHaveCount(3)
  await expect(node(page, 'Companies')).toHaveAttribute('aria-expanded', 'false')
})

test('what is open stays open while other screens are visited', async ({ page }) => {
  await twist(node(page, 'Division DACH'))
  await expect(node(page, 'Edelweiß IT')).toHaveCount(0)
  await twist(node(page, 'Alpen Managed Services GmbH'))
  await expect(node(page, 'Edelweiß IT')).toBeVisible()
  await page.getByRole('link', { name: 'Accounts' }).click()
  await page.getByRole('link', { name: 'Computers' }).click()
  await expect(node(page, 'Edelweiß IT')).toBeVisible()
  await page.reload()
  await expect(node(page, 'Edelweiß IT')).toBeVisible()
})

test.describe('links', () => {
  test('by GUID and by our id lead to the same page and show the node', async ({ page, api, stack }) => {
    const guid = guidOf(stack, 'Pivovar Ježek a spol.')
    const { id } = await api.group(guid)
    for (const ref of [guid.toUpperCase(), id]) {
      await page.evaluate(() => sessionStorage.clear())
      await page.goto(`/computers/${ref}`)
      await expect(heading(page, 'Pivovar Ježek a spol.')).toBeVisible()
      await expect(page).toHaveURL(`/computers/${id}`)
      await expect(node(page, 'Pivovar Ježek a spol.')).toBeInViewport()
      await expect(node(page, 'Pivovar Ježek a spol.')).toHaveAttribute('aria-selected', 'true')
    }
    const path = page.getByRole('main').getByRole('navigation', { name: 'Path' })
    for (const name of ['Demo Distribution s.r.o.', 'Vysočina IT Group', 'Jihlavský servis počítačů']) {
      await expect(path.getByRole('link', { name })).toBeVisible()
    }
  })

  test('back and forward walk through the pages that were chosen', async ({ page }) => {
    await node(page, 'Kraków IT Sp. z o.o.').click()
    await expect(heading(page, 'Kraków IT Sp. z o.o.')).toBeVisible()
    await node(page, 'Divize Morava').click()
    await expect(heading(page, 'Divize Morava')).toBeVisible()
    await page.goBack()
    await expect(heading(page, 'Kraków IT Sp. z o.o.')).toBeVisible()
    await expect(node(page, 'Kraków IT Sp. z o.o.')).toHaveAttribute('aria-selected', 'true')
    await page.goForward()
    await expect(heading(page, 'Divize Morava')).toBeVisible()
  })

  test('to nothing say so, on a page inside the console', async ({ page }) => {
    for (const address of ['/nowhere', '/computers/999999', '/computers/00000000-0000-4000-8000-000000000000']) {
      await page.goto(address)
      await expect(page.getByText('Nothing here')).toBeVisible()
      await expect(page.getByRole('navigation', { name: 'Main menu' })).toBeVisible()
    }
    await page.goto('/sync/999999')
    await expect(page.getByText('Nothing here')).toBeVisible()
  })
})

/** The rows as they have to be, asked from the API level by level. */
async function walk(api: Api, open: ReadonlySet<string>): Promise<Row[]> {
  const rows: Row[] = []
  const visit = async (
    group: Pick<GroupRow, 'id' | 'kind' | 'name' | 'childCount'>,
    place: Omit<Row, 'name' | 'open'>,
  ) => {
    const own: Record<string, string> = { all: 'All', companies: 'Companies', lostAndFound: 'Lost & found' }
    const name = own[group.kind] ?? (group.kind === 'unresolved' ? 'Without a visible parent' : group.name)
    const isOpen = open.has(group.kind) || open.has(group.name)
    rows.push({ name, ...place, open: group.childCount > 0 ? isOpen : null })
    if (!isOpen) return
    const { items, total } = await api.call(listChildren, { params: { id: group.id }, query: { limit: 200 } })
    for (const [at, child] of items.entries()) await visit(child, { level: place.level + 1, pos: at + 1, size: total })
  }
  await visit(await api.group('root'), { level: 1, pos: 1, size: 1 })
  return rows
}
