import { Button } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { accountsQuery, overviewQuery } from '../api/queries.ts'
import { Can } from '../domain/can.tsx'
import { toGroupName } from '../domain/labels.ts'
import { useCan, useView } from '../domain/use-can.ts'
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
  const view = useView()
  if (accounts.items.length === 0) return <Welcome />
  const words = { count: customers.total, shown: formatNumber(customers.total) }
  const isWhole = view === null || view.root.kind === 'all'
  return (
    <Page
      title={t('overview.title')}
      lead={isWhole ? t('overview.total', words) : t('rights.total', { ...words, root: toGroupName(view.root) })}
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
  const canConnect = useCan('accounts', 'write')
  return (
    <Page title={t('overview.title')}>
      <EmptyState
        sign="accounts"
        title={canConnect ? t('overview.welcome') : t('accounts.empty')}
        actions={
          <Can object="accounts" level="write">
            <Button component={Link} to={paths.connectAccount()}>
              {t('overview.connect')}
            </Button>
          </Can>
        }
      >
        {canConnect ? t('overview.welcomeText') : t('rights.welcomeText')}
      </EmptyState>
    </Page>
  )
}
