import { ActionIcon } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { paths } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import { MOD_KEY } from '../ui/mod-key.ts'
import { Freshness } from './freshness.tsx'
import { Logo } from './logo.tsx'
import { SettingsMenu, UserMenu } from './menus.tsx'
import { RootPicker } from './root-picker.tsx'
import css from './shell.module.css'

export function Header({ openMenu, openSearch }: { openMenu: () => void; openSearch: () => void }) {
  const { t } = useTranslation()
  return (
    <header className={css['header']}>
      <ActionIcon className={css['burger'] ?? ''} size={36} aria-label={t('shell.openMenu')} onClick={openMenu}>
        <Sign name="menu" size={20} />
      </ActionIcon>
      <Link to={paths.overview()} className={css['brandSmall']} aria-label={t('app.name')}>
        <Logo size={26} />
        <span>{t('app.name')}</span>
      </Link>
      <button
        type="button"
        className={css['search']}
        onClick={openSearch}
        aria-keyshortcuts="Control+K Meta+K"
        aria-haspopup="dialog"
        aria-label={`${t('shell.search.placeholder')}, ${MOD_KEY} K`}
      >
        <Sign name="search" size={16} />
        <span>{t('shell.search.placeholder')}</span> <kbd>{MOD_KEY} K</kbd>
      </button>
      <div className={css['right']}>
        <RootPicker />
        <Freshness />
        <SettingsMenu />
        <UserMenu />
      </div>
    </header>
  )
}
