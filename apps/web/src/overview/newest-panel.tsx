import type { CustomerRow } from '@msp-console/contract'
import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Can } from '../domain/can.tsx'
import { GroupPath } from '../domain/group-path.tsx'
import { toGroupName } from '../domain/labels.ts'
import { Moment } from '../domain/moment.tsx'
import { SetupActions } from '../domain/setup-actions.tsx'
import { SetupConfirm } from '../domain/setup-confirm.tsx'
import { StateIcon } from '../domain/state-icon.tsx'
import { StatusBadges } from '../domain/state-pill.tsx'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Sign } from '../ui/icons.tsx'
import { Panel } from '../ui/panel.tsx'
import css from './overview.module.css'

/** Customers that wait, newest first, with both ways to end the waiting. */
export function NewestPanel({ newest, notSetUp }: { newest: readonly CustomerRow[]; notSetUp: number }) {
  const { t } = useTranslation()
  const [confirming, confirm] = useDisclosure(false)
  return (
    <Panel
      title={t('overview.newest')}
      flush
      aside={
        notSetUp > 0 && (
          <>
            <Link to={paths.customers({ state: 'notSetUp', sort: '-firstSeen' })}>{t('overview.newestAll')}</Link>
            <Can object="setup" level="write">
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<Sign name="skip" size={15} />}
                onClick={confirm.open}
              >
                {t('overview.skipAll', { count: notSetUp, shown: formatNumber(notSetUp) })}
              </Button>
            </Can>
          </>
        )
      }
    >
      {newest.length === 0 ? (
        <EmptyState sign="check" title={t('overview.newestEmpty')} />
      ) : (
        <ul className={css['newest']}>
          {newest.map((customer) => (
            <li key={customer.id}>
              <StateIcon kind="customer" state={customer.state} />
              <div className={css['who']}>
                <div className={css['whoName']}>
                  <Link to={paths.group(customer.id)} className="mc-ellipsis" title={customer.name}>
                    {toGroupName({ kind: 'customer', name: customer.name })}
                  </Link>
                  <StatusBadges presence={customer.presence} sourceStatus={customer.sourceStatus} />
                </div>
                <GroupPath path={customer.path} short />
              </div>
              <span className={css['when']} title={t('overview.first')}>
                <Moment iso={customer.firstSeenAt} />
              </span>
              <SetupActions id={customer.id} name={customer.name} setup={customer.setup} size="compact-sm" />
            </li>
          ))}
        </ul>
      )}
      <SetupConfirm
        opened={confirming}
        onClose={confirm.close}
        state="skipped"
        count={notSetUp}
        target={{ filter: { state: 'notSetUp' } }}
        whole={t('setup.confirm.allWaiting')}
      />
    </Panel>
  )
}
