import type { AccountHealth } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import { Sign, type SignName } from '../ui/icons.tsx'
import { Pill, type Tone } from '../ui/pill.tsx'

const LOOK: Record<AccountHealth, { tone: Tone; sign: SignName }> = {
  neverSynced: { tone: 'neutral', sign: 'clock' },
  running: { tone: 'accent', sign: 'sync' },
  synchronised: { tone: 'ok', sign: 'check' },
  incomplete: { tone: 'todo', sign: 'warning' },
  held: { tone: 'todo', sign: 'pause' },
  failed: { tone: 'gone', sign: 'error' },
  disconnected: { tone: 'stale', sign: 'disconnect' },
}

export function HealthPill({ health }: { health: AccountHealth }) {
  const { t } = useTranslation()
  const { tone, sign } = LOOK[health]
  return (
    <Pill tone={tone} icon={<Sign name={sign} size={13} />}>
      {t(`accounts.health.${health}`)}
    </Pill>
  )
}
