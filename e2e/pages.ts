// What a person does, in the words of the screen, as used by more than one spec.
import { expect, type Locator, type Page } from '@playwright/test'

export async function signIn(page: Page, who: { email: string; password: string }): Promise<void> {
  await page.getByLabel('E-mail').fill(who.email)
  await page.getByLabel('Password', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Straight to the overview, for those who come for something else than the form. */
export async function enterAs(page: Page, who: { email: string; password: string }): Promise<void> {
  const answer = await page.request.post('/api/auth/sign-in/email', { data: who })
  expect(answer.status()).toBe(200)
  await page.goto('/')
  await expect(heading(page, 'Status overview')).toBeVisible()
}

export function treeOf(page: Page): Locator {
  return page.getByRole('tree', { name: 'Static groups' })
}

/** A row by the name it starts with; what follows is kind, state and counts. */
export function node(page: Page, name: string): Locator {
  return treeOf(page).getByRole('treeitem', { name: startingWith(name) })
}

export function startingWith(name: string): RegExp {
  return new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(, |$)`)
}

export interface Row {
  name: string
  level: number
  pos: number
  size: number
  open: boolean | null
}

/** The rows that exist as elements, in the order of the tree. */
export function readRows(page: Page): Promise<Row[]> {
  return treeOf(page)
    .getByRole('treeitem')
    .evaluateAll((rows) =>
      rows.map((row) => {
        const read = (name: string) => row.getAttribute(`aria-${name}`)
        const open = read('expanded')
        return {
          name: read('label') ?? '',
          level: Number(read('level')),
          pos: Number(read('posinset')),
          size: Number(read('setsize')),
          open: open === null ? null : open === 'true',
        }
      }),
    )
}

/** Opens Computers and waits until the whole tree has come, customers included. */
export async function openTree(page: Page, address = '/computers'): Promise<void> {
  await Promise.all([page.waitForResponse(/\/api\/v1\/tree\?part=customers/), page.goto(address)])
  await expect(treeOf(page).getByRole('treeitem').first()).toBeVisible()
}

/** Presses the little triangle of a row. */
export async function twist(row: Locator): Promise<void> {
  await row.locator('[data-twisty]').click()
}

export function heading(page: Page, name: string): Locator {
  return page.getByRole('heading', { level: 1, name, exact: true })
}

/** Customers not set up and in all, as the row of a group says them. */
export async function readCounts(row: Locator): Promise<{ notSetUp: number; total: number }> {
  const label = (await row.getAttribute('aria-label')) ?? ''
  const [, notSetUp = '', total = ''] = /(\d+) \/ (\d+) customers? not set up/.exec(label) ?? []
  return { notSetUp: Number(notSetUp), total: Number(total) }
}

/** A part of a page by its heading. */
export function panel(page: Page, title: string): Locator {
  return page.getByRole('region', { name: title, exact: true })
}

/** Presses Sync now in the header and waits until the run has ended, as the header says. */
export async function syncNow(page: Page): Promise<void> {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith('/runs') && response.request().method() === 'POST'),
    page.getByRole('button', { name: 'Sync now', exact: true }).first().click(),
  ])
  const { run } = (await answer.json()) as { run: { id: string } } // our own API, checked by its own tests
  await expect
    .poll(async () => ((await (await page.request.get(`/api/v1/runs/${run.id}`)).json()) as { status: string }).status)
    .toBe('succeeded')
}

/** To tell later whether the page was loaded anew meanwhile. */
export async function markPage(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))
}

export function wasReloaded(page: Page): Promise<boolean> {
  return page.evaluate(() => !('sameDocument' in globalThis))
}

/** Waits until a page has its heading and nothing in it still loads. */
export async function settles(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  await expect(page.getByLabel('Loading…')).toHaveCount(0)
}

/** A link of the main menu. */
export function menuLink(page: Page, name: string): Locator {
  return page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name, exact: true })
}
