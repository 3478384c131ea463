import type { Group } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { Bar } from '../ui/bar.tsx'
import { Panel } from '../ui/panel.tsx'
import { StateGlyph } from '../ui/state-overlay.tsx'
import css from './group.module.css'

const STATES = [
  { state: 'notSetUp', color: 'var(--mc-todo-solid)' },
  { state: 'normal', color: 'var(--mc-ok-solid)' },
  { state: 'unlinked', color: 'var(--mc-gone-solid)' },
] as const

/** Customers of the whole subtree by state; each number leads to exactly those customers. */
export function RollUpPanel({ group: { id, rollUp } }: { group: Pick<Group, 'id' | 'rollUp'> }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('groups.rollUp')} aside={t('groups.rollUpHint')}>
      <ul className={css['rollUp']}>
        {STATES.map(({ state }) => (
          <li key={state}>
            <Link to={paths.customers({ state, under: id })} data-state={state}>
              <span>
                <StateGlyph state={state} /> {t(`state.${state}`)}
              </span>
              <b className="mc-numeric">{formatNumber(rollUp[state])}</b>
            </Link>
          </li>
        ))}
        <li>
          <span>{t('kind.companies')}</span>
          <b className="mc-numeric">{formatNumber(rollUp.companies)}</b>
        </li>
        <li>
          <span>{t('groups.computers')}</span>
          <b className="mc-numeric">{formatNumber(rollUp.computers)}</b>
        </li>
      </ul>
      <Bar height={6} parts={STATES.map(({ state, color }) => ({ key: state, value: rollUp[state], color }))} />
    </Panel>
  )
}
