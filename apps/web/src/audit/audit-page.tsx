import { exportAudit } from '@msp-console/contract'
import { Button } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { auditQuery } from '../api/audit-queries.ts'
import { toFileUrl } from '../api/call.ts'
import { FailureState } from '../domain/failure-state.tsx'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Sign } from '../ui/icons.tsx'
import { LoadMore } from '../domain/load-more.tsx'
import { Page } from '../ui/page.tsx'
import { Panel } from '../ui/panel.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import { fromSearch, toFilter, toSearch, type AuditView } from './audit-url.ts'
import css from './audit.module.css'
import { EntryRow } from './entry-row.tsx'
import { FilterBar } from './filter-bar.tsx'

/** Who did what within the view, newest first. The address holds the filter; nothing here can be changed. */
export function AuditPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const view = fromSearch(search)
  const filter = toFilter(view)
  const pages = useInfiniteQuery({
    ...auditQuery(filter),
    placeholderData: keepPreviousData,
  })
  const { data, error, refetch, isPlaceholderData } = pages
  const entries = data?.pages.flatMap((page) => page.items)
  const total = data?.pages[0]?.total ?? 0
  const change = (next: AuditView, replace = false): void => void navigate(paths.audit(toSearch(next)), { replace })
  const filtered = Object.keys(view).length > 0
  return (
    <Page
      title={t('audit.title')}
      lead={t('audit.lead')}
      actions={
        <Button
          component="a"
          href={toFileUrl(exportAudit, { query: { ...filter } })}
          download
          variant="default"
          leftSection={<Sign name="download" size={16} />}
        >
          {t('audit.csv')}
        </Button>
      }
    >
      <Panel
        title={t('audit.list')}
        flush
        aside={
          <span aria-live="polite">
            {data !== undefined && t('audit.entries', { count: total, shown: formatNumber(total) })}
          </span>
        }
      >
        <FilterBar view={view} onChange={change} />
        {entries === undefined && error === null && <RowsSkeleton rows={8} label={t('loading')} />}
        {entries === undefined && error !== null && <FailureState error={error} retry={() => void refetch()} />}
        {entries?.length === 0 && (
          <EmptyState
            sign={filtered ? 'filter' : 'clock'}
            title={filtered ? t('audit.emptyFiltered') : t('audit.empty')}
            actions={
              filtered && (
                <Button variant="light" onClick={() => change({})}>
                  {t('audit.clear')}
                </Button>
              )
            }
          >
            {filtered ? t('audit.emptyFilteredHint') : t('audit.emptyHint')}
          </EmptyState>
        )}
        {entries !== undefined && entries.length > 0 && (
          <table className={css['entries']} aria-busy={isPlaceholderData}>
            <thead>
              <tr>
                <th scope="col">{t('audit.at')}</th>
                <th scope="col">{t('audit.actor')}</th>
                <th scope="col">{t('audit.what')}</th>
                <th scope="col">{t('audit.where')}</th>
                <th scope="col">{t('audit.outcome')}</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <EntryRow key={entry.id} entry={entry} />
              ))}
            </tbody>
          </table>
        )}
        <LoadMore query={pages} />
      </Panel>
    </Page>
  )
}
