import type { Account } from '@msp-console/contract'
import { useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { useLive } from '../api/live.ts'
import { accountsQuery } from '../api/queries.ts'
import { isStale, toNextSentence, toNextTitle } from '../domain/freshness.ts'
import { toHealthWord } from '../domain/health-pill.tsx'
import { useCan } from '../domain/use-can.ts'
import { formatAge, formatExact, formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { useNow } from '../ui/age.tsx'

export interface Freshness {
  tone: 'fine' | 'busy' | 'bad' | 'idle'
  words: string
  /** When the next run comes, which `words` say too. */
  next: string | null
  /** What is wrong with the last sync, if that is more than its age says. */
  trouble: string | null
  title?: string
  /** Where it is explained. */
  to: string | null
  connected: readonly Account[]
  /** What is so old that it has to be said, in a sentence. */
  stale: string | null
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
  const stale = toStaleWords(connected, now)
  if (!live) return { tone: 'bad', words: t('shell.offline'), next: null, trouble: null, to: null, connected, stale }
  const running = connected.find((account) => account.health === 'running')
  if (running !== undefined && running.lastRun !== null) {
    const words = toProgress(running, running.lastRun)
    return {
      tone: 'busy',
      words,
      next: null,
      trouble: null,
      to: readsRuns ? paths.run(running.lastRun.id) : null,
      connected,
      stale,
    }
  }
  const ill = connected.find(({ health }) => health === 'quarantined' || health === 'disabled' || health === 'held')
  const trouble = ill === undefined ? null : t(`accounts.health.${toHealthWord(ill)}`)
  const [oldest] = connected.toSorted((a, b) => (a.dataAsOf ?? '').localeCompare(b.dataAsOf ?? ''))
  const tone = ill !== undefined || stale !== null ? 'bad' : oldest === undefined ? 'idle' : 'fine'
  const found = { tone, trouble, to: toAccounts, connected, stale } as const // the tone is one of the words above
  if (oldest === undefined) return { ...found, words: t('shell.freshness.none'), next: null }
  const next = toNextSentence(oldest, now)
  if (oldest.dataAsOf === null) return { ...found, words: `${t('shell.freshness.never')} · ${next}`, next }
  const age = formatAge(oldest.dataAsOf, Math.max(now, Date.parse(oldest.dataAsOf))) ?? t('justNow')
  const from = connected.length > 1 ? `\n${t('shell.freshness.oldest', { account: oldest.name })}` : ''
  const words = `${t('shell.freshness.asOf', { age })} · ${next}`
  const title = [formatExact(oldest.dataAsOf), toNextTitle(oldest)].filter((line) => line !== '').join('\n') + from
  return { ...found, words, next, title }
}

/** The oldest by name, the others by number. */
function toStaleWords(connected: readonly Account[], now: number): string | null {
  const { t } = i18next
  const stale = connected.filter((account) => isStale(account, now))
  const [first] = stale.toSorted((a, b) => (a.dataAsOf ?? '').localeCompare(b.dataAsOf ?? ''))
  if (first === undefined) return null
  const account = first.name
  const age = first.dataAsOf === null ? null : (formatAge(first.dataAsOf, now) ?? t('justNow'))
  const said = age === null ? t('freshness.staleNever', { account }) : t('freshness.stale', { account, age })
  const count = stale.length - 1
  return count === 0 ? said : `${said} ${t('freshness.staleMore', { count, shown: formatNumber(count) })}`
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
