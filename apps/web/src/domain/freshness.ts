import type { Account } from '@msp-console/contract'
import i18next from 'i18next'
import { formatAge, formatDateTime, formatNumber } from '../i18n/format.ts'

// How old the data of an account is, when it is asked again, and whether that is too old. One wording for every screen.

const SOON_MS = 60_000
const MINUTE = 60
const HOUR = 60 * MINUTE

type Due = Pick<Account, 'nextRunAt' | 'health'>

/** "in 12 minutes". @param now milliseconds since the epoch */
export function toNextWords({ nextRunAt, health }: Due, now: number): string {
  const { t } = i18next
  if (health === 'running') return t('freshness.running')
  if (nextRunAt === null) return t(health === 'idle' || health === 'held' ? 'freshness.onDemand' : 'freshness.waits')
  const age = Date.parse(nextRunAt) - now < SOON_MS ? null : formatAge(nextRunAt, now)
  return age ?? t('freshness.soon')
}

/** "next run in 12 minutes", beside how old the data is. */
export function toNextSentence(due: Due, now: number): string {
  const when = toNextWords(due, now)
  return due.health === 'running' ? when : i18next.t('freshness.next', { when })
}

/** Two intervals have gone by without a complete run. */
export function isStale({ state, staleAt }: Pick<Account, 'state' | 'staleAt'>, now: number): boolean {
  return state === 'connected' && staleAt !== null && Date.parse(staleAt) <= now
}

/** The exact moment of the next run, for a title. */
export function toNextTitle({ nextRunAt }: Pick<Account, 'nextRunAt'>): string {
  return nextRunAt === null ? '' : i18next.t('freshness.nextAt', { at: formatDateTime(nextRunAt) })
}

/** "every 15 minutes"; null: only on demand. */
export function toIntervalWords(seconds: number | null): string {
  const { t } = i18next
  if (seconds === null) return t('freshness.off')
  const [key, size] = seconds % HOUR === 0 ? (['everyHours', HOUR] as const) : (['everyMinutes', MINUTE] as const) // a key each
  const count = Math.round(seconds / size)
  return t(`freshness.${key}`, { count, shown: formatNumber(count) })
}
