import type { Run } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../i18n/format.ts'
import css from './run-progress.module.css'

/** Live progress of a run that is under way; without a known end the bar only says that something moves. */
export function RunProgress({ run }: { run: Run }) {
  const { t } = useTranslation()
  const listing = run.phase === 'listing'
  const share = listing && run.expected !== null && run.expected > 0 ? Math.min(1, run.listed / run.expected) : null
  const listed = formatNumber(run.listed)
  const words = !listing
    ? t(`sync.phase.${run.phase}`)
    : run.partial
      ? t('shell.freshness.syncing')
      : run.expected === null
        ? t('sync.progressOpen', { listed })
        : t('sync.progress', { listed, expected: formatNumber(run.expected) })
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
      <p className="mc-numeric">{words}</p>
    </div>
  )
}
