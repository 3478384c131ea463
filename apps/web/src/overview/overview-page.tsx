import { Button } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { accountsQuery, overviewQuery } from '../api/queries.ts'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Page } from '../ui/page.tsx'
import { AccountFreshness } from './account-freshness.tsx'
import { DebtPanel } from './debt-panel.tsx'
import { NewestPanel } from './newest-panel.tsx'
import css from './overview.module.css'
import { StateCards } from './state-cards.tsx'

/** The first screen of the day: what waits, for whom, and how old all of it is. */
export function OverviewPage() {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(overviewQuery())
  const { data: accounts } = useSuspenseQuery(accountsQuery())
  const { customers, debt, newest } = data
  if (accounts.items.length === 0) return <Welcome />
  return (
    <Page
      title={t('overview.title')}
      lead={t('overview.total', { count: customers.total, shown: formatNumber(customers.total) })}
    >
      <StateCards customers={customers} />
      <div className={css['columns']}>
        <NewestPanel newest={newest} notSetUp={customers.notSetUp} />
        <div className={css['aside']}>
          <AccountFreshness accounts={accounts.items} />
          <DebtPanel debt={debt} />
        </div>
      </div>
    </Page>
  )
}

function Welcome() {
  const { t } = useTranslation()
  return (
    <Page title={t('overview.title')}>
      <EmptyState
        sign="accounts"
        title={t('overview.welcome')}
        actions={
          <Button component={Link} to={paths.connectAccount()}>
            {t('overview.connect')}
          </Button>
        }
      >
        {t('overview.welcomeText')}
      </EmptyState>
    </Page>
  )
}
