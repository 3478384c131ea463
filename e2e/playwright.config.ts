import { defineConfig } from '@playwright/test'
import { findChromium } from './chromium.ts'

// One browser, two workers. Every file gets a console of its own (stack.ts), so files never meet; the tests of a file
// share one and must not need each other.
export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: '*.e2e.ts',
  outputDir: '../.cache/test-results',
  globalSetup: './server.ts',
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    launchOptions: await findChromium(),
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Europe/Prague',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    screenshot: 'only-on-failure',
    // A third of the time: only for whoever looks for something.
    trace: process.env['E2E_TRACE'] ? 'retain-on-failure' : 'off',
  },
})
