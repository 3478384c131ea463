import type { Account } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { HealthPill } from '../domain/health-pill.tsx'
import { Moment } from '../domain/moment.tsx'
import { NextRun } from '../domain/next-run.tsx'
import { RunProgress } from '../domain/run-progress.tsx'
import { useCan } from '../domain/use-can.ts'
import { paths } from '../paths.ts'
import { Panel } from '../ui/panel.tsx'
import css from './overview.module.css'

/** Per account: is it well, and how old is what it says. */
export function AccountFreshness({ accounts }: { accounts: readonly Account[] }) {
  const { t } = useTranslation()
  const canReadAccounts = useCan('accounts', 'read')
  return (
    <Panel
      title={t('overview.accounts')}
      flush
      aside={canReadAccounts && <Link to={paths.accounts()}>{t('shell.accounts')}</Link>}
    >
      <ul className={css['accounts']}>
        {accounts.map((account) => (
          <li key={account.id}>
            <div className={css['accountHead']}>
              <b className="mc-ellipsis" title={account.name}>
                {account.name}
              </b>
              <HealthPill account={account} />
            </div>
            {account.health === 'running' && account.lastRun !== null ? (
              <RunProgress run={account.lastRun} />
            ) : (
              <p>
                {t('accounts.asOf')} {account.dataAsOf === null ? t('never') : <Moment iso={account.dataAsOf} />}
                {account.state === 'connected' && (
                  <>
                    {' · '}
                    <NextRun account={account} sentence />
                  </>
                )}
              </p>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
