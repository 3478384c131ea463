import type { Page } from '@playwright/test'
import { listRuns, listUsers } from '../packages/contract/src/index.ts'
import type { Api } from './api.ts'
import { guidOf } from './ema.ts'
import { enterAs, heading, node, settles, twist } from './pages.ts'
import { ADMIN, expect, test } from './test.ts'

test.use({ viewport: { width: 360, height: 740 } })

test('the tree is a drill-down with a way back', async ({ page }) => {
  await page.goto('/computers')
  await expect(node(page, 'Demo Distribution s.r.o.')).toBeVisible()
  await twist(node(page, 'Kraków IT Sp. z o.o.'))
  await node(page, 'Kraków IT Sp. z o.o.').click()
  await expect(heading(page, 'Kraków IT Sp. z o.o.')).toBeVisible()
  await expect(page.getByRole('tree')).toBeHidden()
  const child = page.getByRole('region', { name: 'Direct children' }).getByRole('link').first()
  const name = (await child.textContent()) ?? ''
  await child.click()
  await expect(heading(page, name)).toBeVisible()
  const path = page.getByRole('main').getByRole('navigation', { name: 'Path' })
  await path.getByRole('link', { name: 'Kraków IT Sp. z o.o.' }).click()
  await expect(heading(page, 'Kraków IT Sp. z o.o.')).toBeVisible()
  await page.getByRole('link', { name: 'Back to the tree' }).click()
  await expect(node(page, 'Kraków IT Sp. z o.o.')).toBeVisible()
  await expect(node(page, 'Kraków IT Sp. z o.o.')).toHaveAttribute('aria-expanded', 'true')
})

test('why one sees a group is asked beside its state, below its name', async ({ page, stack }) => {
  await page.goto(`/computers/${guidOf(stack, 'Nemocnice Na Kopci')}`)
  const name = await heading(page, 'Nemocnice Na Kopci').boundingBox()
  const why = await page.getByRole('button', { name: 'Why do I see this?' }).boundingBox()
  const state = await page.getByRole('main').getByText('Customer', { exact: true }).first().boundingBox()
  expect(why?.y ?? 0).toBeGreaterThanOrEqual((name?.y ?? 0) + (name?.height ?? 0))
  const middle = ({ y = 0, height = 0 } = {}) => y + height / 2
  expect(Math.abs(middle(why ?? undefined) - middle(state ?? undefined))).toBeLessThan(2)
})

test('the menu is a drawer that leads everywhere', async ({ page }) => {
  await page.goto('/')
  for (const [link, title] of [
    ['Managed customers', 'Managed customers'],
    ['Accounts', 'EMA accounts'],
  ] as const) {
    await page.getByRole('button', { name: 'Open the main menu' }).click()
    await page.getByRole('dialog').getByRole('link', { name: link }).click()
    await expect(heading(page, title)).toBeVisible()
    await expect(page.getByRole('dialog')).toBeHidden()
  }
})

test('customers are set up from cards', async ({ page, api, stack }) => {
  const { id } = await api.group(guidOf(stack, 'Kraków IT Sp. z o.o.'))
  await page.goto(`/customers?under=${id}&state=notSetUp`)
  const cards = page.getByRole('list', { name: 'Managed customers' })
  await cards.getByRole('checkbox').first().check()
  await page.getByRole('button', { name: 'Mark set up' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Mark set up' }).click()
  await expect(page.getByText('1 customer marked set up.')).toBeVisible()
})

test('the age of the data is told by the sync button', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('button', { name: /^Sync now\. Data as of / })).toBeVisible()
})

test.describe('who cannot start a sync', () => {
  test.use({ signedIn: false })

  test('reads the age of the data below the header', async ({ page }) => {
    await enterAs(page, { ...ADMIN, email: 'partner@demo.example' })
    await expect(page.getByRole('link', { name: /^Data as of / })).toBeVisible()
    await expect(page.getByRole('button', { name: /^Sync now/ })).toHaveCount(0)
  })
})

for (const width of [360, 1280]) {
  test(`no page scrolls sideways or out of the window, ${width} px wide`, async ({ page, api, stack }) => {
    await page.setViewportSize({ width, height: 740 })
    for (const address of await addresses(api, guidOf(stack, LONG))) {
      await page.goto(address)
      await settles(page)
      expect(await overflow(page), address).toEqual({ right: 0, below: 0 })
    }
  })
}

const LONG =
  'Sdružení pro rozvoj, údržbu a nepřetržitý provoz informačních systémů obcí Horního Podluží, Dolního Podluží, Jiřetína pod Jedlovou a přilehlých samot, zapsaný spolek se sídlem v Horním Podluží čp. 217'

async function addresses(api: Api, guid: string): Promise<string[]> {
  const runs = await api.call(listRuns)
  const [user] = (await api.call(listUsers, { query: { q: 'Alena Admin' } })).items
  const own = [
    '/',
    '/computers/root',
    '/customers',
    '/sync',
    '/accounts',
    '/accounts?connect=1',
    '/profile',
    '/audit',
    '/users',
    '/users/sets',
    `/users/${user?.id}`,
    '/join',
    '/nowhere',
  ]
  return [...own, ...runs.items.map(({ id }) => `/sync/${id}`), `/computers/${guid}`]
}

/** By how many pixels the document is larger than the window: screens scroll inside, below the header. */
function overflow(page: Page): Promise<{ right: number; below: number }> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement
    const { body } = document
    return {
      right: Math.max(scrollWidth, body.scrollWidth) - clientWidth,
      below: Math.max(scrollHeight, body.scrollHeight) - clientHeight,
    }
  })
}
