// The content security policy from both sides: no screen breaks it (the witness of test.ts listens), and it bites.
import { heading, openTree } from './pages.ts'
import { expect, test } from './test.ts'

const SCREENS = ['/', '/customers', '/sync', '/accounts']

test('no screen and no dialog breaks the policy', async ({ page, witness }) => {
  for (const path of SCREENS) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
  }
  await page.getByRole('button', { name: 'Connect an account' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await openTree(page)
  await expect(heading(page, 'All')).toBeVisible()
  expect(witness).toEqual([])
})

test('text becomes no markup and no code, from nowhere', async ({ page, witness }) => {
  await page.goto('/')
  const refused = await page.evaluate(() => {
    const refusals: Record<string, boolean> = {}
    const attempt = (name: string, work: () => void) => {
      try {
        work()
        refusals[name] = false
      } catch {
        refusals[name] = true
      }
    }
    const element = document.createElement('div')
    attempt('markup', () => (element.innerHTML = '<img src=x onerror=alert(1)>'))
    attempt('markup beside', () => element.insertAdjacentHTML('beforeend', '<b>x</b>'))
    attempt('a document', () => new DOMParser().parseFromString('<b>x</b>', 'text/html'))
    attempt('a frame', () => (document.createElement('iframe').srcdoc = '<b>x</b>'))
    attempt('the address of a script', () => (document.createElement('script').src = '/x.js'))
    attempt('the text of a script', () => (document.createElement('script').text = 'alert(1)'))
    attempt('another policy', () =>
      (
        globalThis as unknown as { trustedTypes: { createPolicy: (name: string, rules: object) => void } }
      ).trustedTypes.createPolicy('mine', {}),
    )
    return refusals
  })
  expect(Object.entries(refused).filter(([, isRefused]) => !isRefused)).toEqual([])
  expect(Object.keys(refused)).toHaveLength(7)
  expect(witness.length).toBeGreaterThan(0)
  witness.length = 0 // they were the point
})
