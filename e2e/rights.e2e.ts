// Each role of the demo in a real browser: what it sees and may do, and that nothing else reaches the browser at all.
import type { Page } from '@playwright/test'
import { enterAs, heading, menuLink, node, openTree, settles, signIn, treeOf } from './pages.ts'
import { ADMIN, expect, test } from './test.ts'
import type { Stack } from './stack.ts'

test.use({ signedIn: false })

const PASSWORD = ADMIN.password
const DISTRIBUTOR = 'Demo Distribution s.r.o.'
const MANAGER = 'Vysočina IT Group'
const MSP = 'Chytrá síť s.r.o.'
const OTHER_MSP = 'Moravská IT, s.r.o.'
const CUSTOMER = 'Dub nábytek'

interface Role {
  role: string
  email: string
  root: string
  places: string[]
  /** Names that must not reach the browser. */
  foreign: string[]
  mayMark: boolean
  maySync: boolean
}

const ROLES: readonly Role[] = [
  {
    role: 'a partner',
    email: 'partner@demo.example',
    root: DISTRIBUTOR,
    places: ['Sync', 'Accounts'],
    foreign: [],
    mayMark: false,
    maySync: false,
  },
  {
    role: 'an MSP manager',
    email: 'manager@demo.example',
    root: MANAGER,
    places: ['Sync', 'Accounts', 'Users & rights', 'Audit log'],
    foreign: [DISTRIBUTOR, MSP, OTHER_MSP],
    mayMark: true,
    maySync: true,
  },
  {
    role: 'an MSP admin',
    email: 'msp@demo.example',
    root: MSP,
    places: ['Sync'],
    foreign: [DISTRIBUTOR, MANAGER, OTHER_MSP],
    mayMark: true,
    maySync: true,
  },
  {
    role: 'a customer viewer',
    email: 'viewer@demo.example',
    root: CUSTOMER,
    places: [],
    foreign: [DISTRIBUTOR, MANAGER, MSP, OTHER_MSP],
    mayMark: false,
    maySync: false,
  },
]

/** Ends all the waiting of the view at once. */
const SKIP_ALL = /^Skip (all|the) [\d,]+$/
const LIMITED_PLACES = ['Sync', 'Accounts', 'Users & rights', 'Audit log']

for (const { role, email, root, places, foreign, mayMark, maySync } of ROLES) {
  test(`${role} sees and does what the role is for, inside its own part`, async ({ page }) => {
    const received = collectAnswers(page)
    await page.goto('/sign-in')
    await signIn(page, { email, password: PASSWORD })
    await expect(heading(page, 'Status overview')).toBeVisible()
    for (const place of LIMITED_PLACES) await expect(menuLink(page, place)).toHaveCount(places.includes(place) ? 1 : 0)
    await expect(page.getByText(`in “${root}”`)).toBeVisible()
    await expect(page.getByRole('button', { name: SKIP_ALL })).toHaveCount(mayMark ? 1 : 0)
    await expect(page.getByRole('button', { name: 'Sync now', exact: true })).toHaveCount(maySync ? 1 : 0)

    if (root === CUSTOMER) {
      // A tree has branches; of this view there is one leaf.
      await page.goto('/computers')
      await expect(page.getByText('Your view is one customer:')).toBeVisible()
    } else {
      await openTree(page)
      await expect(node(page, root)).toHaveAttribute('aria-level', '1')
      await expect(treeOf(page).locator('[aria-level="1"]')).toHaveCount(1)
    }
    await expect(page.getByText('What lies above is outside your view.')).toBeVisible()

    await page.goto('/customers')
    await settles(page)
    await expect(page.getByRole('row').nth(1)).toBeVisible()
    await expect(page.getByRole('checkbox')).toHaveCount(mayMark ? await page.getByRole('row').count() : 0)
    for (const place of places) {
      await menuLink(page, place).click()
      await settles(page)
    }

    const bytes = (await Promise.all(received)).join('\n')
    expect(bytes).toContain(root)
    for (const name of foreign) expect(bytes).not.toContain(name)
  })
}

