import type { Run } from '@msp-console/contract'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { accountsQuery } from '../api/queries.ts'
import { formatDuration, formatNumber } from '../i18n/format.ts'
import { useNow } from '../ui/age.tsx'
import css from './run-progress.module.css'
import { toTimeLeft } from './time-left.ts'

/** Live progress of a run that is under way; without even a guess of its end the bar only says that something moves. */
export function RunProgress({ run }: { run: Run }) {
  const { t } = useTranslation()
  const { data: accounts } = useQuery(accountsQuery())
  const listing = run.phase === 'listing'
  const known = accounts?.items.find(({ id }) => id === run.accountId)?.companies ?? 0
  // Where EMA announces no number, what is known so far tells about how much there is.
  const expected = run.expected ?? (known >= run.listed && known > 0 ? known : null)
  const share = listing && expected !== null && expected > 0 ? Math.min(1, run.listed / expected) : null
  const left = toTimeLeft(run, share, useNow())
  const listed = formatNumber(run.listed)
  const words = !listing
    ? t(`sync.phase.${run.phase}`)
    : run.partial
      ? t('shell.freshness.syncing')
      : expected === null
        ? t('sync.progressOpen', { listed })
        : t('sync.progress', { listed, expected: formatNumber(expected) })
  return (
    <div className={css['progress']}>
      <div
        className={css['track']}
        role="progressbar"
        aria-label={t('sync.status.running')}
        aria-valuetext={words}
        {...(share === null
          ? {}
          : { 'aria-valuenow': Math.round(share * 100), 'aria-valuemin': 0, 'aria-valuemax': 100 })}
        data-open={share === null}
      >
        <span style={{ width: share === null ? '35%' : `${share * 100}%` }} />
      </div>
      <p className="mc-numeric">
        {words}
        {left !== null && ` · ${t('plans.left', { time: formatDuration(left) })}`}
      </p>
    </div>
  )
}
