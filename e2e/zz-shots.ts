import { chromium } from '@playwright/test'
import { findChromium } from './chromium.ts'
const origin = 'http://localhost:3320'
const [,, spec] = process.argv
const jobs = JSON.parse(spec!) as { name: string; who: string; path: string; w?: number; cs?: boolean; dark?: boolean; click?: string[]; storage?: [string,string][]; full?: boolean }[]
const browser = await chromium.launch(await findChromium())
for (const job of jobs) {
  const context = await browser.newContext({ viewport: { width: job.w ?? 1440, height: (job.w ?? 1440) < 500 ? 780 : 900 }, locale: job.cs ? 'cs-CZ' : 'en-GB', colorScheme: job.dark ? 'dark' : 'light' })
  const page = await context.newPage()
  page.on('console', (m) => { if (m.type() === 'error') console.log(job.name, 'console:', m.text().slice(0, 200)) })
  page.on('pageerror', (e) => console.log(job.name, 'pageerror', e.message))
  const r = await page.request.post(origin + '/api/auth/sign-in/email', { data: { email: job.who, password: 'demo-Password-1' }, headers: { origin } })
  if (!r.ok()) console.log('sign-in', r.status(), await r.text())
  await page.goto(origin + '/sign-in')
  if (job.storage) await page.evaluate((s) => { for (const [k, v] of s) sessionStorage.setItem(k, v) }, job.storage)
  await page.goto(origin + job.path)
  await page.waitForLoadState('networkidle').catch(() => {})
  for (const c of job.click ?? []) {
    if (c.startsWith('fill:')) { const [, l, v] = c.split(':'); await page.getByLabel(l!, { exact: true }).first().fill(v!) }
    else if (c.startsWith('opt:')) await page.getByRole('option', { name: c.slice(4) }).first().click()
    else if (c.startsWith('radio:')) await page.getByRole('menuitemradio', { name: c.slice(6) }).first().click()
    else if (c.startsWith('lab:')) await page.getByLabel(c.slice(4), { exact: true }).first().click()
    else await page.getByRole('button', { name: c }).first().click()
    await page.waitForTimeout(700)
  }
  await page.waitForTimeout(500)
  await page.screenshot({ path: `/tmp/rw1/${job.name}.png`, fullPage: job.full ?? false })
  await context.close()
}
await browser.close()
