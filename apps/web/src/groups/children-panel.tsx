import type { Group, GroupRow } from '@msp-console/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { childrenQuery } from '../api/queries.ts'
import { toCount } from '../domain/count.ts'
import { FailureState } from '../domain/failure-state.tsx'
import { toGroupName } from '../domain/labels.ts'
import { StateIcon } from '../domain/state-icon.tsx'
import { StatePill, StatusBadges } from '../domain/state-pill.tsx'
import { formatNumber } from '../i18n/format.ts'
import { paths } from '../paths.ts'
import { LoadMore } from '../domain/load-more.tsx'
import { Panel } from '../ui/panel.tsx'
import { RowsSkeleton } from '../ui/rows-skeleton.tsx'
import css from './group.module.css'

/** What stands directly below, a page at a time, each with the counts of its own subtree. */
export function ChildrenPanel({ group }: { group: Group }) {
  const { t } = useTranslation()
  const pages = useInfiniteQuery(childrenQuery(group.id))
  const { data, error, refetch } = pages
  const rows = data?.pages.flatMap((page) => page.items)
  const total = data?.pages[0]?.total ?? group.childCount
  // Customers have no subtree: where nothing else stands, its columns would only take room from the names. Where they stand
  // beside others, their state goes under the name instead of into a column that is mostly empty.
  const counted = rows?.some((row) => row.kind !== 'customer') === true
  return (
    <Panel title={t('groups.children')} aside={toCount('groups', total)} flush>
      {rows === undefined && error === null && <RowsSkeleton label={t('loading')} />}
      {rows === undefined && error !== null && <FailureState error={error} retry={() => void refetch()} />}
      {rows?.length === 0 && <p className={css['quiet']}>{t('groups.childrenEmpty')}</p>}
      {rows !== undefined && rows.length > 0 && (
        <table className={css['children']}>
          <thead>
            <tr>
              <th scope="col">{t('groups.name')}</th>
              {!counted && (
                <th scope="col" data-column="state">
                  {t('groups.state')}
                </th>
              )}
              {counted && (
                <>
                  <th scope="col" data-column="total">
                    {t('groups.customers')}
                  </th>
                  <th scope="col" data-column="number">
                    {t('groups.notSetUp')}
                  </th>
                </>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <ChildRow key={row.id} row={row} counted={counted} />
            ))}
          </tbody>
        </table>
      )}
      <LoadMore query={pages} />
    </Panel>
  )
}

function ChildRow({ row, counted }: { row: GroupRow; counted: boolean }) {
  const { t } = useTranslation()
  const name = toGroupName(row)
  const customer = row.kind === 'customer'
  const { notSetUp, normal, unlinked } = row.rollUp
  return (
    <tr>
      <td>
        <div className={css['childName']}>
          <StateIcon kind={row.kind} state={row.state} />
          <div>
            <Link to={paths.group(row.id)}>{name}</Link>
            <span className={css['childState']}>
              {t(`kind.${row.kind}`) !== name && <span className={css['childKind']}>{t(`kind.${row.kind}`)}</span>}
              {(customer ? counted : row.state === 'unlinked') && <StatePill state={row.state} setup={row.setup} />}
              {row.kind !== 'all' && row.kind !== 'companies' && (
                <StatusBadges presence={row.presence} sourceStatus={row.sourceStatus} />
              )}
            </span>
          </div>
        </div>
      </td>
      {!counted && (
        <td data-column="state">
          <StatePill state={row.state} setup={row.setup} />
        </td>
      )}
      {counted && (
        <>
          <td data-column="total">{customer ? '' : formatNumber(notSetUp + normal + unlinked)}</td>
          <td data-column="number" data-waiting={!customer && notSetUp > 0}>
            {customer ? '' : formatNumber(notSetUp)}
          </td>
        </>
      )}
    </tr>
  )
}
