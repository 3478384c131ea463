import type { Account } from '@msp-console/contract'
import { useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { useLive } from '../api/live.ts'
import { accountsQuery } from '../api/queries.ts'
import { useCan } from '../domain/use-can.ts'
import { formatAge, formatExact, formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { useNow } from '../ui/age.tsx'

export interface Freshness {
  tone: 'fine' | 'busy' | 'bad' | 'idle'
  words: string
  /** What is wrong with the last sync, if that is more than its age says. */
  trouble: string | null
  title?: string
  /** Where it is explained. */
  to: string | null
  connected: readonly Account[]
}

/** How old what is on screen may be: as old as the oldest connected account. Null until that is known. */
export function useFreshness(): Freshness | null {
  const { t } = useTranslation()
  const { data } = useQuery(accountsQuery())
  const { connected: live } = useLive()
  const now = useNow()
  // Where it leads only for those who may go there.
  const toAccounts = useCan('accounts', 'read') ? paths.accounts() : null
  const readsRuns = useCan('sync', 'read')
  if (data === undefined) return null
  const connected = data.items.filter((account) => account.state === 'connected')
  if (!live) return { tone: 'bad', words: t('shell.offline'), trouble: null, to: null, connected }
  const running = connected.find((account) => account.health === 'running')
  if (running !== undefined && running.lastRun !== null) {
    const words = toProgress(running, running.lastRun)
    return { tone: 'busy', words, trouble: null, to: readsRuns ? paths.run(running.lastRun.id) : null, connected }
  }
  const ill = connected.find(({ health }) => health === 'failed' || health === 'held')
  const trouble = ill === undefined ? null : t(`accounts.health.${ill.health}`)
  const [oldest] = connected.toSorted((a, b) => (a.dataAsOf ?? '').localeCompare(b.dataAsOf ?? ''))
  const tone = ill !== undefined ? 'bad' : oldest === undefined ? 'idle' : 'fine'
  const found = { tone, trouble, to: toAccounts, connected } as const // the tone is one of the words above
  if (oldest === undefined) return { ...found, words: t('shell.freshness.none') }
  if (oldest.dataAsOf === null) return { ...found, words: t('shell.freshness.never') }
  const age = formatAge(oldest.dataAsOf, Math.max(now, Date.parse(oldest.dataAsOf))) ?? t('justNow')
  const from = connected.length > 1 ? `\n${t('shell.freshness.oldest', { account: oldest.name })}` : ''
  return { ...found, words: t('shell.freshness.asOf', { age }), title: formatExact(oldest.dataAsOf) + from }
}

function toProgress(account: Account, run: NonNullable<Account['lastRun']>): string {
  const { t } = i18next
  const listed = formatNumber(run.listed)
  if (run.phase !== 'listing' || run.listed === 0) return t('shell.freshness.syncing')
  // Where EMA announces no number, the last known one tells about how far it is.
  const expected = run.partial ? 0 : (run.expected ?? account.companies)
  if (expected < run.listed) return t('shell.freshness.progressOpen', { listed })
  return t('shell.freshness.progress', { listed, expected: formatNumber(expected) })
}