test('an account seen in part shows how fresh it is and nothing of itself', async ({ page }) => {
  await enterAs(page, { email: 'manager@demo.example', password: PASSWORD })
  await menuLink(page, 'Accounts').click()
  const card = page.getByRole('article', { name: MANAGER })
  await expect(card.getByText('You see a part of this account’s tree')).toBeVisible()
  await expect(card.getByText('Data as of')).toBeVisible()
  await expect(card.getByText('Login')).toHaveCount(0)
  await expect(card.getByRole('button', { name: 'Disconnect' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Connect an account' })).toHaveCount(0)

  await menuLink(page, 'Sync').click()
  await page
    .getByRole('link', { name: /^Sync of/ })
    .last()
    .click()
  await expect(page.getByText('You see the part of this run that concerns your companies.')).toBeVisible()
  await expect(page.getByText('Calls to EMA')).toHaveCount(0)
})

test('whoever has two parts of the tree works in one at a time', async ({ page, stack }) => {
  await give(stack, 'msp@demo.example', 'partner', OTHER_MSP)
  await enterAs(page, { email: 'msp@demo.example', password: PASSWORD })
  const picker = page.getByRole('button', { name: 'Your view: ' })
  await expect(picker).toHaveText(MSP)
  await expect(page.getByRole('button', { name: SKIP_ALL })).toBeVisible()
  await page.goto('/computers')
  await picker.click()
  await page.getByRole('menuitemradio', { name: OTHER_MSP }).click()

  await test.step('the other one begins at the overview, with the rights there', async () => {
    await expect(page).toHaveURL('/')
    await expect(picker).toHaveText(OTHER_MSP)
    await expect(page.getByText(`in “${OTHER_MSP}”`)).toBeVisible()
    await expect(page.getByRole('button', { name: SKIP_ALL })).toHaveCount(0)
    await openTree(page)
    await expect(node(page, OTHER_MSP)).toHaveAttribute('aria-level', '1')
    await expect(node(page, MSP)).toHaveCount(0)
  })
  await test.step('a reload keeps it, a root that was taken away is let go of', async () => {
    await page.goto('/')
    await expect(picker).toHaveText(OTHER_MSP)
    await take(stack, 'msp@demo.example', OTHER_MSP)
    await page.goto('/customers')
    await expect(heading(page, 'Managed customers')).toBeVisible()
    await expect(picker).toHaveCount(0)
    await page.goto('/')
    await expect(page.getByText(`in “${MSP}”`)).toBeVisible()
  })
})

test('rights that are taken away end what is on screen, rights that come open it', async ({ page, stack }) => {
  await enterAs(page, { email: 'viewer@demo.example', password: PASSWORD })
  const [grant] = await stack.query<{ set_id: number; root_group_id: number; user_id: string }>(
    `delete from user_grant where user_id = (select id from app_user where email = 'viewer@demo.example')
     returning set_id, root_group_id, user_id`,
  )
  await expect(heading(page, 'You have no rights yet')).toBeVisible({ timeout: 15_000 })
  await expect(page.getByText('You are signed in as viewer@demo.example')).toBeVisible()
  await stack.query('insert into user_grant (set_id, root_group_id, user_id) values ($1, $2, $3)', [
    grant?.set_id,
    grant?.root_group_id,
    grant?.user_id,
  ])
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByText(`in “${CUSTOMER}”`)).toBeVisible()
})

test('a preview shows what another user sees, changes nothing, and ends where it began', async ({ page }) => {
  await enterAs(page, { email: ADMIN.email, password: PASSWORD })
  await menuLink(page, 'Users & rights').click()
  await page.getByRole('link', { name: 'Alena Admin' }).click()
  await expect(heading(page, 'Alena Admin')).toBeVisible()
  await page.getByRole('button', { name: 'See the console as this user' }).click()

  const banner = page.getByRole('region', { name: 'Preview' })
  await expect(banner).toContainText('You see the console as Alena Admin, read-only')
  await expect(page.getByText(`in “${MSP}”`)).toBeVisible()
  await expect(menuLink(page, 'Users & rights')).toHaveCount(0)
  await expect(page.getByRole('button', { name: SKIP_ALL })).toBeDisabled()
  await page.reload()
  await expect(banner).toBeVisible()
  await openTree(page)
  await expect(node(page, MSP)).toHaveAttribute('aria-level', '1')

  await banner.getByRole('button', { name: 'End preview' }).click()
  await expect(heading(page, 'Alena Admin')).toBeVisible()
  await expect(banner).toHaveCount(0)
  await page.goto('/')
  await expect(page.getByRole('button', { name: SKIP_ALL })).toBeEnabled()
})

test('“Why do I see this?” names the right behind a page', async ({ page }) => {
  await enterAs(page, { email: 'msp@demo.example', password: PASSWORD })
  await page.goto('/computers')
  await page.getByRole('button', { name: 'Why do I see this?' }).click()
  const dialog = page.getByRole('dialog', { name: 'Why do I see this?' })
  await expect(dialog.getByText(`You see “${MSP}”.`)).toBeVisible()
  await expect(dialog.getByText(`MSP admin on ${MSP} · covers it`)).toBeVisible()
})

/** Bodies of all answers of the API from now on, the live stream aside. */
function collectAnswers(page: Page): Promise<string>[] {
  const bodies: Promise<string>[] = []
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (pathname.startsWith('/api/') && pathname !== '/api/v1/events') bodies.push(response.text().catch(() => ''))
  })
  return bodies
}

/** As an administrator elsewhere would; the screens for it have a test of their own. */
async function give(stack: Stack, email: string, set: string, group: string): Promise<void> {
  const made = await stack.query(
    `insert into user_grant (user_id, set_id, root_group_id)
     select u.id, s.id, g.id from app_user u, permission_set s, static_group g
     where u.email = $1 and s.key = $2 and g.name = $3 returning 1`,
    [email, set, group],
  )
  expect(made).toHaveLength(1)
}

async function take(stack: Stack, email: string, group: string): Promise<void> {
  await stack.query(
    `delete from user_grant where user_id = (select id from app_user where email = $1)
       and root_group_id = (select id from static_group where name = $2)`,
    [email, group],
  )
}
