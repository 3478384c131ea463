import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, ScrollRestoration, useLocation, useNavigate, useNavigation } from 'react-router'
import { startLive } from '../api/live.ts'
import { sessionQuery } from '../api/queries.ts'
import { paths } from '../paths.ts'
import { Delayed } from '../ui/delayed.tsx'
import { runLatestUndo } from '../ui/notify.tsx'
import { FreshnessLine } from './freshness.tsx'
import { Header } from './header.tsx'
import { HoldBanner } from './hold-banner.tsx'
import { Nav } from './nav.tsx'
import css from './shell.module.css'
import { useFocusAfterNavigation } from './use-focus-after-navigation.ts'
import { useFocusNet } from './use-focus-net.ts'

// Fetched when first opened: dialogs are a tenth of the first load.
const SearchDialog = lazy(async () => ({ default: (await import('./search-dialog.tsx')).SearchDialog }))
const MenuDrawer = lazy(async () => ({ default: (await import('./menu-drawer.tsx')).MenuDrawer }))

// The frame around every screen: main menu, header, live updates, focus after navigation. It holds no data of a screen.

export function Shell() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const location = useLocation()
  const [menuOpen, menu] = useDisclosure(false)
  const [searchOpen, search] = useDisclosure(false)
  const menuWanted = useOnceTrue(menuOpen)
  const searchWanted = useOnceTrue(searchOpen)
  useHotkeys([['mod+K', search.open]], [])
  useHotkeys([['mod+Z', () => void runLatestUndo()]])
  useEffect(() => startLive(client), [client])
  useSignedIn()
  useFocusAfterNavigation()
  useFocusNet()
  const { close: closeMenu } = menu
  useEffect(() => closeMenu(), [location.pathname, closeMenu])

  return (
    <div className={css['shell']}>
      <a className={css['skip']} href="#main">
        {t('shell.skip')}
      </a>
      <aside className={css['side']}>
        <Nav />
      </aside>
      <Header openMenu={menu.open} openSearch={search.open} />
      <PendingBar />
      <div className={css['lines']}>
        <FreshnessLine />
        <HoldBanner />
      </div>
      <main id="main" className={css['main']} tabIndex={-1}>
        <Outlet />
      </main>
      <Suspense>
        {menuWanted && <MenuDrawer opened={menuOpen} onClose={menu.close} />}
        {searchWanted && <SearchDialog opened={searchOpen} onClose={search.close} />}
      </Suspense>
      <ScrollRestoration />
    </div>
  )
}

/** A thin line under the header while the next screen loads, after 300 ms. */
function PendingBar() {
  const { t } = useTranslation()
  const { state } = useNavigation()
  if (state === 'idle') return null
  return (
    <Delayed>
      <div className={css['pending']} role="progressbar" aria-label={t('shell.loading')} />
    </Delayed>
  )
}

/** When the session ends, wherever that is noticed, the way leads to sign-in and back to the same address. */
function useSignedIn(): void {
  const { data } = useQuery(sessionQuery())
  const navigate = useNavigate()
  const { pathname, search } = useLocation()
  const signedOut = data !== undefined && data.user === null
  useEffect(() => {
    if (signedOut) void navigate(paths.signIn(pathname + search), { replace: true })
  }, [signedOut, navigate, pathname, search])
}

/** False until `value` was true once. */
function useOnceTrue(value: boolean): boolean {
  const [seen, setSeen] = useState(value)
  if (value && !seen) setSeen(true)
  return seen || value
}
