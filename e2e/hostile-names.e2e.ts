import type { Page } from '@playwright/test'
import { getRun, startRun } from '../packages/contract/src/index.ts'
import type { Api } from './api.ts'
import { guidOf } from './ema.ts'
import { HOSTILE_NAMES } from './hostile-names.ts'
import { openTree, settles } from './pages.ts'
import { expect, test } from './test.ts'

// Names come from elsewhere and are shown on every screen: as they are, as text, whatever they look like. The witness of
// every test fails on dialogs, script errors and on what the policy refused; here that is counted as well.

const MSP = 'Čeká na aktivaci s.r.o.'

/** Violations of the content security policy, from all documents of the page. */
async function watchPolicy(page: Page): Promise<string[]> {
  const seen: string[] = []
  await page.exposeFunction('tellViolation', (text: string) => seen.push(text))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      ;(globalThis as unknown as { tellViolation: (text: string) => void }).tellViolation(
        `${location.pathname} ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`,
      )
    })
  })
  return seen
}

/** By the console's own router: a new document each time would take minutes. */
async function visit(page: Page, address: string): Promise<void> {
  await page.evaluate((url) => {
    history.pushState(null, '', url)
    dispatchEvent(new PopStateEvent('popstate', { state: null }))
  }, address)
}

/** How many elements show exactly that text, or are called so. */
function countShown(page: Page, name: string): Promise<number> {
  return page.evaluate((text) => {
    const all = [...document.body.querySelectorAll('*')]
    return all.filter((each) => each.textContent === text || each.getAttribute('aria-label')?.startsWith(`${text}, `))
      .length
  }, name)
}

/** What markup in a name would have become. */
function countMade(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      document.body.querySelectorAll(
        'script:not([src]), img[src="x"], iframe, object, embed, style:not([data-mantine-styles]), base, meta, form[action*=evil], a[href^="javascript"], [onerror], [onload], [onfocus], [onmouseover]',
      ).length + ('pwned' in globalThis ? 1 : 0),
  )
}

/** A title is told without line breaks and control characters. */
const visible = (text: string) => text.replaceAll(/[\s\p{C}]/gu, '')

async function syncByApi(api: Api, accountId: string): Promise<string> {
  const { run } = await api.call(startRun, { params: { id: accountId } })
  await expect.poll(async () => (await api.call(getRun, { params: { id: run.id } })).status).toBe('succeeded')
  return run.id
}

test(`${HOSTILE_NAMES.length} hostile names are text on every screen`, async ({ page, api, ema, stack }) => {
  test.setTimeout(400_000)
  const violations = await watchPolicy(page)
  const msp = await api.group(guidOf(stack, MSP))
  const accountId = msp.account?.id ?? ''
  const guids: string[] = []
  for (const name of HOSTILE_NAMES) guids.push(await ema.createCustomer(guidOf(stack, MSP), name))
  const runId = await syncByApi(api, accountId)
  const customers = await Promise.all(guids.map((guid) => api.group(guid)))
  expect(customers.map(({ name }) => name)).toEqual(HOSTILE_NAMES)

  let checks = 0
  const shows = async (screen: string, name: string) => {
    await expect
      .poll(() => countShown(page, name), { message: `${screen} shows ${JSON.stringify(name)}` })
      .toBeGreaterThan(0)
    expect([screen, name, await countMade(page)]).toEqual([screen, name, 0])
    checks += 1
  }

  await openTree(page, `/computers/${msp.id}`)
  for (const { id, name } of customers) {
    await visit(page, `/computers/${id}`)
    const heading = page.getByRole('heading', { level: 1 })
    await expect.poll(() => heading.evaluate((each) => each.textContent)).toBe(name)
    await shows('the group page and the tree', name)
    await expect.poll(async () => visible(await page.title())).toBe(visible(`${name} · MSP Console`))
    checks += 2
  }
  for (const { name } of customers) {
    await visit(page, `/customers?q=${encodeURIComponent(name)}`)
    await shows('the list, filtered', name)
  }
  await visit(page, `/sync/${runId}`)
  await page.getByRole('button', { name: 'Load more' }).click()
  for (const { name } of customers.slice(0, 40)) await shows('the changes of a run', name)
  await page.goto('/')
  await settles(page)
  const newest = (await api.customers({ sort: '-firstSeen', state: 'notSetUp', limit: 10 })).items
  for (const { name } of newest) await shows('the overview', name)

  // As the name of a provider it stands in paths, in the tree above others, and in the history as a former name.
  const provider = stack.world.name.indexOf(MSP)
  stack.world.name[provider] = HOSTILE_NAMES[1] ?? ''
  stack.world.touch(provider, Date.now())
  await syncByApi(api, accountId)
  await page.goto(`/computers/${customers[3]?.id}`)
  await shows('the way to a group', HOSTILE_NAMES[1] ?? '')
  await page.goto(`/computers/${msp.id}`)
  await settles(page)
  for (const { name } of customers.slice(0, 20)) await shows('the children of a group', name)

  process.stdout.write(
    `hostile names: ${HOSTILE_NAMES.length} names, ${checks} checks, ${violations.length} violations\n`,
  )
  expect(violations).toEqual([])
})
