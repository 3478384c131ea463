import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../i18n/format.ts'
import { Sign } from '../ui/icons.tsx'
import { missingCustomers, missingInner, type TreeData } from './columns.ts'
import { CUSTOMER_GAP, indexOf, type Ref, typeOf } from './refs.ts'
import { RowFrame, type RowFrameProps } from './row-frame.tsx'
import classes from './tree.module.css'

export interface GapRowProps extends Omit<RowFrameProps, 'label' | 'children' | 'isOpen' | 'isSelected'> {
  data: TreeData
  nodeRef: Ref
  reason: 'loading' | 'error'
}

/** Stands for children that are known but not here: on their way, or to be asked for again. */
export const GapRow = memo(function GapRow({ data, nodeRef, reason, ...frame }: GapRowProps) {
  const { t } = useTranslation()
  const isOfCustomers = typeOf(nodeRef) === CUSTOMER_GAP
  const count = (isOfCustomers ? missingCustomers : missingInner)(data.inner, indexOf(nodeRef))
  const shown = { count, shown: formatNumber(count) }
  const what = isOfCustomers ? t('count.customers', shown) : t('count.groups', shown)
  const words = reason === 'error' ? t('tree.gap.error', { what }) : t('tree.gap.loading', { what })
  return (
    <RowFrame
      {...frame}
      isOpen={null}
      isSelected={false}
      label={reason === 'error' ? `${words}. ${t('action.retry')}` : words}
    >
      <span className={classes.gap} data-reason={reason}>
        {reason === 'error' && <Sign name="error" size={16} />}
        <span className={classes.name} title={words}>
          {words}
        </span>
      </span>
      {reason === 'error' && (
        // Keys reach it as Enter on the row: inside a tree nothing but rows takes the focus.
        <button type="button" tabIndex={-1} className={classes.retry} data-retry="">
          {t('action.retry')}
        </button>
      )}
    </RowFrame>
  )
})
