import type { Page } from '@playwright/test'
import { guidOf } from './ema.ts'
import { expect, test } from './test.ts'

const table = (page: Page) => page.getByRole('table', { name: 'Managed customers' })
const bar = (page: Page) => page.getByRole('region', { name: 'Actions for the selection' })
const names = (page: Page) => table(page).locator('tbody').getByRole('link').filter({ visible: true })

/** The list of the customers of one MSP that are not set up. */
async function openBelow(page: Page, id: string, state = 'notSetUp'): Promise<void> {
  await page.goto(`/customers?under=${id}&state=${state}`)
  await expect(table(page)).toBeVisible()
}

test('several are marked at once, with the number asked first, and undone', async ({ page, api, stack }) => {
  const { id, rollUp } = await api.group(guidOf(stack, 'North Wind Support Ltd'))
  const before = rollUp.notSetUp
  await openBelow(page, id)
  const boxes = table(page).getByRole('checkbox', { name: /^Select (?!all loaded)/ })
  await expect(boxes).toHaveCount(before)
  for (const nth of [0, 1, 2]) await boxes.nth(nth).check()
  await expect(bar(page)).toContainText('3 selected')
  await bar(page).getByRole('button', { name: 'Mark set up' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('3 customers will be marked set up.')
  await expect(dialog).toContainText('Nothing is changed in EMA')
  await dialog.getByRole('button', { name: 'Mark set up' }).click()
  await expect(page.getByText('3 customers marked set up.')).toBeVisible()
  await expect(boxes).toHaveCount(before - 3)
  await expect(bar(page)).toHaveCount(0)

  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(boxes).toHaveCount(before)
  expect((await api.group(id)).rollUp.notSetUp).toBe(before)
})

test('everything that matches is marked, loaded or not, and undone with each former state', async ({ page, api }) => {
  const all = await api.customers({ presence: 'present', limit: 1 })
  const done = await api.customers({ presence: 'present', setup: 'done', limit: 1 })
  const none = await api.customers({ presence: 'present', setup: 'none', limit: 1 })
  expect(all.total).toBeGreaterThan(200)
  await page.goto('/customers?presence=present')
  await table(page).getByRole('checkbox', { name: 'Select all loaded customers' }).check()
  await bar(page)
    .getByRole('button', { name: `Select all ${all.total} that match` })
    .click()
  await expect(bar(page)).toContainText(`All ${all.total} that match are selected`)
  await bar(page).getByRole('button', { name: 'Skip setup' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(`The setup of ${all.total} customers will be skipped.`)
  await expect(dialog).toContainText('also what is not loaded yet')
  await dialog.getByRole('button', { name: 'Skip setup' }).click()
  await expect(page.getByText(/^Setup of \d+ customers skipped\./)).toBeVisible()
  expect((await api.customers({ presence: 'present', setup: 'skipped', limit: 1 })).total).toBe(all.total)

  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('Undone.')).toBeVisible()
  expect((await api.customers({ presence: 'present', setup: 'done', limit: 1 })).total).toBe(done.total)
  expect((await api.customers({ presence: 'present', setup: 'none', limit: 1 })).total).toBe(none.total)
})

test('filters, search and sort live in the address and survive a reload', async ({ page, api }) => {
  await page.goto('/customers')
  await expect(table(page)).toBeVisible()
  await page.getByRole('button', { name: 'Filters' }).click()
  for (const [group, choice] of [
    ['Status in EMA', 'Suspended'],
    ['State', 'Not set up'],
  ] as const) {
    const box = page.getByRole('group', { name: group, exact: true }).getByRole('checkbox', { name: choice })
    // Not check(): the address changes first and the box follows it.
    await box.click()
    await expect(box).toBeChecked()
  }
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox', { name: 'Search customers' }).fill('a')
  await expect(page).toHaveURL(/q=a/)
  await table(page).getByRole('button', { name: 'Name' }).click()
  await expect(table(page).getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'descending')

  const expected = await api.customers({
    q: 'a',
    state: 'notSetUp',
    sourceStatus: 'suspended',
    sort: '-name',
    limit: 200,
  })
  expect(expected.total).toBeGreaterThan(2)
  const check = async () => {
    await expect(page.getByText(`${expected.total} customers`, { exact: true })).toBeVisible()
    await expect(table(page).getByRole('checkbox', { name: /^Select (?!all loaded)/ })).toHaveCount(expected.total)
    const first = table(page).locator('tbody').getByRole('row').first()
    await expect(first.getByRole('link').first()).toHaveText(expected.items[0]?.name ?? '')
    await expect(page.getByRole('searchbox', { name: 'Search customers' })).toHaveValue('a')
    await expect(table(page).getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'descending')
    await expect(page.getByRole('button', { name: 'Remove the filter Status in EMA: Suspended' })).toBeVisible()
  }
  await check()
  await page.reload()
  await check()

  await page.getByRole('button', { name: 'Remove the filter Status in EMA: Suspended' }).click()
  await expect(page).not.toHaveURL(/sourceStatus/)
  await page.goBack()
  await check()
  await page.getByRole('button', { name: 'Clear all filters' }).click()
  await expect(page).toHaveURL('/customers?sort=-name')
})

test('more is loaded by a button until everything is there', async ({ page, api }) => {
  const { total } = await api.customers({ limit: 1 })
  await page.goto('/customers')
  await expect(page.getByText(`100 of ${total} loaded`)).toBeAttached()
  await table(page)
    .locator('xpath=..')
    .evaluate((element) => element.scrollTo(0, element.scrollHeight))
  await page.getByRole('button', { name: 'Load more' }).click()
  await expect(page.getByText(`200 of ${total} loaded`)).toBeAttached()
})

test('a search without a match says so and leads back', async ({ page }) => {
  await page.goto('/customers?q=nobodyiscalledthis')
  await expect(page.getByText('No customer matches')).toBeVisible()
  await page.getByRole('main').getByRole('button', { name: 'Clear all filters' }).first().click()
  await expect(table(page)).toBeVisible()
  await expect(names(page).first()).toBeVisible()
})

test('the columns shown at first fit beside the menu, 1280 px wide, and each can be sorted by', async ({ page }) => {
  await page.goto('/customers')
  await expect(names(page).first()).toBeVisible()
  const { box, inside } = await table(page).evaluate((element) => {
    const scroll = element.parentElement ?? element
    return { box: scroll.getBoundingClientRect().right, inside: [scroll.scrollWidth, scroll.clientWidth] }
  })
  expect(inside[0]).toBe(inside[1])
  const heads = table(page).getByRole('columnheader').getByRole('button')
  await expect(heads).toHaveCount(4)
  for (const head of await heads.all()) {
    const place = await head.boundingBox()
    expect((place?.x ?? 0) + (place?.width ?? 0)).toBeLessThanOrEqual(box)
  }
})

test('Czech order: č after c, ch after h', async ({ page, api, stack }) => {
  const { id } = await api.group(guidOf(stack, 'Chytrá síť s.r.o.'))
  await page.goto(`/customers?under=${id}&presence=present`)
  await expect(table(page)).toBeVisible()
  const shown = await table(page).locator('tbody tr td:nth-child(2)').allTextContents()
  const order = [
    'Cihla a syn',
    'Cukrárna Hana',
    'Čáp & Čápová',
    'Hora sport',
    'Hřebec stáje',
    'Chata Pod Lesem',
    'Ibis travel',
  ]
  expect(shown.filter((name) => order.includes(name))).toEqual(order)
})
