import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { holdsQuery } from '../api/queries.ts'
import { useCan } from '../domain/use-can.ts'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { Sign } from '../ui/icons.tsx'
import css from './hold-banner.module.css'

/** On every page: what of EMA's news waits for somebody to look. Not on the page where it is decided. */
export function HoldBanner() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const { data } = useQuery({ ...holdsQuery(), enabled: useCan('sync', 'read') })
  const open = data?.items.filter(({ run }) => (run.hold?.waiting ?? 0) > 0 && pathname !== paths.run(run.id)) ?? []
  if (open.length === 0) return null
  return (
    <div className={css['banner']} role="status">
      {open.map(({ run }) => (
        <p key={run.id}>
          <Sign name="pause" size={16} />
          <span>
            {t('plans.banner', {
              count: run.hold?.waiting ?? 0,
              shown: formatNumber(run.hold?.waiting ?? 0),
              account: run.accountName,
            })}{' '}
            <Link to={paths.run(run.id)}>{t('plans.look')}</Link>
          </span>
        </p>
      ))}
    </div>
  )
}
