import type { Page } from '@playwright/test'
import { listUsers } from '../packages/contract/src/index.ts'
import { heading, openTree, panel, treeOf } from './pages.ts'
import { expect, test } from './test.ts'

test('Czech is whole: menu, states, plurals, language of the document; it is remembered', async ({ page }) => {
  await page.goto('/')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await choose(page, 'Appearance and language', 'Čeština')
  await expect(page.locator('html')).toHaveAttribute('lang', 'cs')
  const menu = page.getByRole('navigation', { name: 'Hlavní nabídka' })
  for (const name of ['Přehled stavu', 'Počítače', 'Spravovaní zákazníci', 'Synchronizace', 'Účty']) {
    await expect(menu.getByRole('link', { name })).toBeVisible()
  }
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', 'cs')
  await expect(heading(page, 'Přehled stavu')).toBeVisible()

  await page.goto('/customers?presence=present')
  const boxes = page.getByRole('table').locator('tbody').getByRole('checkbox')
  const sentences = new Map([
    [1, '1 zákazník bude označen za nastaveného.'],
    [2, '2 zákazníci budou označeni za nastavené.'],
    [5, '5 zákazníků bude označeno za nastavené.'],
  ])
  for (let count = 1; count <= 5; count += 1) {
    await boxes.nth(count - 1).check()
    const sentence = sentences.get(count)
    if (sentence === undefined) continue
    await page.getByRole('button', { name: 'Označit za nastavené' }).click()
    await expect(page.getByRole('dialog')).toContainText(sentence)
    await page.getByRole('dialog').getByRole('button', { name: 'Zrušit' }).click()
    await expect(page.getByRole('dialog')).toBeHidden()
  }

  await page.goto('/computers')
  const tree = page.getByRole('tree', { name: 'Statické skupiny' })
  await expect(tree.getByRole('treeitem', { name: /^Společnosti, / })).toBeVisible()
  await expect(tree.getByRole('treeitem', { name: /^Ztráty a nálezy/ })).toBeVisible()
  const legend = page.getByRole('group', { name: 'Zobrazit jen zákazníky ve stavu' })
  for (const name of [/^Nenastaven/, /^Nastaven/, /^Odstraněn/]) {
    await expect(legend.getByRole('button', { name })).toBeVisible()
  }
})

test('no screen in Czech keeps an English sentence or a bare key', async ({ page, api }) => {
  await page.addInitScript(() => localStorage.setItem('msp-console.language', 'cs'))
  const [user] = (await api.call(listUsers, { query: { q: 'Alena Admin' } })).items
  for (const address of [
    '/',
    '/computers',
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
  ]) {
    await page.goto(address)
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
    await expect(page.getByLabel('Načítání…')).toHaveCount(0)
    const text = await page.locator('body').innerText()
    expect(text, address).not.toMatch(/\b(the|and|with|customers|companies|yet|Loading)\b/)
    expect(text, address).not.toMatch(/\b[a-z]+\.[a-z]+[A-Z]\w*\b|\{\{|undefined|NaN/)
  }
})

test('in Czech too the head of a panel is one line, 1280 px wide', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('msp-console.language', 'cs'))
  await page.goto('/')
  for (const title of ['Noví nenastavení zákazníci', 'Nenastavení podle poskytovatelů']) {
    const head = panel(page, title).locator('header')
    expect((await head.boundingBox())?.height).toBeLessThan(56)
  }
})

test('the way back to English stands in its own words', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('msp-console.language', 'cs'))
  await page.goto('/accounts')
  await expect(heading(page, 'Účty EMA')).toBeVisible()
  await page.getByRole('button', { name: 'Vzhled a jazyk' }).click()
  await page.getByRole('menuitemradio', { name: 'English' }).click()
  await expect(heading(page, 'EMA accounts')).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})

test.describe('a browser that prefers Czech', () => {
  test.use({ locale: 'cs-CZ' })
  test('gets Czech without asking', async ({ page }) => {
    await page.goto('/')
    await expect(heading(page, 'Přehled stavu')).toBeVisible()
  })
})

test('dark is chosen, painted and remembered; the system decides until then', async ({ page }) => {
  await openTree(page)
  const html = page.locator('html')
  const light = await background(page)
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await choose(page, 'Appearance and language', 'Dark')
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark')
  expect(await background(page)).not.toBe(light)
  await page.reload()
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await expect(treeOf(page)).toBeVisible()
  await choose(page, 'Appearance and language', 'Light')
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'light')
  expect(await background(page)).toBe(light)
})

async function choose(page: Page, menu: string, item: string): Promise<void> {
  await page.getByRole('button', { name: menu }).click()
  await page.getByRole('menuitemradio', { name: item }).click()
}

function background(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor)
}
