import type { Run } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import { toGroupName } from '../domain/labels.ts'
import { formatNumber } from '../i18n/format.ts'
import { Sign, type SignName } from '../ui/icons.tsx'
import { useNow } from '../ui/age.tsx'
import { Pill, type Tone } from '../ui/pill.tsx'
import { toHeldHeading, toHoldState } from './hold-state.ts'
import css from './sync.module.css'

const LOOK: Record<Run['status'], { tone: Tone; sign: SignName }> = {
  running: { tone: 'accent', sign: 'sync' },
  succeeded: { tone: 'ok', sign: 'check' },
  failed: { tone: 'gone', sign: 'error' },
  interrupted: { tone: 'todo', sign: 'warning' },
}

/** How it ended; that changes were held, and what became of them, or that removals were off, stands beside it. */
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
      <HoldPill run={run} />
    </span>
  )
}

/** In the tone of what asks for attention only while somebody can decide, or in a preview would have to. */
function HoldPill({ run }: { run: Run }) {
  const { t } = useTranslation()
  const state = toHoldState(run, useNow())
  if (state === 'none') return null
  const icon = <Sign name="pause" size={13} />
  if (state === 'planned' || state === 'waiting')
    return (
      <Pill tone="todo" icon={icon} title={t('sync.heldLead')}>
        {state === 'planned' ? t('sync.heldShort') : `${t('sync.heldShort')}: ${formatNumber(run.hold?.waiting ?? 0)}`}
      </Pill>
    )
  return (
    <Pill icon={icon} title={t(toHeldHeading(state))}>
      {t(`sync.heldEnd.${state}`)}
    </Pill>
  )
}
