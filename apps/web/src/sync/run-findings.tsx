import type { Run } from '@msp-console/contract'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { toErrorWords } from '../domain/cause-words.ts'
import { formatNumber } from '../i18n/format.ts'
import { Sign } from '../ui/icons.tsx'
import { Notice } from '../ui/pill.tsx'
import { HoldNotice } from './hold-notice.tsx'
import css from './sync.module.css'

/** What a person should know about this run, in sentences: failed, incomplete, held, odd. Nothing when all is well. */
export function RunFindings({ run }: { run: Run }) {
  const { t } = useTranslation()
  return (
    <>
      {run.error !== null && (
        <Notice tone="gone" icon={<Sign name="error" />}>
          <p>
            <b>{t('sync.error', { code: toErrorWords(run.error.code) })}</b>
          </p>
          <p>{run.error.detail}</p>
          <p>{t('sync.failedNothing')}</p>
        </Notice>
      )}
      {run.status === 'failed' && run.error === null && (
        <Notice tone="gone" icon={<Sign name="error" />}>
          <p>
            <b>{t('rights.partialFailed')}</b>
          </p>
          <p>{t('sync.failedNothing')}</p>
        </Notice>
      )}
      {run.complete === false && run.error === null && (
        <Notice tone="todo" icon={<Sign name="warning" />}>
          <p>
            <b>{t('sync.incomplete')}</b>
          </p>
          {run.incompleteReason !== null && (
            <p>
              {t('sync.incompleteWhy', { reason: toReasonWords(run.incompleteReason) })}
              {run.incompleteDetail !== null && ` (${run.incompleteDetail})`}
            </p>
          )}
        </Notice>
      )}
      {(run.heldReasons.length > 0 || run.hold !== null) && <HoldNotice run={run} />}
      {run.passes > 1 && (
        <Notice icon={<Sign name="info" />}>
          <p>{t('sync.listedAgain', { shown: formatNumber(run.passes) })}</p>
        </Notice>
      )}
      {run.oddPairs > 0 && (
        <Notice icon={<Sign name="info" />}>
          <p>{t('sync.oddPairs', { count: run.oddPairs, shown: formatNumber(run.oddPairs) })}</p>
        </Notice>
      )}
      {run.rejected > 0 && (
        <Notice tone="todo" icon={<Sign name="warning" />}>
          <p>{t('sync.rejected', { count: run.rejected, shown: formatNumber(run.rejected) })}</p>
          <ul className={css['held']}>
            {run.rejectedSamples.map(({ reason, sample }) => (
              <li key={`${reason} ${sample}`}>
                {reason}: <code>{sample}</code>
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  )
}

function toReasonWords(code: string): string {
  const key = `sync.reason.${code}`
  // The code comes from the server: it may be newer than this console.
  return i18next.exists(key) ? i18next.t(key as 'sync.reason.drift') : code
}
