/**
 * What every spec imports: `test` with a console of its own for each file, signed in once through the real form, and a
 * witness that fails a test on any script error, dialog or violation of the content security policy.
 */
import { type Browser, type BrowserContext, expect, test as base } from '@playwright/test'
import { type Api, createApi } from './api.ts'
import { type Ema, signInToEma } from './ema.ts'
import { signIn } from './pages.ts'
import { type Stack, startStack } from './stack.ts'

export { expect }

export const ADMIN = { email: 'admin@demo.example', password: 'demo-Password-1' }

type SessionState = Awaited<ReturnType<BrowserContext['storageState']>>

interface Options {
  /** False: the browser starts without a session. */
  signedIn: boolean
  /** Further environment of this file's API; the same for all of its tests. */
  settings: Readonly<Record<string, string>>
}

interface Fixtures {
  stack: Stack
  /** Asks the console's own API, with the session of the page. */
  api: Api
  /** Changes the mock's world by plain HTTP as the distributor. */
  ema: Ema
  witness: string[]
}

interface Stacks {
  of: (file: string, settings: Options['settings']) => Promise<{ stack: Stack; session: SessionState }>
  close: () => Promise<void>
}

export const test = base.extend<Options & Fixtures, { stacks: Stacks }>({
  signedIn: [true, { option: true }],
  settings: [{}, { option: true }],
  stacks: [
    async ({ browser }, use) => {
      const stacks = keepOne(browser)
      await use(stacks)
      await stacks.close()
    },
    { scope: 'worker' },
  ],
  stack: async ({ stacks, settings }, use, info) => {
    const { stack } = await stacks.of(info.file, settings)
    await use(stack)
    if (info.status !== info.expectedStatus) await info.attach('api.log', { path: stack.logFile })
  },
  baseURL: async ({ stack }, use) => use(stack.origin),
  storageState: async ({ stacks, signedIn, settings }, use, info) => {
    await use(signedIn ? (await stacks.of(info.file, settings)).session : undefined)
  },
  api: async ({ page }, use) => use(createApi(page.request)),
  ema: async ({ stack }, use) => use(await signInToEma(stack, 'distributor')),
  witness: [
    async ({ context }, use) => {
      const seen: string[] = []
      // Some violations never reach the console: a caught eval is one.
      await context.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
          console.error(`policy: ${violatedDirective} ${blockedURI} ${sourceFile}`),
        )
      })
      context.on('weberror', (error) => seen.push(`script error: ${error.error().stack}`))
      context.on('dialog', (dialog) => {
        seen.push(`dialog: ${dialog.message()}`)
        void dialog.dismiss()
      })
      context.on('console', (message) => {
        // The browser reports every answer from 400 on this way; some of them are what a test is about.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          seen.push(`console: ${message.text()}`)
        }
      })
      await use(seen)
      expect(seen, 'script errors, dialogs and violations of the content security policy').toEqual([])
    },
    { auto: true },
  ],
})

/** Files run one after the other in a worker, so it keeps the console of the file it is at. */
function keepOne(browser: Browser): Stacks {
  let current: { file: string; started: Promise<{ stack: Stack; session: SessionState }> } | undefined
  const close = async () => {
    const before = current
    current = undefined
    await (await before?.started.catch(() => undefined))?.stack.close()
  }
  const open = async (settings: Options['settings']) => {
    const stack = await startStack(settings)
    const context = await browser.newContext({ baseURL: stack.origin, locale: 'en-GB' })
    const page = await context.newPage()
    await page.goto('/')
    await signIn(page, ADMIN)
    await expect(page.getByRole('heading', { level: 1, name: 'Status overview' })).toBeVisible()
    const session = await context.storageState()
    await context.close()
    return { stack, session }
  }
  return {
    of: async (file, settings) => {
      if (current?.file !== file) {
        await close()
        current = { file, started: open(settings) }
      }
      return current.started
    },
    close,
  }
}
