import type { Account } from '@msp-console/contract'
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Can } from '../domain/can.tsx'
import { toCount } from '../domain/count.ts'
import { HealthPill } from '../domain/health-pill.tsx'
import { IfCan } from '../domain/if-can.tsx'
import { Moment } from '../domain/moment.tsx'
import { RunProgress } from '../domain/run-progress.tsx'
import { StateIcon } from '../domain/state-icon.tsx'
import { useSyncNow } from '../domain/use-sync-now.ts'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { BusyButton } from '../ui/busy-button.tsx'
import { Sign } from '../ui/icons.tsx'
import { Notice } from '../ui/pill.tsx'
import css from './accounts.module.css'

interface AccountCardProps {
  account: Account
  onDisconnect: () => void
  onConnect: () => void
}

export function AccountCard({ account, onDisconnect, onConnect }: AccountCardProps) {
  const { t } = useTranslation()
  const sync = useSyncNow()
  const connected = account.state === 'connected'
  const { health, lastRun } = account
  return (
    <article className={css['card']} aria-label={account.name}>
      <header>
        {account.rootKind !== null && (
          <StateIcon kind={account.rootKind} state={connected ? 'normal' : 'unlinked'} size={26} />
        )}
        <h2 className="mc-ellipsis" title={account.name}>
          {account.name}
        </h2>
        <HealthPill health={health} />
      </header>
      {(health === 'incomplete' || health === 'held' || health === 'failed' || health === 'disconnected') && (
        <Notice
          tone={health === 'disconnected' ? 'neutral' : health === 'failed' ? 'gone' : 'todo'}
          icon={<Sign name={health === 'disconnected' ? 'info' : 'warning'} size={17} />}
        >
          <p>{t(`accounts.healthHint.${health}`)}</p>
        </Notice>
      )}
      {health === 'running' && lastRun !== null && <RunProgress run={lastRun} />}
      <dl>
        <Fact name={t('accounts.asOf')}>
          {account.dataAsOf === null ? t('never') : <Moment iso={account.dataAsOf} />}
        </Fact>
        <Fact name={t('accounts.lastRun')}>
          {lastRun === null ? (
            t('never')
          ) : (
            <IfCan object="sync" level="read" else={<Moment iso={lastRun.startedAt} />}>
              <Link to={paths.run(lastRun.id)}>
                <Moment iso={lastRun.startedAt} />
              </Link>
            </IfCan>
          )}
        </Fact>
        <Fact name={t('accounts.contents')}>
          {toCount('companies', account.companies)}, {toCount('customers', account.customers)}
        </Fact>
        {!account.partial && <OwnFacts account={account} />}
        <Fact name={connected ? t('accounts.connected') : t('accounts.disconnected')}>
          <Moment iso={account.disconnectedAt ?? account.connectedAt} />
        </Fact>
      </dl>
      {account.partial && <p className={css['partial']}>{t('rights.partialAccount')}</p>}
      <footer>
        {connected ? (
          <>
            <Can object="sync" level="use">
              <BusyButton
                leftSection={<Sign name="sync" size={16} />}
                variant="light"
                busy={sync.isPending || health === 'running'}
                aria-label={t('accounts.syncOf', { name: account.name })}
                onClick={() => sync.mutate([account.id])}
              >
                {t('shell.freshness.now')}
              </BusyButton>
            </Can>
            {account.rootGroupId !== null && (
              <Button component={Link} to={paths.group(account.rootGroupId)} variant="default">
                {t('accounts.openTree')}
              </Button>
            )}
            {!account.partial && (
              <Can object="accounts" level="write">
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
