import type { Run } from '@msp-console/contract'
import { Button, Menu } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { accountsQuery, runsQuery } from '../api/queries.ts'
import { Can } from '../domain/can.tsx'
import { FailureState } from '../domain/failure-state.tsx'
import { RunProgress } from '../domain/run-progress.tsx'
import { usePreview, useSyncNow } from '../domain/use-sync-now.ts'
import { formatDateTime, formatDuration } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { BusyButton } from '../ui/busy-button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Sign } from '../ui/icons.tsx'
import { LoadMore } from '../domain/load-more.tsx'
import { Page } from '../ui/page.tsx'
import { Panel } from '../ui/panel.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import { toCountWords } from '../domain/run-counts.ts'
import { RunStatus } from './run-status.tsx'
import css from './sync.module.css'

/** All runs, newest first; the ones under way with live progress. */
export function RunsPage() {
  const { t } = useTranslation()
  const [search] = useSearchParams()
  const account = search.get('account') ?? undefined
  const { data: accounts } = useQuery(accountsQuery())
  const pages = useInfiniteQuery(runsQuery(account))
  const { data, error, refetch } = pages
  const sync = useSyncNow()
  const preview = usePreview()
  const connected = accounts?.items.filter(({ state, id }) => state === 'connected' && (account ?? id) === id) ?? []
  const runs = data?.pages.flatMap((page) => page.items)
  return (
    <Page
      title={t('sync.title')}
      lead={t('sync.lead')}
      actions={
        connected.length > 0 && (
          <Can object="sync" level="use">
            <BusyButton
              leftSection={<Sign name="sync" size={16} />}
              busy={sync.isPending}
              onClick={() => sync.mutate(connected.map(({ id }) => id))}
            >
              {t('shell.freshness.now')}
            </BusyButton>
            {connected.length === 1 ? (
              <BusyButton
                variant="default"
                busy={preview.isPending}
                onClick={() => preview.mutate(connected[0]?.id ?? '')}
              >
                {t('plans.preview.action')}
              </BusyButton>
            ) : (
              <Menu position="bottom-end">
                <Menu.Target>
                  <BusyButton
                    variant="default"
                    busy={preview.isPending}
                    rightSection={<Sign name="chevronDown" size={14} />}
                  >
                    {t('plans.preview.action')}
                  </BusyButton>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Label>{t('plans.preview.which')}</Menu.Label>
                  {connected.map(({ id, name }) => (
                    <Menu.Item key={id} onClick={() => preview.mutate(id)}>
                      {name}
                    </Menu.Item>
                  ))}
                </Menu.Dropdown>
              </Menu>
            )}
          </Can>
        )
      }
    >
      <Panel title={t('sync.runs')} flush aside={<AccountFilter account={account} />}>
        {runs === undefined && error === null && <RowsSkeleton label={t('loading')} />}
        {runs === undefined && error !== null && <FailureState error={error} retry={() => void refetch()} />}
        {runs?.length === 0 && <NoRuns account={account} />}
        {runs !== undefined && runs.length > 0 && (
          <table className={css['runs']}>
            <thead>
              <tr>
                <th scope="col">{t('sync.started')}</th>
                <th scope="col">{t('sync.account')}</th>
                <th scope="col">{t('sync.result')}</th>
                <th scope="col">{t('sync.changes')}</th>
                <th scope="col">{t('sync.duration')}</th>
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <RunRow key={run.id} run={run} />
              ))}
            </tbody>
          </table>
        )}
        <LoadMore query={pages} />
      </Panel>
    </Page>
  )
}

/** Why there is none, and what comes next. */
function NoRuns({ account }: { account: string | undefined }) {
  const { t } = useTranslation()
  const { data: accounts } = useQuery(accountsQuery())
  if (account !== undefined)
    return (
      <EmptyState
        sign="filter"
        title={t('sync.emptyAccount')}
        actions={
          <Button component={Link} to={paths.sync()} variant="light">
            {t('sync.emptyAll')}
          </Button>
        }
      />
    )
  if (accounts === undefined || accounts.items.length > 0)
    return (
      <EmptyState sign="sync" title={t('sync.empty')}>
        {t('sync.emptyWait')}
      </EmptyState>
    )
  return (
    <EmptyState
      sign="sync"
      title={t('sync.empty')}
      actions={
        <Can object="accounts" level="write">
          <Button component={Link} to={paths.connectAccount()} variant="light">
            {t('overview.connect')}
          </Button>
        </Can>
      }
    >
      {t('sync.emptyHint')}
    </EmptyState>
  )
}

function RunRow({ run }: { run: Run }) {
  const { t } = useTranslation()
  const running = run.status === 'running'
  return (
    <tr>
      <td data-label={t('sync.started')}>
        <Link to={paths.run(run.id)} aria-label={t('sync.run', { when: formatDateTime(run.startedAt) })}>
          {formatDateTime(run.startedAt)}
        </Link>
        <span className={css['trigger']}>{t(`sync.trigger.${run.trigger}`)}</span>
      </td>
      <td data-label={t('sync.account')}>
        <span className="mc-ellipsis" title={run.accountName}>
          {run.accountName}
        </span>
      </td>
      <td data-label={t('sync.result')}>
        <RunStatus run={run} />
      </td>
      <td data-label={t('sync.changes')}>{running ? <RunProgress run={run} /> : toCountWords(run.counts)}</td>
      <td data-label={t('sync.duration')} className="mc-numeric">
        {run.finishedAt !== null && formatDuration(Date.parse(run.finishedAt) - Date.parse(run.startedAt))}
      </td>
    </tr>
  )
}

function AccountFilter({ account }: { account: string | undefined }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { data: accounts } = useQuery(accountsQuery())
  if (accounts === undefined || accounts.items.length < 2) return null
  return (
    <select
      className={css['select']}
      aria-label={t('sync.account')}
      value={account ?? ''}
      onChange={({ currentTarget: { value } }) => void navigate(paths.sync(value === '' ? {} : { account: value }))}
    >
      <option value="">{t('sync.allAccounts')}</option>
      {accounts.items.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  )
}
