import type { Page } from '@playwright/test'
import { createUser, createUserLink, listSets, listUsers } from '../packages/contract/src/index.ts'
import type { Api } from './api.ts'
import { heading, panel, signIn } from './pages.ts'
import { ADMIN, expect, test } from './test.ts'
import { secondsLeft, toCode } from './totp.ts'

// People and their own account. Each test has a user of its own: what one changes about signing in, no other meets.

const PASSWORD = 'three quiet herons'
const toEmail = (name: string): string => `${name}@people.example`

/** An administrator of everything. @returns the link to pass on */
async function invite(api: Api, name: string): Promise<string> {
  const { id: rootId } = await api.group('root')
  const { items } = await api.call(listSets)
  const setId = items.find(({ key }) => key === 'administrator')?.id ?? ''
  const body = { name, email: toEmail(name), homeGroupId: rootId, grants: [{ rootId, setId }] }
  return (await api.call(createUser, { body })).link.url
}

async function setPassword(page: Page, url: string, password = PASSWORD): Promise<void> {
  await page.goto(url)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Set the password' }).click()
  await expect(heading(page, 'Sign in')).toBeVisible()
}

/** Invites somebody and signs them in, in the browser of `page`. */
async function join(page: Page, api: Api, name: string): Promise<void> {
  const url = await invite(api, name)
  await page.context().clearCookies()
  await setPassword(page, url)
  await signIn(page, { email: toEmail(name), password: PASSWORD })
  await expect(heading(page, 'Status overview')).toBeVisible()
}

async function openProfile(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Signed in as ${toEmail(name)}` }).click()
  await page.getByRole('menuitem', { name: 'Your profile' }).click()
  await expect(heading(page, 'Your profile')).toBeVisible()
}

async function signOut(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Signed in as ${toEmail(name)}` }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(heading(page, 'Sign in')).toBeVisible()
}

test('an invitation greets, sets a password once and leads to sign-in', async ({ page, api, stack }) => {
  const url = await invite(api, 'jana')
  await page.context().clearCookies()
  await page.goto(url)
  await expect(heading(page, 'Welcome, jana')).toBeVisible()
  expect(page.url()).toBe(`${stack.origin}/join`)
  await page.getByLabel('Password', { exact: true }).fill('too short')
  await page.getByRole('button', { name: 'Set the password' }).click()
  await expect(page.getByText('Use at least 12 characters.')).toBeVisible()
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Set the password' }).click()
  await expect(page.getByText('The password is set. Sign in with it.')).toBeVisible()
  await expect(page.getByLabel('E-mail')).toHaveValue(toEmail('jana'))
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.keyboard.press('Enter')
  await expect(heading(page, 'Status overview')).toBeVisible()

  await page.goto(url)
  await expect(heading(page, 'This link does not work')).toBeVisible()
  await page.goto('/join')
  await expect(page.getByText('The address is incomplete.')).toBeVisible()
})

test('a reset in the browser of somebody else signs that one out', async ({ page, api }) => {
  const invitation = await invite(api, 'petr')
  // The session that all tests of this file begin with is not the one to lose.
  await page.context().clearCookies()
  await setPassword(page, invitation)
  await signIn(page, ADMIN)
  await expect(heading(page, 'Status overview')).toBeVisible()
  const { items } = await api.call(listUsers, { query: { q: 'petr' } })
  const { url } = await api.call(createUserLink, { params: { id: items[0]?.id ?? '' } })
  await page.goto(url)
  await expect(heading(page, 'New password for petr')).toBeVisible()
  await expect(page.getByText(`You are signed in as ${ADMIN.email}`)).toBeVisible()
  await setPassword(page, url, 'four loud storks')
  await signIn(page, { email: toEmail('petr'), password: 'four loud storks' })
  await expect(page.getByRole('button', { name: `Signed in as ${toEmail('petr')}` })).toBeVisible()
})

test('two-step sign-in: on with an app, in with a code or a recovery code, off again', async ({ page, api }) => {
  test.setTimeout(120_000)
  await join(page, api, 'eva')
  await openProfile(page, 'eva')
  const steps = panel(page, 'Two-step sign-in')
  const dialog = page.getByRole('dialog')
  await steps.getByRole('button', { name: 'Switch on' }).click()
  await dialog.getByLabel('Your password').fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await expect(dialog.getByRole('img', { name: /^QR code/ })).toBeVisible()
  const secret = await dialog.locator('code').innerText()
  const code = dialog.getByLabel('The six digits the app shows now')
  await expect(code).toBeFocused()
  // A code counts once, so this one is that of the step before and signing in has the current one.
  if (secondsLeft() < 20) await page.waitForTimeout(secondsLeft() * 1000 + 500)
  await code.fill(toCode(secret, Date.now() - 30_000))
  await dialog.getByRole('button', { name: 'Check the code and switch on' }).click()
  await expect(dialog.getByText('Keep these recovery codes')).toBeVisible()
  const codes = (await dialog.locator('code').innerText()).split('\n')
  expect(codes).toHaveLength(10)
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Download' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('recovery-codes.txt')
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: 'I have kept them' }).click()
  await expect(steps.getByText('On', { exact: true })).toBeVisible()

  await signOut(page, 'eva')
  await signIn(page, { email: toEmail('eva'), password: PASSWORD })
  await expect(heading(page, 'Second step')).toBeVisible()
  const field = page.getByLabel('Code from your authenticator app')
  await expect(field).toBeFocused()
  const right = toCode(secret, Date.now())
  await field.fill(right === '000000' ? '111111' : '000000')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toHaveText('The code is wrong or was used already.')
  expect((await page.request.get('/api/v1/customers')).status()).toBe(401)
  await field.fill(right)
  await page.keyboard.press('Enter')
  await expect(heading(page, 'Status overview')).toBeVisible()

  await signOut(page, 'eva')
  await signIn(page, { email: toEmail('eva'), password: PASSWORD })
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code').fill(codes[0] ?? '')
  await page.keyboard.press('Enter')
  await expect(heading(page, 'Status overview')).toBeVisible()

  await openProfile(page, 'eva')
  await steps.getByRole('button', { name: 'Switch off' }).click()
  await dialog.getByLabel('Your password').fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Switch off' }).click()
  await expect(steps.getByText('Off', { exact: true })).toBeVisible()
})

