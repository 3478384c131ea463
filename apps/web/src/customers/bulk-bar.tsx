import type { Setup } from '@msp-console/contract'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FilterQuery } from '../api/queries.ts'
import { SetupConfirm } from '../domain/setup-confirm.tsx'
import { formatNumber } from '../i18n/format.ts'
import { Sign, type SignName } from '../ui/icons.tsx'
import css from './customers.module.css'
import { EMPTY, EVERYTHING, type Selection } from './selection.ts'

/** As many ids as one request may name. */
const BY_HAND_MOST = 1000

const ACTIONS: readonly { state: Setup; key: 'markDone' | 'markSkipped' | 'markNone'; sign: SignName }[] = [
  { state: 'done', key: 'markDone', sign: 'check' },
  { state: 'skipped', key: 'markSkipped', sign: 'skip' },
  { state: 'none', key: 'markNone', sign: 'undo' },
]

interface BulkBarProps {
  selection: Selection
  /** Of the filter, loaded or not. */
  total: number
  filter: FilterQuery
  onSelect: (selection: Selection) => void
  /** The change is made and the bar goes away. */
  onDone: () => void
}

/** What can be done with the rows that are chosen. */
export function BulkBar({ selection, total, filter, onSelect, onDone }: BulkBarProps) {
  const { t } = useTranslation()
  const [order, setOrder] = useState<Setup | null>(null)
  const count = selection.all ? total : selection.ids.size
  if (count === 0) return <div aria-live="polite" />
  const shown = formatNumber(count)
  const tooMany = !selection.all && count > BY_HAND_MOST
  return (
    <section className={css['bulk']} aria-label={t('customers.bulk')}>
      <span aria-live="polite" className={css['bulkCount']}>
        <b>
          {selection.all ? t('customers.allSelected', { count, shown }) : t('customers.selected', { count, shown })}
        </b>
        {!selection.all && total > count && (
          <Button size="compact-sm" variant="subtle" onClick={() => onSelect(EVERYTHING)}>
            {t('customers.selectAll', { count: total, shown: formatNumber(total) })}
          </Button>
        )}
        {tooMany && <span>{t('customers.tooMany')}</span>}
      </span>
      <span className={css['bulkActions']}>
        {ACTIONS.map(({ state, key, sign }) => (
          <Button
            key={state}
            size="xs"
            variant={state === 'none' ? 'default' : 'light'}
            leftSection={<Sign name={sign} size={15} />}
            disabled={tooMany}
            aria-label={t(`setup.${key}`)}
            onClick={() => setOrder(state)}
          >
            <span className={css['long']}>{t(`setup.${key}`)}</span>
            <span className={css['short']}>{t(`setup.short.${state}`)}</span>
          </Button>
        ))}
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          aria-label={t('customers.clearSelection')}
          onClick={() => onSelect(EMPTY)}
        >
          <span className={css['long']}>{t('customers.clearSelection')}</span>
          <span className={css['short']}>
            <Sign name="close" size={15} />
          </span>
        </Button>
      </span>
      <SetupConfirm
        opened={order !== null}
        onClose={() => setOrder(null)}
        state={order ?? 'done'}
        count={count}
        target={selection.all ? { filter } : { ids: [...selection.ids] }}
        onDone={onDone}
      />
    </section>
  )
}
