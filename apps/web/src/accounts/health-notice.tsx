import type { Account } from '@msp-console/contract'
import { useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountEventsQuery } from '../api/queries.ts'
import { toErrorWords } from '../domain/cause-words.ts'
import { toHealthWord } from '../domain/health-pill.tsx'
import { Moment } from '../domain/moment.tsx'
import { formatAge, formatNumber } from '../i18n/format.ts'
import { useNow } from '../ui/age.tsx'
import { Sign } from '../ui/icons.tsx'
import { Notice, type Tone } from '../ui/pill.tsx'
import css from './accounts.module.css'

const TONE: Partial<Record<ReturnType<typeof toHealthWord>, Tone>> = {
  degraded: 'todo',
  held: 'todo',
  quarantined: 'gone',
  disabled: 'gone',
  disconnected: 'neutral',
}

/** What is not as it should be, why, since when, and what the console does about it. Nothing while all is well. */
export function HealthNotice({ account }: { account: Account }) {
  const { t } = useTranslation()
  const now = useNow()
  const word = toHealthWord(account)
  const tone = TONE[word]
  if (tone === undefined || word === 'never' || word === 'idle' || word === 'running') return null
  const { cause, failures, failingSince } = account
  const age = failingSince === null ? null : (formatAge(failingSince, now) ?? t('justNow'))
  return (
    <Notice tone={tone} icon={<Sign name={word === 'disconnected' ? 'info' : 'warning'} size={17} />}>
      {cause !== null && <p>{t('accounts.why', { cause: toErrorWords(cause) })}</p>}
      {failures > 0 && age !== null && (
        <p>{t('accounts.failures', { count: failures, shown: formatNumber(failures), age })}</p>
      )}
      <p>{toHint(account, word)}</p>
    </Notice>
  )
}

function toHint(account: Account, word: 'degraded' | 'held' | 'quarantined' | 'disabled' | 'disconnected'): string {
  const { t } = i18next
  const { canRetry, nextRunAt, intervalSeconds, partial } = account
  if (word !== 'quarantined') return t(`accounts.healthHint.${word}`)
  if (!canRetry) return t('accounts.refusedTwice')
  // A refused password is told by what follows from it: the account is not due, though it has a schedule.
  const refused = nextRunAt === null && (partial || intervalSeconds !== null)
  return refused ? t('accounts.refused') : t('accounts.healthHint.quarantined')
}

/** When it was unwell and why; asked for when it is opened. */
export function HealthHistory({ id }: { id: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { data } = useQuery({ ...accountEventsQuery(id), enabled: open })
  return (
    <details className={css['history']} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('accounts.history')}</summary>
      {data?.items.length === 0 && <p className="mc-dim">{t('accounts.historyEmpty')}</p>}
      <ul>
        {data?.items.map((event) => (
          <li key={event.id}>
            <b>{t(`accounts.event.${event.kind}`)}</b> <Moment iso={event.at} />
            {event.cause !== null && <span className="mc-dim">{toErrorWords(event.cause)}</span>}
          </li>
        ))}
      </ul>
    </details>
  )
}
