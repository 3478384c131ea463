import type { Page } from '@playwright/test'
import axe from 'axe-core'
import { listRuns, listUsers } from '../packages/contract/src/index.ts'
import { guidOf } from './ema.ts'
import { node, openTree, settles } from './pages.ts'
import { expect, test } from './test.ts'

// axe finds what a machine can find; keys and names have specs of their own. Run by evaluate: the page's own content
// security policy stays in force.

for (const scheme of ['light', 'dark'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme })

    test('every screen is without serious findings', async ({ page, api, stack }) => {
      test.setTimeout(240_000)
      const [run] = (await api.call(listRuns)).items
      const { items } = await api.customers({ sourceStatus: 'suspended', limit: 1 })
      const [user] = (await api.call(listUsers, { query: { q: 'Alena Admin' } })).items
      const removed = await api.customers({ state: 'unlinked', limit: 1 })
      const addresses = [
        '/',
        '/customers',
        '/customers?q=nobodyiscalledthis',
        '/sync',
        `/sync/${run?.id}`,
        '/accounts',
        '/profile',
        '/audit',
        '/users',
        '/users/sets',
        `/users/${user?.id}`,
        '/join',
        '/nowhere',
        `/computers/${guidOf(stack, 'Vysočina IT Group')}`,
        `/computers/${items[0]?.id}`,
        `/computers/${removed.items[0]?.id}`,
      ]
      for (const address of addresses) {
        await page.goto(address)
        await settles(page)
        expect(await serious(page, scheme), `${address} in ${scheme}`).toEqual([])
      }
    })

    test('so are the tree at work, the dialogs and the menus', async ({ page }) => {
      await openTree(page)
      await page.getByRole('textbox', { name: 'Search by name' }).fill('a')
      await expect(page.getByText(/^\d+ matches$/)).toBeVisible()
      expect(await serious(page, scheme), 'search in the tree').toEqual([])
      await page.keyboard.press('Escape')
      await node(page, 'Divize Morava').click()
      expect(await serious(page, scheme), 'a chosen row').toEqual([])

      await page.getByRole('button', { name: /^Search by name/ }).click()
      await page.getByRole('dialog').getByRole('combobox').fill('lekarna')
      await expect(page.getByRole('option').first()).toBeVisible()
      expect(await serious(page, scheme), 'search').toEqual([])
      await page.keyboard.press('Escape')

      await page.getByRole('button', { name: 'Appearance and language' }).click()
      await expect(page.getByRole('menu')).toBeVisible()
      expect(await serious(page, scheme), 'menu').toEqual([])

      await page.goto('/accounts')
      await page.getByRole('button', { name: 'Disconnect' }).click()
      await expect(page.getByRole('dialog').getByRole('checkbox')).toBeVisible()
      expect(await serious(page, scheme), 'disconnect').toEqual([])
      await page.goto('/accounts?connect=1')
      await expect(page.getByRole('dialog')).toBeVisible()
      expect(await serious(page, scheme), 'connect').toEqual([])

      await page.goto('/customers')
      await page.getByRole('checkbox').nth(2).check()
      await page.getByRole('button', { name: 'Filters' }).click()
      await expect(page.getByRole('group', { name: 'Presence' })).toBeVisible()
      expect(await serious(page, scheme), 'filters and selection').toEqual([])
    })

    test.describe('signed out', () => {
      test.use({ signedIn: false })
      test('and signing in', async ({ page }) => {
        await page.goto('/sign-in')
        await page.getByRole('button', { name: 'Sign in', exact: true }).click()
        await expect(page.getByText('Fill this in.').first()).toBeVisible()
        expect(await serious(page, scheme)).toEqual([])
      })
    })
  })
}

const OPTIONS = {
  light: {
    resultTypes: ['violations'],
    rules: { 'target-size': { enabled: true } }, // left out by default although it belongs to WCAG 2.2 AA
  },
  // Colours are all that differs, and the other rules take most of the time.
  dark: { resultTypes: ['violations'], runOnly: ['color-contrast'] },
}

/** Serious and critical findings of WCAG 2.2 A and AA, one line each. */
async function serious(page: Page, scheme: keyof typeof OPTIONS): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(OPTIONS[scheme])})`)) as axe.AxeResults // of axe.run
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${String(target)} ${failureSummary}`))
}
