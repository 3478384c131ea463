import type { getOverview, Reply } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { toGroupName } from '../domain/labels.ts'
import { StateIcon } from '../domain/state-icon.tsx'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { Bar } from '../ui/bar.tsx'
import { Panel } from '../ui/panel.tsx'
import css from './overview.module.css'

type Debt = Reply<typeof getOverview>['debt']

/** Who carries how much of the waiting. Counts are of direct customers. */
export function DebtPanel({ debt }: { debt: Debt }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('overview.debt')} flush>
      {debt.length === 0 ? (
        <p className={css['quiet']}>{t('overview.debtEmpty')}</p>
      ) : (
        <table className={css['debt']}>
          <caption>{t('overview.debtLead')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('overview.provider')}</th>
              <th scope="col">{t('overview.open')}</th>
            </tr>
          </thead>
          <tbody>
            {debt.map((provider) => (
              <tr key={provider.id}>
                <td>
                  <div className={css['provider']} title={provider.path.map(toGroupName).join(' › ')}>
                    <StateIcon kind={provider.kind} state="normal" size={18} />
                    <div>
                      <Link to={paths.group(provider.id)} className="mc-ellipsis">
                        {toGroupName(provider)}
                      </Link>
                      <span className="mc-ellipsis">{provider.path.slice(-1).map(toGroupName)}</span>
                    </div>
                  </div>
                  <Bar
                    height={4}
                    parts={[
                      { key: 'done', value: provider.customers - provider.notSetUp, color: 'var(--mc-ok-solid)' },
                      { key: 'open', value: provider.notSetUp, color: 'var(--mc-todo-solid)' },
                    ]}
                  />
                </td>
                <td>
                  <Link to={paths.customers({ state: 'notSetUp', under: provider.id })} className="mc-numeric">
                    {t('overview.debtShare', {
                      notSetUp: formatNumber(provider.notSetUp),
                      customers: formatNumber(provider.customers),
                    })}
                  </Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
