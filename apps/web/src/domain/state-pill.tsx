import type { CustomerState, Presence, Setup, SourceStatus } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import { Sign } from '../ui/icons.tsx'
import { Pill, type Tone } from '../ui/pill.tsx'
import { StateGlyph } from '../ui/state-overlay.tsx'

const TONE: Record<CustomerState, Tone> = { notSetUp: 'todo', normal: 'ok', unlinked: 'gone' }

/** A customer's state as sign, word and colour. Skipped looks like set up, and says that it was skipped. */
export function StatePill({ state, setup }: { state: CustomerState; setup?: Setup }) {
  const { t } = useTranslation()
  const word = state === 'normal' && setup === 'skipped' ? t('setupState.skipped') : t(`state.${state}`)
  return (
    <Pill tone={TONE[state]} icon={<StateGlyph state={state} size={12} />} title={word}>
      {word}
    </Pill>
  )
}

/** What comes on top of the state: suspended at the source, missing from the last listing, out of our sight. */
export function StatusBadges({ presence, sourceStatus }: { presence: Presence; sourceStatus: SourceStatus }) {
  const { t } = useTranslation()
  return (
    <>
      {sourceStatus === 'suspended' && (
        <Pill tone="paused" icon={<Sign name="pause" size={13} />} title={t('badge.suspendedHint')}>
          {t('badge.suspended')}
        </Pill>
      )}
      {sourceStatus === 'waiting' && (
        <Pill tone="neutral" icon={<Sign name="clock" size={13} />}>
          {t('sourceStatus.waiting')}
        </Pill>
      )}
      {presence === 'suspect' && (
        <Pill tone="stale" icon={<Sign name="clock" size={13} />} title={t('badge.staleHint')}>
          {t('badge.stale')}
        </Pill>
      )}
      {presence === 'inaccessible' && (
        <Pill tone="stale" icon={<Sign name="lock" size={13} />}>
          {t('presence.inaccessible')}
        </Pill>
      )}
    </>
  )
}
