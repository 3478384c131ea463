import { useTranslation } from 'react-i18next'
import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../api/queries.ts'
import { Page } from '../ui/page.tsx'
import { Panel } from '../ui/panel.tsx'
import { PasswordPanel } from './password-panel.tsx'
import css from './profile.module.css'
import { SessionsPanel } from './sessions-panel.tsx'
import { TokensPanel } from './tokens-panel.tsx'
import { TwoFactorPanel } from './two-factor-panel.tsx'

/** What people do with their own account. Rights are given by others, in Users. */
export function ProfilePage() {
  const { t } = useTranslation()
  const { data: session } = useQuery(sessionQuery())
  const user = session?.user ?? null
  if (user === null) return null
  return (
    <Page title={t('profile.title')} lead={t('profile.lead')}>
      <div className={css['columns']}>
        <div className={css['column']}>
          <Panel title={t('profile.you')}>
            <dl className={css['facts']}>
              <dt>{t('profile.name')}</dt>
              <dd>{user.name}</dd>
              <dt>{t('profile.email')}</dt>
              <dd>{user.email}</dd>
            </dl>
            <p className={css['hint']}>{t('profile.nameHint')}</p>
          </Panel>
          <PasswordPanel email={user.email} />
          <TwoFactorPanel user={user} />
        </div>
        <div className={css['column']}>
          <SessionsPanel />
          <TokensPanel />
        </div>
      </div>
    </Page>
  )
}
