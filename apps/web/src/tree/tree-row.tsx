import { fromKindLetter, fromMark } from '@msp-console/contract'
import i18next from 'i18next'
import { memo } from 'react'
import { Highlight } from '../domain/highlight.tsx'
import { formatNumber } from '../i18n/format.ts'
import { Sign } from '../ui/icons.tsx'
import { KindIcon } from '../ui/kind-icon.tsx'
import { at, type TreeData } from './columns.ts'
import { CUSTOMER, indexOf, nameOf, type Ref, typeOf } from './refs.ts'
import { RowFrame, type RowFrameProps } from './row-frame.tsx'
import classes from './tree.module.css'

// One row. Plain elements and plain words: 40 of them are made and thrown away per screen scrolled, so no component of a
// library and no hook in here. All its words stand in its aria-label; what is drawn repeats them.

export interface TreeRowProps extends Omit<RowFrameProps, 'label' | 'children'> {
  data: TreeData
  nodeRef: Ref
  /** What to highlight, '' = nothing. */
  text: string
  /** An ancestor of matches that does not match itself. */
  dimmed: boolean
}

export const TreeRow = memo(function TreeRow({ data, nodeRef, text, dimmed, ...frame }: TreeRowProps) {
  const { t } = i18next
  const { inner, customer } = data
  const index = indexOf(nodeRef)
  const isCustomer = typeOf(nodeRef) === CUSTOMER
  const kind = isCustomer ? 'customer' : fromKindLetter(inner.kind.charAt(index))
  const { state, suspended, stale } = fromMark((isCustomer ? customer.mark : inner.mark).charAt(index))
  const shownState = isCustomer || state === 'unlinked' ? state : undefined
  const name = nameOf(data, nodeRef)
  const counts = isCustomer ? null : toCounts(data, index)

  const kindWord = t(`kind.${kind}`)
  // What can be read on screen comes first and in that order: people who speak to their computer say what they see.
  const words = [name]
  if (counts) words.push(counts.words)
  if (suspended) words.push(t('badge.suspended'))
  if (kindWord !== name) words.push(kindWord)
  if (shownState) words.push(t(`state.${shownState}`))
  if (stale) words.push(t('badge.stale'))

  return (
    <RowFrame {...frame} label={words.join(', ')}>
      <span
        className={classes.icon}
        data-state={shownState}
        title={shownState ? `${kindWord}, ${t(`state.${shownState}`)}` : kindWord}
      >
        <KindIcon kind={kind} state={shownState} size={18} />
      </span>
      <span
        className={classes.name}
        data-dimmed={dimmed || undefined}
        data-gone={state === 'unlinked' || undefined}
        title={name}
      >
        <Highlight text={name} q={text} />
      </span>{' '}
      {suspended && (
        <span className={classes.suspended} title={t('badge.suspendedHint')}>
          <Sign name="pause" size={14} />
          {/* Drawn by the style, because a narrow tree leaves it out: what is read must not depend on the width. */}
          <span className={classes.badgeWord} data-word={t('badge.suspended')} />
        </span>
      )}
      {stale && (
        <span className={classes.stale} title={t('badge.staleHint')}>
          <Sign name="clock" size={14} />
        </span>
      )}
      {counts && (
        <span className={classes.counts} title={counts.words} data-none={counts.notSetUp === 0 || undefined}>
          <span className={classes.todo}>{formatNumber(counts.notSetUp)}</span>
          {' / '}
          {formatNumber(counts.total)}
        </span>
      )}
    </RowFrame>
  )
})

/** Customers anywhere below a group; null where there are none. */
function toCounts({ inner }: TreeData, i: number) {
  const notSetUp = at(inner.notSetUp, i)
  const total = notSetUp + at(inner.normal, i) + at(inner.unlinked, i)
  if (total === 0) return null
  const words = i18next.t('tree.counts', {
    count: total,
    total: formatNumber(total),
    notSetUp: formatNumber(notSetUp),
  })
  return { notSetUp, total, words }
}
