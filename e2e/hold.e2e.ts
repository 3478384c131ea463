import type { Page } from '@playwright/test'
import { listHolds, listPlan } from '../packages/contract/src/index.ts'
import { heading, panel, syncNow } from './pages.ts'
import type { Stack } from './stack.ts'
import { ADMIN, expect, test } from './test.ts'

// EMA loses most of an MSP's customers: nothing is shown as removed before somebody has looked.

const MSP = 'Chytrá síť s.r.o.'
const HELD = 20

const indexOf = ({ world }: Stack, name: string) => world.name.indexOf(name)

/** @returns the customers that are gone, in the order of the source */
function loseMost(stack: Stack): number[] {
  const { world } = stack
  const customers = [...(world.children[indexOf(stack, MSP)] ?? [])].filter((at) => world.type[at] === 1007)
  const lost = customers.slice(0, HELD)
  for (const at of lost) world.remove(at)
  return lost
}

async function openHold(page: Page): Promise<void> {
  await page.goto('/')
  await syncNow(page)
  await syncNow(page)
  await page.getByRole('link', { name: 'Look and decide' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /^Sync of / })).toBeVisible()
}

async function giveConsent(page: Page, action: string | RegExp): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: action }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

test('a hold appears, reject keeps it, and the next sync does not ask again', async ({ page, stack, api }) => {
  loseMost(stack)
  await openHold(page)
  const plan = panel(page, 'What was held')
  await expect(plan.getByText(`${HELD} changes`, { exact: true })).toBeVisible()
  await expect(plan.getByText('too many at once').first()).toBeVisible()
  await expect(page.getByText(/of 20 missing companies that they do not exist: removed at the source/)).toBeVisible()
  await expect(page.getByText(`${HELD} changes wait for a decision.`)).toBeVisible()

  await page.getByRole('button', { name: 'Reject …' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Keep everything as it is?' })
  await expect(dialog.getByText(`${HELD} companies stay as they are now.`)).toBeVisible()
  await giveConsent(page, 'Keep as it is')
  await expect(page.getByText(`Kept: ${HELD} changes will not be asked for again.`)).toBeVisible()
  await expect(plan.getByText('rejected').first()).toBeVisible()
  await expect(page.getByText('Held, rejected', { exact: true })).toBeVisible()
  await expect(page.getByText(/^Held: /)).toHaveCount(0)

  await page.goto('/')
  await syncNow(page)
  await expect(heading(page, 'Status overview')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Look and decide' })).toHaveCount(0)
  const { items } = await api.call(listHolds)
  expect(items[0]?.run.hold).toMatchObject({ waiting: 0, rejected: HELD })
})

test('approve removes, one chosen alone and then the rest, in the name of the person', async ({ page, stack, api }) => {
  // What was rejected before is there again, and lost once more together with one more: another question.
  const { world } = stack
  const more = [...(world.children[indexOf(stack, MSP)] ?? [])].filter((at) => world.type[at] === 1007)[0] ?? 0
  world.remove(more)
  await openHold(page)
  await test.step('on a narrow screen it is told over the whole width, below how old the data is', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.goto('/')
    const link = page.getByRole('link', { name: 'Look and decide' })
    const age = page.getByRole('link', { name: /Data as of / })
    await expect(age).toBeVisible()
    const told = await page.getByRole('status').filter({ has: link }).boundingBox()
    const line = await age.boundingBox()
    expect(told).toMatchObject({ x: 0, width: 360 })
    expect(told?.y).toBeGreaterThanOrEqual((line?.y ?? 0) + (line?.height ?? 0))
    await page.setViewportSize({ width: 1280, height: 800 })
    await link.click()
  })
  const { items } = await api.call(listHolds)
  const runId = items[0]?.run.id ?? ''
  const waiting = await api.call(listPlan, { params: { id: runId }, query: { limit: 200, state: 'waiting' } })
  expect(waiting.total).toBe(1)
  const name = waiting.items[0]?.name ?? ''
  await page.getByRole('button', { name: 'Approve …' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Apply what was held?' })
  await expect(
    dialog.getByText('1 held change will be applied.').or(dialog.getByText('1 company will be shown as removed.')),
  ).toBeVisible()
  await giveConsent(page, 'Apply 1 change')
  await expect(page.getByText('Applied: 1 change.')).toBeVisible()
  await expect(page.getByText('This was held; nothing waits for a decision any more')).toBeVisible()
  await expect(page.getByText('Held: these changes were not applied', { exact: true })).toBeHidden()
  const customers = await api.customers({ q: name, state: 'unlinked' })
  expect(customers.items.map((customer) => customer.name)).toContain(name)
  await page.goto(`/computers/${customers.items[0]?.id}`)
  await expect(heading(page, name)).toBeVisible()
  await expect(panel(page, 'History').getByRole('listitem').first()).toContainText(ADMIN.email)
})

test('a removed, empty company can be deleted, and what is not cannot', async ({ page, api }) => {
  const [removed] = (await api.customers({ state: 'unlinked' })).items
  await page.goto(`/computers/${removed?.id}`)
  await expect(heading(page, removed?.name ?? '')).toBeVisible()
  await page.getByRole('button', { name: 'Delete for good …' }).click()
  const dialog = page.getByRole('dialog', { name: `Delete ${removed?.name} for good?` })
  await expect(dialog.getByText('Nothing is deleted in EMA, and agents stay installed.')).toBeVisible()
  await giveConsent(page, 'Delete for good')
  await expect(page.getByText(`“${removed?.name}” was deleted.`)).toBeVisible()
  expect((await api.customers({ q: removed?.guid ?? '' })).total).toBe(0)
})

test('a preview shows what the sync after it does, and does nothing itself', async ({ page, stack, api }) => {
  const { world } = stack
  const at = indexOf(stack, 'Nemocnice Na Kopci')
  world.name[at] = 'Nemocnice Pod Kopcem'
  world.touch(at, Date.now())
  world.add({ parent: indexOf(stack, MSP), type: 1007, name: 'Docela nová s.r.o.' })
  await page.goto('/sync')
  await page.getByRole('button', { name: 'Preview', exact: true }).click()
  await expect(page.getByText('This was a preview: nothing was changed.')).toBeVisible()
  const plan = panel(page, 'What would change')
  const renamed = plan.getByText('Renamed from “Nemocnice Na Kopci” to “Nemocnice Pod Kopcem”')
  await expect(renamed).toBeVisible()
  await plan.getByRole('button', { name: 'New 1', exact: true }).click()
  await expect(renamed).toBeHidden()
  await expect(plan.getByText('Seen for the first time as “Docela nová s.r.o.”')).toBeVisible()
  await expect(page).toHaveURL(/planned=created/)
  await plan.getByRole('button', { name: 'All', exact: true }).click()
  await expect(renamed).toBeVisible()
  expect((await api.customers({ q: 'Nemocnice Na Kopci' })).items[0]?.name).toBe('Nemocnice Na Kopci')
  const [customer] = (await api.customers({ q: 'Nemocnice Na Kopci' })).items
  await page.goto(`/computers/${customer?.id}`)
  await page.getByRole('button', { name: 'Sync this company' }).click()
  await expect(heading(page, 'Nemocnice Pod Kopcem')).toBeVisible()
})
