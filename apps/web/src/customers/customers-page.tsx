import { exportCustomers } from '@msp-console/contract'
import { Button } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { toFileUrl } from '../api/call.ts'
import { customersQuery } from '../api/queries.ts'
import { Can } from '../domain/can.tsx'
import { FailureState } from '../domain/failure-state.tsx'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Sign } from '../ui/icons.tsx'
import { PageTitle } from '../ui/page.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { SHOWN_AT_FIRST } from './columns.tsx'
import css from './customers.module.css'
import { CustomersTable } from './customers-table.tsx'
import { FilterBar } from './filter-bar.tsx'
import { countFilters, fromSearch, toSearch, type View } from './filter-url.ts'
import { useColumns } from './use-columns.ts'
import { EMPTY, type Selection } from './selection.ts'

/** Every customer in one list: narrow it, sort it, and mark many at once. The address holds the view. */
export function CustomersPage() {
  const { t } = useTranslation()
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const view = fromSearch(search)
  const [shown, setShown] = useColumns(SHOWN_AT_FIRST)
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage, isPlaceholderData } = useInfiniteQuery({
    ...customersQuery(view.filter, view.sort),
    placeholderData: keepPreviousData,
  })
  // A selection belongs to the filter it was made under: another filter, another selection.
  const scope = JSON.stringify(view.filter)
  const [kept, setKept] = useState<{ scope: string; selection: Selection }>({ scope, selection: EMPTY })
  const selection = kept.scope === scope ? kept.selection : EMPTY
  const select = (next: Selection): void => setKept({ scope, selection: next })

  const change = (next: View, replace = false): void => void navigate(paths.customers(toSearch(next)), { replace })
  const rows = data?.pages.flatMap((page) => page.items)
  const total = data?.pages[0]?.total ?? 0
  const filtered = view.filter.q !== undefined || countFilters(view.filter) > 0

  return (
    <div className={css['screen']}>
      <div className={css['head']}>
        <PageTitle>{t('customers.title')}</PageTitle>
        <span className={css['total']} aria-live="polite">
          {data !== undefined && t('customers.total', { count: total, shown: formatNumber(total) })}
        </span>
        <Button
          className={css['csv'] ?? ''}
          component="a"
          href={toFileUrl(exportCustomers, { query: { ...view.filter, sort: view.sort } })}
          download
          variant="subtle"
          size="compact-sm"
          leftSection={<Sign name="download" size={15} />}
        >
          {t('customers.csv')}
        </Button>
      </div>
      <FilterBar view={view} onChange={change} shown={shown} onShown={setShown} />
      {rows === undefined && error === null && <RowsSkeleton rows={12} label={t('loading')} />}
      {rows === undefined && error !== null && <FailureState error={error} retry={() => void refetch()} />}
      {rows?.length === 0 && <Nothing filtered={filtered} onClear={() => change({ filter: {}, sort: view.sort })} />}
      {rows !== undefined && rows.length > 0 && (
        <CustomersTable
          rows={rows}
          total={total}
          view={view}
          shown={shown}
          stale={isPlaceholderData}
          selection={selection}
          onSelect={select}
          onSort={(sort) => change({ filter: view.filter, sort })}
          more={hasNextPage ? { busy: isFetchingNextPage, load: () => void fetchNextPage() } : null}
        />
      )}
      {rows !== undefined && (
        <Can object="setup" level="write">
          <BulkBar selection={selection} total={total} filter={view.filter} onSelect={select} />
        </Can>
      )}
    </div>
  )
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation()
  if (filtered) {
    return (
      <EmptyState
        sign="filter"
        title={t('customers.empty')}
        actions={
          <Button variant="light" onClick={onClear}>
            {t('customers.clearAll')}
          </Button>
        }
      >
        {t('customers.emptyHint')}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      sign="customers"
      title={t('customers.emptyAll')}
      actions={
        <Can object="accounts" level="write">
          <Button component={Link} to={paths.accounts()} variant="light">
            {t('overview.connect')}
          </Button>
        </Can>
      }
    >
      {t('customers.emptyAllHint')}
    </EmptyState>
  )
}
