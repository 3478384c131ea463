import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../i18n/format.ts'
import { Sign } from '../ui/icons.tsx'
import { missingCustomers, missingInner, type TreeData } from './columns.ts'
import { CUSTOMER_GAP, indexOf, type Ref, typeOf } from './refs.ts'
import { RowFrame, type RowFrameProps } from './row-frame.tsx'
import type { GapState } from './use-pages.ts'
import classes from './tree.module.css'

export interface GapRowProps extends Omit<RowFrameProps, 'label' | 'children' | 'isOpen' | 'isSelected'> {
  data: TreeData
  nodeRef: Ref
  reason: GapState
}

/** Stands for children that are known but not here: on their way, to be asked for, or to be asked for again. */
export const GapRow = memo(function GapRow({ data, nodeRef, reason, ...frame }: GapRowProps) {
  const { t } = useTranslation()
  const isOfCustomers = typeOf(nodeRef) === CUSTOMER_GAP
  const count = (isOfCustomers ? missingCustomers : missingInner)(data.inner, indexOf(nodeRef))
  const shown = { count, shown: formatNumber(count) }
  const what = isOfCustomers ? t('count.customers', shown) : t('count.groups', shown)
  const words = t(`tree.gap.${reason}`, { what })
  const action = reason === 'error' ? t('action.retry') : t('tree.gap.load')
  return (
    <RowFrame {...frame} isOpen={null} isSelected={false} label={reason === 'loading' ? words : `${words}. ${action}`}>
      <span className={classes.gap} data-reason={reason}>
        {reason === 'error' && <Sign name="error" size={16} />}
        <span className={classes.name} title={words}>
          {words}
        </span>
      </span>
      {reason !== 'loading' && (
        // Keys reach it as Enter on the row: inside a tree nothing but rows takes the focus.
        <button type="button" tabIndex={-1} className={classes.fill} data-fill="">
          {action}
        </button>
      )}
    </RowFrame>
  )
})
