import type { Run } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import { toGroupName } from '../domain/labels.ts'
import { formatNumber } from '../i18n/format.ts'
import { Sign, type SignName } from '../ui/icons.tsx'
import { Pill, type Tone } from '../ui/pill.tsx'
import css from './sync.module.css'

const LOOK: Record<Run['status'], { tone: Tone; sign: SignName }> = {
  running: { tone: 'accent', sign: 'sync' },
  succeeded: { tone: 'ok', sign: 'check' },
  failed: { tone: 'gone', sign: 'error' },
  interrupted: { tone: 'todo', sign: 'warning' },
}

/** How it ended; that removals were held or off stands beside it. */
export function RunStatus({ run }: { run: Run }) {
  const { t } = useTranslation()
  const { tone, sign } = LOOK[run.status]
  return (
    <span className={css['status']}>
      <Pill tone={tone} icon={<Sign name={sign} size={13} />}>
        {t(`sync.status.${run.status}`)}
      </Pill>
      {run.status === 'succeeded' && run.complete === false && (
        <Pill tone="todo" icon={<Sign name="warning" size={13} />} title={t('sync.incomplete')}>
          {t('sync.incompleteShort')}
        </Pill>
      )}
      {run.preview && (
        <Pill tone="accent" icon={<Sign name="info" size={13} />} title={t('plans.preview.notice')}>
          {t('plans.preview.pill')}
        </Pill>
      )}
      {run.company !== null && <Pill title={toGroupName(run.company)}>{t('plans.company.pill')}</Pill>}
      {run.counts.held > 0 && (
        <Pill tone="todo" icon={<Sign name="pause" size={13} />} title={t('sync.heldLead')}>
          {run.hold && run.hold.waiting > 0
            ? `${t('sync.heldShort')}: ${formatNumber(run.hold.waiting)}`
            : t('sync.heldShort')}
        </Pill>
      )}
    </span>
  )
}
