import type { getOverview, Reply } from '@msp-console/contract'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { formatNumber, formatShare } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { Bar } from '../ui/bar.tsx'
import { Sign } from '../ui/icons.tsx'
import { StateGlyph } from '../ui/state-overlay.tsx'
import css from './overview.module.css'

type Counts = Reply<typeof getOverview>['customers']
type Card = 'notSetUp' | 'setUp' | 'skipped' | 'unlinked' | 'suspended' | 'stale'

const CARDS: readonly { card: Card; to: string; icon: ReactNode }[] = [
  { card: 'notSetUp', to: paths.customers({ state: 'notSetUp' }), icon: <StateGlyph state="notSetUp" size={18} /> },
  {
    card: 'setUp',
    to: paths.customers({ state: 'normal', setup: 'done' }),
    icon: <StateGlyph state="normal" size={18} />,
  },
  { card: 'skipped', to: paths.customers({ state: 'normal', setup: 'skipped' }), icon: <Sign name="skip" size={18} /> },
  { card: 'unlinked', to: paths.customers({ state: 'unlinked' }), icon: <StateGlyph state="unlinked" size={18} /> },
  { card: 'suspended', to: paths.customers({ sourceStatus: 'suspended' }), icon: <Sign name="pause" size={18} /> },
  { card: 'stale', to: paths.customers({ presence: 'suspect,inaccessible' }), icon: <Sign name="clock" size={18} /> },
]

/** Each count leads to the list of exactly those customers. */
export function StateCards({ customers }: { customers: Counts }) {
  const { t } = useTranslation()
  const done = customers.setUp + customers.skipped
  const present = done + customers.notSetUp
  return (
    <section aria-label={t('overview.cards')}>
      <ul className={css['cards']}>
        {CARDS.map(({ card, to, icon }) => (
          <li key={card}>
            <Link to={to} className={css['card']} data-card={card}>
              <span className={css['cardHead']}>
                {icon}
                <span>{t(`overview.${card}`)}</span>
              </span>
              <b className="mc-numeric">{formatNumber(customers[card])}</b>
              <span className={css['cardHint']}>{t(`overview.hint.${card}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
      <div className={css['share']}>
        <Bar
          height={10}
          parts={[
            { key: 'setUp', value: customers.setUp, color: 'var(--mc-ok-solid)' },
            {
              key: 'skipped',
              value: customers.skipped,
              color: 'color-mix(in srgb, var(--mc-ok-solid) 55%, var(--mc-surface))',
            },
            { key: 'notSetUp', value: customers.notSetUp, color: 'var(--mc-todo-solid)' },
          ]}
        />
        <p>
          <b>{t('overview.share', { share: formatShare(done, present) })}</b>{' '}
          <span>
            {t('overview.shareText', { count: present, done: formatNumber(done), total: formatNumber(present) })}
          </span>
        </p>
      </div>
    </section>
  )
}
