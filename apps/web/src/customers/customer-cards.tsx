import { Checkbox } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { GroupPath } from '../domain/group-path.tsx'
import { toGroupName } from '../domain/labels.ts'
import { StateIcon } from '../domain/state-icon.tsx'
import { StatePill, StatusBadges } from '../domain/state-pill.tsx'
import { useCan } from '../domain/use-can.ts'
import { paths } from '../paths.ts'
import css from './customers.module.css'
import type { CustomersTableProps, ScrollProps } from './customers-table.tsx'
import { isSelected, toggle } from './selection.ts'

const CARD_HEIGHT = 96

/** The same rows for a narrow screen: what one needs to recognise a customer and to mark it. */
export function CustomerCards({ ref, rows, selection, onSelect, scroll }: CustomersTableProps & ScrollProps) {
  const { t } = useTranslation()
  const canMark = useCan('setup', 'write')
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll,
    estimateSize: () => CARD_HEIGHT,
    overscan: 6,
    getItemKey: (index) => rows[index]?.id ?? index,
  })
  return (
    <ul
      ref={(element) => {
        ref.current = element
      }}
      tabIndex={-1}
      className={css['cards']}
      aria-label={t('customers.table')}
      style={{ height: virtualizer.getTotalSize() }}
    >
      {virtualizer.getVirtualItems().map(({ index, start }) => {
        const row = rows[index]
        if (row === undefined) return null
        const name = toGroupName({ kind: 'customer', name: row.name })
        return (
          <li
            key={row.id}
            aria-setsize={rows.length}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start}px)`, height: CARD_HEIGHT }}
          >
            {canMark && (
              <Checkbox
                size="sm"
                aria-label={t('customers.select', { name })}
                checked={isSelected(selection, row.id)}
                onChange={() => onSelect(toggle(selection, row.id, rows))}
              />
            )}
            <div className={css['cardBody']}>
              <div className={css['name']}>
                <StateIcon kind="customer" state={row.state} labelled={false} />
                <Link to={paths.group(row.id)} className="mc-ellipsis" title={name}>
                  {name}
                </Link>
              </div>
              <GroupPath path={row.path} short last={2} tabbable={false} />
              <div className={css['cardBadges']}>
                <StatePill state={row.state} setup={row.setup} />
                <StatusBadges presence={row.presence} sourceStatus={row.sourceStatus} />
              </div>
            </div>
          </li>
        )
      })}
    </ul>
  )
}
