import i18next from 'i18next'
import { formatNumber } from '../i18n/format.ts'

type Counted = 'companies' | 'customers' | 'computers' | 'groups' | 'changes'

/** "1 customer", "1,204 customers", in the plural of the language. */
export function toCount(what: Counted, count: number): string {
  return i18next.t(`count.${what}`, { count, shown: formatNumber(count) })
}
