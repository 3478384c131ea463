/**
 * The pictures of the README, taken from a running demo: `npm start` in one terminal, `npm run screenshots` in another.
 * The address is the first argument, default http://localhost:3000.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { findChromium } from '../e2e/chromium.ts'

const origin = process.argv[2] ?? 'http://localhost:3000'
const folder = join(import.meta.dirname, '../docs/screenshots')
const viewport = { width: 1360, height: 800 }

interface Picture {
  name: string
  open: (page: Page) => Promise<void>
  language?: 'en' | 'cs'
  colorScheme?: 'light' | 'dark'
}

const pictures: Picture[] = [
  { name: 'overview', open: (page) => visit(page, '/') },
  { name: 'computers', open: openCustomer },
  { name: 'customers', open: (page) => visit(page, '/customers') },
  { name: 'run', open: openRun },
  { name: 'dark-cs', open: openCustomer, language: 'cs', colorScheme: 'dark' },
]

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(origin + path)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.waitForLoadState('networkidle')
}

/** A customer with a long way up, found as a user would find it. */
async function openCustomer(page: Page): Promise<void> {
  const found = await page.request.get(
    `${origin}/api/v1/groups/search?q=${encodeURIComponent('Nemocnice Na Kopci')}&limit=1`,
  )
  const { items } = (await found.json()) as { items: { id: string }[] } // as the contract says
  await visit(page, `/computers/${items[0]?.id ?? 'root'}`)
  await page.getByRole('treeitem', { selected: true }).waitFor()
}

/** The newest run that changed something. */
async function openRun(page: Page): Promise<void> {
  const found = await page.request.get(`${origin}/api/v1/runs`)
  const { items } = (await found.json()) as { items: { id: string; counts: { created: number; unlinked: number } }[] } // as above
  const run = items.find(({ counts }) => counts.unlinked > 0) ?? items.at(-1)
  await visit(page, `/sync/${run?.id ?? ''}`)
}

async function take(browser: Browser, picture: Picture): Promise<void> {
  const context = await browser.newContext({
    viewport,
    deviceScaleFactor: 1,
    locale: picture.language === 'cs' ? 'cs-CZ' : 'en-GB',
    colorScheme: picture.colorScheme ?? 'light',
  })
  const page = await context.newPage()
  await page.request.post(`${origin}/api/auth/sign-in/email`, {
    headers: { origin },
    data: { email: 'admin@demo.example', password: 'demo-Password-1' },
  })
  await picture.open(page)
  await page.waitForTimeout(500) // counters and badges fade in
  await page.screenshot({ path: join(folder, `${picture.name}.png`) })
  await context.close()
  console.log(`docs/screenshots/${picture.name}.png`)
}

mkdirSync(folder, { recursive: true })
const browser = await chromium.launch(await findChromium())
try {
  for (const picture of pictures) await take(browser, picture)
} finally {
  await browser.close()
}
