import { startTestServer } from '../scripts/test-postgres.ts'

/** One PostgreSQL for the whole run; each console clones the template. Returns what stops it. */
// oxlint-disable-next-line import/no-default-export -- Playwright calls the default export
export default async function startServer(): Promise<() => Promise<void>> {
  const { adminUrl, template, close } = await startTestServer()
  process.env['E2E_ADMIN_URL'] = adminUrl
  process.env['E2E_TEMPLATE'] = template
  return close
}
