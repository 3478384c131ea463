import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router'
import { paths } from '../paths.ts'
import css from './users.module.css'

export function Tabs() {
  const { t } = useTranslation()
  return (
    <nav className={css['tabs']} aria-label={t('users.tabs')}>
      <NavLink to={paths.users()} end>
        {t('users.users')}
      </NavLink>
      <NavLink to={paths.permissionSets()}>{t('users.sets')}</NavLink>
    </nav>
  )
}
