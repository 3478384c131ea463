import { covers, NO_RIGHTS, type RightObject } from '@msp-console/contract'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { NavLink, useLocation } from 'react-router'
import { overviewQuery, sessionQuery } from '../api/queries.ts'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { Sign, type SignName } from '../ui/icons.tsx'
import { Logo } from './logo.tsx'
import css from './nav.module.css'
import { RootPicker } from './root-picker.tsx'

type Place = 'overview' | 'computers' | 'customers' | 'sync' | 'accounts' | 'users' | 'audit'

/** `of`: what one must be able to read for the place to be there. */
const PLACES: readonly { place: Place; sign: SignName; to: string; of: RightObject }[] = [
  { place: 'overview', sign: 'overview', to: paths.overview(), of: 'groups' },
  { place: 'computers', sign: 'computers', to: paths.computers(), of: 'groups' },
  { place: 'customers', sign: 'customers', to: paths.customers(), of: 'groups' },
  { place: 'sync', sign: 'sync', to: paths.sync(), of: 'sync' },
  { place: 'accounts', sign: 'accounts', to: paths.accounts(), of: 'accounts' },
  { place: 'users', sign: 'user', to: paths.users(), of: 'users' },
  { place: 'audit', sign: 'clock', to: paths.audit(), of: 'audit' },
]

export function Nav({ inDrawer = false }: { inDrawer?: boolean }) {
  const { t } = useTranslation()
  const { data: session } = useQuery(sessionQuery())
  const { pathname } = useLocation()
  const rights = session?.view?.rights ?? NO_RIGHTS
  const seesAll = session?.view?.root.kind === 'all'
  const canRehearse = session?.instance.mode === 'demo' && seesAll && covers(rights, 'sync', 'write')
  return (
    <div className={`${css['nav']} ${inDrawer ? css['wide'] : ''}`}>
      {!inDrawer && (
        <NavLink to={paths.overview()} className={css['brand'] ?? ''} aria-label={t('app.name')}>
          <Logo />
          <span>{t('app.name')}</span>
        </NavLink>
      )}
      {inDrawer && <RootPicker inDrawer />}
      <nav aria-label={t('shell.menu')}>
        <ul>
          {PLACES.filter(({ of }) => covers(rights, of, 'read')).map(({ place, sign, to }) => (
            <li key={place}>
              <NavLink
                to={to}
                end={place === 'overview'}
                className={css['item'] ?? ''}
                data-autofocus={(inDrawer && isAt(pathname, to)) || undefined}
              >
                <Sign name={sign} size={20} />
                <span className={css['label']}>{t(`shell.${place}`)}</span>
                {place === 'customers' && <Waiting />}
              </NavLink>
            </li>
          ))}
          {canRehearse && (
            <li>
              <NavLink to={paths.rehearsal()} className={css['item'] ?? ''}>
                <Sign name="warning" size={20} />
                <span className={css['label']}>{t('rehearsal.nav')}</span>
              </NavLink>
            </li>
          )}
        </ul>
      </nav>
      {session?.instance.mode === 'demo' && (
        <p className={css['foot']} title={t('shell.demoHint')}>
          <b>{t('shell.demo')}</b> <span>{session.instance.version}</span>
        </p>
      )}
    </div>
  )
}

/** The overview is the start of every address, so it must be met exactly. */
function isAt(pathname: string, to: string): boolean {
  return to === paths.overview() ? pathname === to : pathname.startsWith(to)
}

/** How many customers wait for set-up. */
function Waiting() {
  const { t } = useTranslation()
  const { data } = useQuery(overviewQuery())
  const count = data?.customers.notSetUp ?? 0
  if (count === 0) return null
  const shown = formatNumber(count)
  return (
    <span className={css['waiting']} title={t('shell.notSetUp', { count, shown })}>
      <span aria-hidden="true">{shown}</span>
      <span className={css['hidden']}>, {t('shell.notSetUp', { count, shown })}</span>
    </span>
  )
}
