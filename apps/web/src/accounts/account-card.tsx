import type { Account } from '@msp-console/contract'
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Can } from '../domain/can.tsx'
import { toCount } from '../domain/count.ts'
import { toIntervalWords } from '../domain/freshness.ts'
import { HealthPill } from '../domain/health-pill.tsx'
import { IfCan } from '../domain/if-can.tsx'
import { Moment } from '../domain/moment.tsx'
import { NextRun } from '../domain/next-run.tsx'
import { RunProgress } from '../domain/run-progress.tsx'
import { StateIcon } from '../domain/state-icon.tsx'
import { useSyncNow } from '../domain/use-sync-now.ts'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { BusyButton } from '../ui/busy-button.tsx'
import { Sign } from '../ui/icons.tsx'
import css from './accounts.module.css'
import { HealthHistory, HealthNotice } from './health-notice.tsx'
import { ScheduleSelect } from './schedule-select.tsx'

interface AccountCardProps {
  account: Account
  onDisconnect: () => void
  onPassword: () => void
  onConnect: () => void
}

export function AccountCard({ account, onDisconnect, onPassword, onConnect }: AccountCardProps) {
  const { t } = useTranslation()
  const sync = useSyncNow()
  const connected = account.state === 'connected'
  const { health, lastRun, canRetry } = account
  const isUnwell = health === 'quarantined' || health === 'disabled'
  return (
    <article className={css['card']} aria-label={account.name}>
      <header>
        {account.rootKind !== null && (
          <StateIcon kind={account.rootKind} state={connected ? 'normal' : 'unlinked'} size={26} />
        )}
        <h2 className="mc-ellipsis" title={account.name}>
          {account.name}
        </h2>
        <HealthPill account={account} />
      </header>
      <HealthNotice account={account} />
      {health === 'running' && lastRun !== null && <RunProgress run={lastRun} />}
      <dl>
        <Fact name={t('accounts.asOf')}>
          {account.dataAsOf === null ? t('never') : <Moment iso={account.dataAsOf} />}
        </Fact>
        {/* Who may not read runs is told of none, which does not mean that there was none. */}
        <IfCan object="sync" level="read" else={null}>
          <Fact name={t('accounts.lastRun')}>
            {lastRun === null ? (
              t('never')
            ) : (
              <Link to={paths.run(lastRun.id)}>
                <Moment iso={lastRun.startedAt} />
              </Link>
            )}
          </Fact>
        </IfCan>
        {connected && (
          <Fact name={t('accounts.nextRun')}>
            <NextRun account={account} />
          </Fact>
        )}
        {connected && !account.partial && <Schedule account={account} />}
        <Fact name={t('accounts.contents')}>
          {toCount('companies', account.companies)}, {toCount('customers', account.customers)}
        </Fact>
        {!account.partial && <OwnFacts account={account} />}
        <Fact name={connected ? t('accounts.connected') : t('accounts.disconnected')}>
          <Moment iso={account.disconnectedAt ?? account.connectedAt} />
        </Fact>
      </dl>
      {!account.partial && (
        <Can object="accounts" level="read">
          <HealthHistory id={account.id} />
        </Can>
      )}
      {account.partial && <p className={css['partial']}>{t('rights.partialAccount')}</p>}
      <footer>
        {connected ? (
          <>
            <Can object="sync" level="use">
              <BusyButton
                leftSection={<Sign name="sync" size={16} />}
                variant="light"
                busy={sync.isPending || health === 'running'}
                disabled={!canRetry}
                aria-label={t(isUnwell ? 'accounts.tryAgainOf' : 'accounts.syncOf', { name: account.name })}
                onClick={() => sync.mutate([account.id])}
              >
                {isUnwell ? t('accounts.tryAgain') : t('shell.freshness.now')}
              </BusyButton>
            </Can>
            {account.rootGroupId !== null && (
              <Button component={Link} to={paths.group(account.rootGroupId)} variant="default">
                {t('accounts.openTree')}
              </Button>
            )}
            {!account.partial && (
              <Can object="accounts" level="write">
                <Button
                  variant={isUnwell ? 'light' : 'default'}
                  aria-label={t('accounts.password.changeOf', { name: account.name })}
                  onClick={onPassword}
                >
                  {t('accounts.password.change')}
                </Button>
                <Button className={css['leave'] ?? ''} variant="subtle" color="red" onClick={onDisconnect}>
                  {t('accounts.disconnect')}
                </Button>
              </Can>
            )}
          </>
        ) : (
          <>
            {!account.partial && (
              <Can object="accounts" level="write">
                <Button variant="light" onClick={onConnect}>
                  {t('accounts.reconnect')}
                </Button>
              </Can>
            )}
            {account.rootGroupId !== null && (
              <Button component={Link} to={paths.group(account.rootGroupId)} variant="default">
                {t('accounts.openTree')}
              </Button>
            )}
          </>
        )}
      </footer>
    </article>
  )
}

function Schedule({ account }: { account: Account }) {
  const { t } = useTranslation()
  return (
    <IfCan object="accounts" level="read" else={null}>
      <Fact name={t('accounts.schedule')}>
        <IfCan object="accounts" level="write" else={toIntervalWords(account.intervalSeconds)}>
          <ScheduleSelect account={account} />
        </IfCan>
      </Fact>
    </IfCan>
  )
}

/** What belongs to the account itself, not to a part of its tree. */
function OwnFacts({ account }: { account: Account }) {
  const { t } = useTranslation()
  return (
    <>
      <Fact name={t('accounts.login')}>{account.login}</Fact>
      <Fact name={t('accounts.address')}>
        {account.baseUrl}
        <span className={css['pace']}>
          {account.callsPerSecond === null
            ? t('accounts.paceNone')
            : t('accounts.pace', { calls: formatNumber(account.callsPerSecond) })}
        </span>
      </Fact>
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
