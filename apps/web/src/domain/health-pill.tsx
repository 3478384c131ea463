import type { Account } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import { Sign, type SignName } from '../ui/icons.tsx'
import { Pill, type Tone } from '../ui/pill.tsx'

export type HealthWord = Account['health'] | 'never' | 'degraded'

const LOOK: Record<HealthWord, { tone: Tone; sign: SignName }> = {
  never: { tone: 'neutral', sign: 'clock' },
  running: { tone: 'accent', sign: 'sync' },
  idle: { tone: 'ok', sign: 'check' },
  degraded: { tone: 'todo', sign: 'warning' },
  held: { tone: 'todo', sign: 'pause' },
  quarantined: { tone: 'gone', sign: 'error' },
  disabled: { tone: 'gone', sign: 'pause' },
  disconnected: { tone: 'stale', sign: 'disconnect' },
}

/** The state as one word: an idle account may be one that was never synced, or whose last run did not see everything. */
export function toHealthWord({ health, degraded, dataAsOf, lastRun }: Account): HealthWord {
  if (health !== 'idle') return health
  if (degraded) return 'degraded'
  return dataAsOf === null && lastRun === null ? 'never' : 'idle'
}

export function HealthPill({ account }: { account: Account }) {
  const { t } = useTranslation()
  const word = toHealthWord(account)
  const { tone, sign } = LOOK[word]
  return (
    <Pill tone={tone} icon={<Sign name={sign} size={13} />}>
      {t(`accounts.health.${word}`)}
    </Pill>
  )
}
