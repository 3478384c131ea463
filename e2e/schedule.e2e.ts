import { ADMIN, expect, test } from './test.ts'

const LOGIN = 'distributor@demo.example'
const NAME = 'Demo Distribution s.r.o.'

test('the schedule is chosen in words, and every screen says when the next run comes', async ({ page }) => {
  await page.goto('/accounts')
  const card = page.getByRole('article', { name: NAME })
  const schedule = card.getByRole('combobox', { name: `Schedule of ${NAME}` })
  await expect(schedule).toHaveValue('900')
  await schedule.selectOption('every 6 hours')
  await expect(page.getByText(`${NAME} is synchronised every 6 hours.`)).toBeVisible()
  for (const address of ['/', '/computers', '/customers', '/sync', '/accounts']) {
    await page.goto(address)
    await expect(page.getByRole('banner').getByText(/^Data as of .+ · next run in 5 hours$/)).toBeVisible()
  }
  await schedule.selectOption('only on demand')
  await expect(page.getByRole('banner').getByText(/ · next run only on demand$/)).toBeVisible()
  await schedule.selectOption('every 15 minutes')
  await expect(page.getByRole('banner').getByText(/ · next run (in 1\d minutes|any moment)$/)).toBeVisible()
})

test('a refused password: quarantine without a reload, one more try, and a new one that ends it', async ({
  page,
  stack,
}) => {
  test.setTimeout(90_000)
  await page.goto('/accounts')
  const card = page.getByRole('article', { name: NAME })
  await expect(card.getByText('Synchronised')).toBeVisible()
  await stack.query('update account set login = $1', ['nobody@demo.example'])
  await stack.query('update account_schedule set next_run_at = now()')
  await expect(card.getByText('In quarantine')).toBeVisible({ timeout: 30_000 })
  await expect(card.getByText('Why: EMA refused the login or password.')).toBeVisible()
  await expect(card.getByText('when somebody sees to the account')).toBeVisible()
  await card.getByRole('button', { name: `Try again: ${NAME}` }).click()
  await expect(card.getByText('EMA refused the password twice.')).toBeVisible()
  await expect(card.getByRole('button', { name: `Try again: ${NAME}` })).toBeDisabled()

  await card.getByRole('button', { name: `Change the password of ${NAME}` }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('New password in EMA').fill('not-the-password')
  await dialog.getByRole('button', { name: 'Test and store' }).click()
  await expect(dialog.getByText('EMA refused this login or password.')).toBeVisible()
  await stack.query('update account set login = $1', [LOGIN])
  await dialog.getByLabel('New password in EMA').fill(ADMIN.password)
  await dialog.getByRole('button', { name: 'Test and store' }).click()
  await expect(page.getByText(`The password of ${NAME} is changed. A sync runs.`)).toBeVisible()
  await expect(card.getByText('Synchronised')).toBeVisible({ timeout: 20_000 })
  await card.getByText('History of health').click()
  await expect(card.getByText('Well again')).toBeVisible()
  await expect(card.getByText('Into quarantine')).toHaveCount(1)
})

test('data that is older than two intervals is called out of date on every screen', async ({ page, stack }) => {
  await page.goto('/computers')
  const line = page.getByRole('status').filter({ hasText: 'out of date' })
  await expect(page.getByRole('banner').getByText(/^Data as of /)).toBeVisible()
  await expect(line).toHaveCount(0)
  await stack.query(`update account set last_complete_at = now() - interval '5 hours'`)
  await stack.query(`select pg_notify('msp_console', '{"type":"accounts","accountId":1}')`)
  await expect(line).toHaveText(`The data of ${NAME} is out of date: as of 5 hours ago.`)
  await page.getByRole('banner').getByRole('button', { name: 'Sync now' }).click()
  await expect(line).toHaveCount(0)
})
