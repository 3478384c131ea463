import { signIn } from './pages.ts'
import { ADMIN, expect, test } from './test.ts'

test.use({ signedIn: false })

test('a wrong password is refused in plain words and the right one lets in', async ({ page }) => {
  await page.goto('/')
  await expect(page).toHaveURL('/sign-in')
  await signIn(page, { ...ADMIN, password: 'demo-Password-2' })
  await expect(page.getByRole('alert')).toHaveText('E-mail or password is wrong.')
  await signIn(page, ADMIN)
  await expect(page.getByRole('heading', { level: 1, name: 'Status overview' })).toBeVisible()
  await expect(page).toHaveURL('/')
})

test('empty fields are named and nothing is sent', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByLabel('E-mail')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByText('Fill this in.')).toHaveCount(2)
})

test('the demo fills in its own login', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Fill it in for me' }).click()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Status overview' })).toBeVisible()
})

test('a deep link with its filters survives sign-in, and sign-out closes the door', async ({ page }) => {
  await page.goto('/customers?q=pivovar&state=notSetUp,normal&sort=-name')
  await expect(page).toHaveURL(/\/sign-in\?next=/)
  await signIn(page, ADMIN)
  await expect(page).toHaveURL('/customers?q=pivovar&state=notSetUp,normal&sort=-name')
  await expect(page.getByRole('link', { name: /Pivovar Ježek/ })).toBeVisible()

  await page.getByRole('button', { name: `Signed in as ${ADMIN.email}` }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()
  expect((await page.request.get('/api/v1/customers')).status()).toBe(401)
  await page.goto('/customers')
  await expect(page).toHaveURL(/\/sign-in/)
})

test('a link that leads elsewhere after sign-in is not followed', async ({ page, stack }) => {
  await page.goto('/sign-in?next=//example.com/')
  await signIn(page, ADMIN)
  await expect(page.getByRole('heading', { level: 1, name: 'Status overview' })).toBeVisible()
  expect(new URL(page.url()).origin).toBe(stack.origin)
})

test('a session that ended leads to sign-in and back to the same place', async ({ page, stack }) => {
  await page.goto('/accounts')
  await signIn(page, ADMIN)
  await expect(page.getByRole('heading', { level: 1, name: 'EMA accounts' })).toBeVisible()
  await stack.query('update user_session set expires_at = now()')
  await page.getByRole('button', { name: 'Sync now', exact: true }).click()
  await expect(page).toHaveURL('/sign-in?next=%2Faccounts')
  await signIn(page, ADMIN)
  await expect(page.getByRole('heading', { level: 1, name: 'EMA accounts' })).toBeVisible()
})

test('a page that is only looked at notices as well that the session ended', async ({ page, stack }) => {
  await page.goto('/customers?state=unlinked')
  await signIn(page, ADMIN)
  await expect(page.getByRole('heading', { level: 1, name: 'Managed customers' })).toBeVisible()
  await stack.query('update user_session set expires_at = now()')
  await expect(page).toHaveURL('/sign-in?next=%2Fcustomers%3Fstate%3Dunlinked', { timeout: 15_000 })
})
