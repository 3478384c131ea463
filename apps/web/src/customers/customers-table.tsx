import type { CustomerRow, CustomerSort } from '@msp-console/contract'
import { Checkbox } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { flexRender, useTable, type ReactTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useState, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../domain/use-can.ts'
import { formatNumber } from '../i18n/format.ts'
import { BusyButton } from '../ui/busy-button.tsx'
import { Sign } from '../ui/icons.tsx'
import { columns, features, type ColumnId, type ColumnLook } from './columns.tsx'
import { CustomerCards } from './customer-cards.tsx'
import css from './customers.module.css'
import { toggleSort, type View } from './filter-url.ts'
import { isSelected, toggle, toggleLoaded, type Selection } from './selection.ts'
import type { ShownColumns } from './use-columns.ts'

const ROW_HEIGHT = 44

export interface CustomersTableProps {
  /** The table or the list, which takes the focus after a change of several rows. */
  ref: RefObject<HTMLElement | null>
  rows: CustomerRow[]
  total: number
  view: View
  shown: ShownColumns
  /** True while the answer to a new filter is still under way: what stands here is the former one. */
  stale: boolean
  selection: Selection
  onSelect: (selection: Selection) => void
  onSort: (sort: CustomerSort) => void
  more: { busy: boolean; load: () => void } | null
}

/** The table, of which only the rows on screen exist; cards instead where there is no room for columns. */
export function CustomersTable(props: CustomersTableProps) {
  const { rows, total, stale, more } = props
  const { t } = useTranslation()
  const narrow = useMediaQuery('(max-width: 640px)', matchMedia('(max-width: 640px)').matches)
  // State, not a ref: what measures the container must run after it exists.
  const [scroll, setScroll] = useState<HTMLDivElement | null>(null)
  return (
    <div ref={setScroll} className={css['scroll']} data-stale={stale}>
      {narrow ? <CustomerCards {...props} scroll={scroll} /> : <Grid {...props} scroll={scroll} />}
      <div className={css['more']}>
        {more !== null && (
          <BusyButton variant="default" busy={more.busy} onClick={more.load}>
            {t('action.more')}
          </BusyButton>
        )}
        <span aria-live="polite">
          {more === null
            ? t('loaded.all', { total: formatNumber(rows.length) })
            : t('loaded.some', { loaded: formatNumber(rows.length), total: formatNumber(total) })}
        </span>
      </div>
    </div>
  )
}

function Grid({
  ref,
  rows,
  total,
  view,
  shown,
  selection,
  onSelect,
  onSort,
  scroll,
}: CustomersTableProps & ScrollProps) {
  const { t } = useTranslation()
  const canMark = useCan('setup', 'write')
  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: (row) => row.id,
    state: { columnVisibility: shown },
  })
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    getItemKey: (index) => rows[index]?.id ?? index,
  })
  const visible = virtualizer.getVirtualItems()
  const before = visible[0]?.start ?? 0
  const after = virtualizer.getTotalSize() - (visible.at(-1)?.end ?? 0)
  const width = table.getVisibleLeafColumns().reduce((sum, { columnDef }) => sum + (columnDef.meta?.width ?? 0), 44)
  const model = table.getRowModel().rows

  return (
    <table
      ref={(element) => {
        ref.current = element
      }}
      tabIndex={-1}
      className={css['table']}
      style={{ minWidth: width }}
      aria-label={t('customers.table')}
      aria-rowcount={total + 1}
    >
      <Head table={table} rows={rows} view={view} selection={selection} onSelect={onSelect} onSort={onSort} />
      <tbody>
        {before > 0 && <tr aria-hidden="true" style={{ height: before }} />}
        {visible.map(({ index }) => {
          const row = model[index]
          if (row === undefined) return null
          const chosen = isSelected(selection, row.id)
          return (
            <tr key={row.id} aria-rowindex={index + 2} data-selected={chosen}>
              {canMark && (
                <td>
                  <Checkbox
                    size="xs"
                    aria-label={t('customers.select', { name: row.original.name })}
                    checked={chosen}
                    onChange={() => onSelect(toggle(selection, row.id, rows))}
                  />
                </td>
              )}
              {row.getVisibleCells().map((cell) => (
                <td key={cell.id} data-numeric={cell.column.columnDef.meta?.numeric}>
                  {flexRender(cell.column.columnDef.cell, cell.getContext())}
                </td>
              ))}
            </tr>
          )
        })}
        {after > 0 && <tr aria-hidden="true" style={{ height: after }} />}
      </tbody>
    </table>
  )
}

export interface ScrollProps {
  scroll: HTMLDivElement | null
}

interface HeadProps extends Pick<CustomersTableProps, 'rows' | 'view' | 'selection' | 'onSelect' | 'onSort'> {
  table: ReactTable<typeof features, CustomerRow>
}

function Head({ table, rows, view, selection, onSelect, onSort }: HeadProps) {
  const { t } = useTranslation()
  const canMark = useCan('setup', 'write')
  const some = selection.all || rows.some((row) => selection.ids.has(row.id))
  const every = rows.every((row) => isSelected(selection, row.id))
  return (
    <thead>
      <tr aria-rowindex={1}>
        {canMark && (
          <th scope="col" style={{ width: 44 }}>
            <Checkbox
              size="xs"
              aria-label={t('customers.selectLoaded')}
              checked={every}
              indeterminate={some && !every}
              onChange={() => onSelect(toggleLoaded(selection, rows))}
            />
          </th>
        )}
        {table.getVisibleLeafColumns().map(({ id, columnDef }) => (
          <HeadCell
            key={id}
            id={id as ColumnId}
            look={columnDef.meta ?? { width: 140 }}
            sort={view.sort}
            onSort={onSort}
          />
        ))}
      </tr>
    </thead>
  )
}

interface HeadCellProps {
  id: ColumnId
  look: ColumnLook
  sort: CustomerSort
  onSort: (sort: CustomerSort) => void
}

function HeadCell({ id, look, sort, onSort }: HeadCellProps) {
  const { t } = useTranslation()
  const name = t(`customers.column.${id}`)
  const by = look.sort
  if (by === undefined) {
    return (
      <th scope="col" style={look.grows === true ? undefined : { width: look.width }} data-numeric={look.numeric}>
        {name}
      </th>
    )
  }
  const direction = sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : 'none'
  return (
    <th scope="col" style={look.grows === true ? undefined : { width: look.width }} aria-sort={direction}>
      <button type="button" onClick={() => onSort(toggleSort(sort, by))}>
        {name}
        {direction !== 'none' && <Sign name={direction === 'ascending' ? 'chevronUp' : 'chevronDown'} size={13} />}
      </button>
    </th>
  )
}
