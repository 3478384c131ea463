import { CustomerSort } from '@msp-console/contract'
import { useTranslation } from 'react-i18next'
import css from './customers.module.css'

interface SortSelectProps {
  sort: CustomerSort
  onSort: (sort: CustomerSort) => void
}

/** Sorting where there are no column heads to press: with cards, on a narrow screen. */
export function SortSelect({ sort, onSort }: SortSelectProps) {
  const { t } = useTranslation()
  const toWords = (order: CustomerSort): string => {
    const down = order.startsWith('-')
    // The word after the sign is the name of a column that can be sorted.
    const column = order.replace('-', '') as 'name' | 'state' | 'firstSeen' | 'changed' | 'identifier'
    return `${t(`customers.sort.${column}`)}, ${t(down ? 'customers.direction.desc' : 'customers.direction.asc')}`
  }
  return (
    <select
      className={css['sort']}
      aria-label={t('customers.sortBy')}
      value={sort}
      onChange={(event) => onSort(CustomerSort.parse(event.currentTarget.value))}
    >
      {CustomerSort.options.map((order) => (
        <option key={order} value={order}>
          {toWords(order)}
        </option>
      ))}
    </select>
  )
}
