// Users and permission sets as those who manage them see and change them.
import { enterAs, heading, menuLink, panel } from './pages.ts'
import { ADMIN, expect, test } from './test.ts'

test.use({ signedIn: false })

const MANAGER = 'Vysočina IT Group'

test('invite, give a right, explain it, disable and delete', async ({ page }) => {
  await enterAs(page, { email: 'manager@demo.example', password: ADMIN.password })
  await menuLink(page, 'Users & rights').click()
  await page.getByRole('button', { name: 'Invite a user' }).click()
  const dialog = page.getByRole('dialog', { name: 'Invite a user' })
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click()
  await expect(dialog.getByText('Fill this in.').first()).toBeVisible()
  await dialog.getByLabel('Name', { exact: true }).fill('Nová Kolegyně')
  await dialog.getByLabel('E-mail').fill('nova@demo.example')
  await dialog.getByRole('combobox', { name: 'Permission set' }).click()
  await expect(page.getByRole('option', { name: 'Administrator (more than you have)' })).toHaveAttribute(
    'data-combobox-disabled',
    'true',
  )
  await page.getByRole('option', { name: 'MSP admin' }).click()
  await expect(dialog.getByText('mark customers set up or skipped')).toBeVisible()
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click()

  const done = page.getByRole('dialog', { name: 'Nová Kolegyně is invited' })
  await expect(done.getByRole('group', { name: 'Link to set a password' })).toContainText(/^http:\/\/localhost:\d+\//)
  await expect(done.getByText('It works once, until')).toBeVisible()
  await expect(done.getByRole('group', { name: 'Link to set a password' })).toBeFocused()
  await done.getByRole('button', { name: 'Done' }).click()

  await page.getByRole('link', { name: 'Nová Kolegyně' }).click()
  await expect(heading(page, 'Nová Kolegyně')).toBeVisible()
  await expect(page.getByText('Invited', { exact: true })).toBeVisible()

  const why = panel(page, 'Why does this user (not) see …?')
  await why.getByRole('combobox', { name: 'Group' }).fill('Pivovar')
  await page.getByRole('option', { name: /Pivovar Ježek/ }).click()
  await expect(why.getByText('Nová Kolegyně sees “Pivovar Ježek')).toBeVisible()
  await expect(why.getByText(`MSP admin on ${MANAGER} · covers it`)).toBeVisible()

  await page.getByRole('button', { name: 'Disable' }).click()
  await expect(page.getByText('Nová Kolegyně is disabled.')).toBeVisible()
  await expect(page.getByText('Disabled', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  const confirm = page.getByRole('dialog', { name: 'Delete Nová Kolegyně?' })
  await expect(confirm.getByText('1 right in your view is taken away')).toBeVisible()
  await confirm.getByRole('button', { name: 'Delete the user' }).click()
  await expect(page).toHaveURL('/users')
  await expect(page.getByRole('link', { name: 'Nová Kolegyně' })).toHaveCount(0)
})

test('a permission set of one’s own can be made, changed and deleted; built-in ones are explained', async ({
  page,
}) => {
  await enterAs(page, { email: ADMIN.email, password: ADMIN.password })
  await page.goto('/users/sets')
  await expect(page.getByRole('row', { name: /^Partner Built-in/ })).toContainText('without changing anything')
  await page.getByRole('button', { name: 'New permission set' }).click()
  const dialog = page.getByRole('dialog', { name: 'New permission set' })
  await dialog.getByLabel('Name').fill('Night watch')
  await dialog.getByRole('radio', { name: 'Sync: use' }).check()
  await expect(dialog.getByText('see sync runs and start one')).toBeVisible()
  await dialog.getByRole('button', { name: 'Create' }).click()
  const row = page.getByRole('row', { name: /^Night watch/ })
  await expect(row.getByRole('cell').nth(3)).toHaveText('use')
  await row.getByRole('button', { name: 'Change Night watch' }).click()
  const change = page.getByRole('dialog', { name: 'Change the permission set' })
  await change.getByRole('radio', { name: 'Sync: none' }).check()
  await change.getByRole('button', { name: 'Save' }).click()
  await expect(row.getByRole('cell').nth(3)).toHaveText('none')
  await row.getByRole('button', { name: 'Delete Night watch' }).click()
  await page.getByRole('button', { name: 'Delete the set' }).click()
  await expect(row).toHaveCount(0)
})
