import type { Account } from '@msp-console/contract'
import { ActionIcon, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useLive } from '../api/live.ts'
import { accountsQuery } from '../api/queries.ts'
import { Can } from '../domain/can.tsx'
import { useCan } from '../domain/use-can.ts'
import { useSyncNow } from '../domain/use-sync-now.ts'
import { formatAge, formatExact, formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { useNow } from '../ui/age.tsx'
import { Sign } from '../ui/icons.tsx'
import css from './shell.module.css'

/** How old what is on screen may be: as old as the oldest connected account. */
export function Freshness() {
  const { t } = useTranslation()
  const { data } = useQuery(accountsQuery())
  const { connected: live } = useLive()
  const sync = useSyncNow()
  if (data === undefined) return null
  const connected = data.items.filter((account) => account.state === 'connected')
  const running = connected.find((account) => account.health === 'running')
  const failed = connected.some((account) => account.health === 'failed' || account.health === 'held')
  const tone = running !== undefined ? 'busy' : failed || !live ? 'bad' : connected.length === 0 ? 'idle' : 'fine'
  return (
    <div className={css['freshness']}>
      <span className={css['dot']} data-tone={tone} />
      <span className={`${css['freshnessText']} mc-numeric`} aria-live="polite">
        <FreshnessText connected={connected} running={running} live={live} />
      </span>
      {connected.length > 0 && (
        <Can object="sync" level="use">
          <Tooltip label={t('shell.freshness.now')}>
            <ActionIcon
              aria-label={t('shell.freshness.now')}
              loading={sync.isPending}
              onClick={() => sync.mutate(connected.map(({ id }) => id))}
            >
              <Sign name="sync" />
            </ActionIcon>
          </Tooltip>
        </Can>
      )}
    </div>
  )
}

interface FreshnessTextProps {
  connected: readonly Account[]
  running: Account | undefined
  live: boolean
}

function FreshnessText({ connected, running, live }: FreshnessTextProps) {
  const { t } = useTranslation()
  const now = useNow()
  const toAccounts = useCan('accounts', 'read') ? paths.accounts() : null
  const canReadRuns = useCan('sync', 'read')
  if (!live) return <>{t('shell.offline')}</>
  const run = running?.lastRun ?? null
  if (run !== null) return <Where to={canReadRuns ? paths.run(run.id) : null}>{toProgress(run)}</Where>
  if (connected.length === 0) return <Where to={toAccounts}>{t('shell.freshness.none')}</Where>
  const [oldest] = connected.toSorted((a, b) => (a.dataAsOf ?? '').localeCompare(b.dataAsOf ?? ''))
  if (oldest === undefined || oldest.dataAsOf === null)
    return <Where to={toAccounts}>{t('shell.freshness.never')}</Where>
  const age = formatAge(oldest.dataAsOf, Math.max(now, Date.parse(oldest.dataAsOf))) ?? t('justNow')
  const from = connected.length > 1 ? `\n${t('shell.freshness.oldest', { account: oldest.name })}` : ''
  return (
    <Where to={toAccounts} title={formatExact(oldest.dataAsOf) + from}>
      {t('shell.freshness.asOf', { age })}
    </Where>
  )
}

/** A link for those who may go there, plain words for others. */
function Where({ to, title, children }: { to: string | null; title?: string; children: ReactNode }) {
  return to === null ? (
    <span title={title}>{children}</span>
  ) : (
    <Link to={to} title={title}>
      {children}
    </Link>
  )
}

function toProgress(run: NonNullable<Account['lastRun']>): string {
  const { t } = i18next
  const listed = formatNumber(run.listed)
  if (run.phase !== 'listing' || run.listed === 0) return t('shell.freshness.syncing')
  if (run.expected === null) return t('shell.freshness.progressOpen', { listed })
  return t('shell.freshness.progress', { listed, expected: formatNumber(run.expected) })
}
