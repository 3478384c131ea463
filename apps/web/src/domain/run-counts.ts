import type { Run } from '@msp-console/contract'
import i18next from 'i18next'
import { formatNumber } from '../i18n/format.ts'

export type CountName = keyof Run['counts']

/** In the order in which people ask. */
export const COUNT_NAMES: readonly CountName[] = [
  'created',
  'renamed',
  'moved',
  'typeChanged',
  'statusChanged',
  'changed',
  'restored',
  'accessLost',
  'suspected',
  'unlinked',
  'held',
]

/** "New 3, Renamed 1", or that nothing changed. */
export function toCountWords(counts: Run['counts']): string {
  const words = COUNT_NAMES.filter((name) => counts[name] > 0).map(
    (name) => `${i18next.t(`sync.count.${name}`)} ${formatNumber(counts[name])}`,
  )
  return words.length === 0 ? i18next.t('sync.noChanges') : words.join(', ')
}