test('a dangerous step asks for the password first and then goes on by itself', async ({ page, api, stack }) => {
  await join(page, api, 'olga')
  await openProfile(page, 'olga')
  await stack.query(
    `update user_session set confirmed_at = now() - interval '1 hour'
     where user_id = (select id from app_user where email = $1)`,
    [toEmail('olga')],
  )
  await page.getByRole('button', { name: 'New token' }).click()
  const maker = page.getByRole('dialog', { name: 'New API token' })
  await maker.getByLabel('Name').fill('Nightly')
  await maker.getByRole('radio', { name: /^Setup marks: write$/ }).check()
  const create = maker.getByRole('button', { name: 'Create the token' })
  const question = page.getByRole('dialog', { name: 'Give your password again' })

  await create.click()
  await expect(question.getByLabel(/^Password of/)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(question).toBeHidden()
  await expect(maker).toBeVisible()
  await expect(create).toBeFocused()
  await expect(page.getByRole('alert')).toHaveCount(0)

  await create.click()
  await question.getByLabel(/^Password of/).fill('not the password')
  await page.keyboard.press('Enter')
  await expect(question.getByRole('alert')).toHaveText('The password is wrong.')
  await question.getByLabel(/^Password of/).fill(PASSWORD)
  await page.keyboard.press('Enter')
  const shown = page.getByRole('dialog', { name: 'Copy the token now' })
  const token = await shown.locator('code').innerText()
  await page.keyboard.press('Escape')
  await shown.getByRole('button', { name: 'I have kept it' }).click()

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${stack.origin}/api/v1${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    })
  const list = await ask('/customers?limit=1&setup=none')
  const { items } = (await list.json()) as { items: { id: string; name: string }[] } // checked by the API's own tests
  const customer = items[0] ?? { id: '', name: '' }
  const mark = await ask(`/customers/${customer.id}/setup`, { method: 'PUT', body: '{"state":"skipped"}' })
  expect(mark.status).toBe(200)
  expect((await ask('/users')).status).toBe(403)

  const tokens = panel(page, 'API tokens')
  await tokens.getByRole('button', { name: 'Revoke the token Nightly' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(tokens.getByText('No tokens yet.')).toBeVisible()
  expect((await ask('/customers?limit=1')).status).toBe(401)

  await page.goto(`/audit?q=${toEmail('olga')}&action=putSetup`)
  const row = page.getByRole('row').filter({ hasText: 'Marked a customer' })
  await expect(row).toContainText(toEmail('olga'))
  await expect(row).toContainText('with the token Nightly')
  await expect(row).toContainText(customer.name)
  await row.getByRole('button').click()
  const details = page.getByRole('table').getByRole('table')
  await expect(details.getByRole('row', { name: 'Setup Skipped' })).toBeVisible()
  await expect(page.getByText('Request id')).toBeVisible()
})

test('a new password ends the other sessions, and one session can be ended alone', async ({ page, api, browser }) => {
  await join(page, api, 'ivo')
  const other = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  // Signed out: a new context begins with what the tests of this file begin with.
  const elsewhere = await other.newPage()
  const enter = async () => {
    await elsewhere.goto('/sign-in')
    await signIn(elsewhere, { email: toEmail('ivo'), password: PASSWORD })
    await expect(heading(elsewhere, 'Status overview')).toBeVisible()
  }
  await enter()
  await openProfile(page, 'ivo')
  const sessions = panel(page, 'Where you are signed in')
  await expect(sessions.getByRole('listitem')).toHaveCount(2)
  await expect(sessions.getByText('This one')).toHaveCount(1)
  await sessions.getByRole('button', { name: /^End the session Chrome on/ }).click()
  await expect(sessions.getByRole('listitem')).toHaveCount(1)
  await expect(elsewhere).toHaveURL(/\/sign-in/, { timeout: 20_000 })

  await enter()
  const password = panel(page, 'Password')
  await password.getByLabel('Current password').fill('not the password')
  await password.getByLabel('New password').fill('five grey geese')
  await password.getByRole('button', { name: 'Change the password' }).click()
  await expect(password.getByRole('alert')).toHaveText('The password is wrong.')
  await password.getByLabel('Current password').fill(PASSWORD)
  await password.getByRole('button', { name: 'Change the password' }).click()
  await expect(page.getByText('The password is changed. 1 other session has ended.')).toBeVisible()
  await expect(elsewhere).toHaveURL(/\/sign-in/, { timeout: 20_000 })
  await other.close()
})
