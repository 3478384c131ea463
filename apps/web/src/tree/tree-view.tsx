import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, useCallback, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { at } from './columns.ts'
import { CUSTOMER, CUSTOMER_GAP, indexOf, INNER, keyOf, refOfKey, toRef, typeOf } from './refs.ts'
import { GapRow } from './gap-row.tsx'
import { type Action, toAction, typeAhead } from './keyboard.ts'
import { ROW_HEIGHT } from './row-size.ts'
import { isExpandable, isMatch, isOpen, placeOf, refAt, rowOf } from './rows.ts'
import classes from './tree.module.css'
import { TreeRow } from './tree-row.tsx'
import { useAnchor } from './use-anchor.ts'
import type { GapOf } from './use-tree.ts'
import type { TreeState } from './use-tree-state.ts'

// A window over the rows and the WAI-ARIA tree around it. Only rows near the screen exist as elements, and always the
// one with the tab stop, so that the focus survives scrolling. What a key does is decided in keyboard.ts.

const OVERSCAN = 12
/** Letters typed within this many ms of each other are one word. */
const TYPING = 500

export interface TreeViewProps {
  state: TreeState
  selectedId: string | null
  onSelect: (id: string) => void
  gapOf: GapOf
  /** Asks for what is missing below a group. */
  onFill: (parent: number, isOfCustomers: boolean) => void
}

export function TreeView({ state, selectedId, onSelect, gapOf, onFill }: TreeViewProps) {
  const { t } = useTranslation()
  const { data, rows, hits, open, focusRow } = state
  const scroller = useRef<HTMLDivElement>(null)
  const hasFocus = useRef(false)
  const typed = useRef({ text: '', at: 0 })
  const selected = Number(selectedId)
  const { text } = state.filter

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: rowHeight,
    overscan: OVERSCAN,
    rangeExtractor: useCallback((range: Range) => withRow(defaultRangeExtractor(range), focusRow), [focusRow]),
  })
  const scrollTo = (row: number, align: 'auto' | 'center') => virtualizer.scrollToIndex(row, { align })
  const keepPosition = useAnchor(state, (offset) => virtualizer.scrollToOffset(offset))

  const { target } = state
  useLayoutEffect(() => {
    const row = target ? rowOf(rows, refOfKey(data, target.key)) : -1
    if (target?.takesFocus) hasFocus.current = true
    if (row >= 0 && !isInView(scroller.current, row)) scrollTo(row, 'center')
    // Only a new request scrolls; rows and data are as they are when it comes.
    // oxlint-disable-next-line react/exhaustive-deps -- see the line above
  }, [target])

  // The focus moves with the tab stop while it is in the tree, and comes back to it when its row has gone.
  useLayoutEffect(() => {
    if (!hasFocus.current) return
    const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${focusRow}"]`)
    if (row && row !== document.activeElement) row.focus({ preventScroll: true })
  })

  const act = (action: Action) => {
    switch (action.type) {
      case 'focus':
        state.setFocus(refAt(rows, action.row))
        scrollTo(action.row, 'auto')
        return
      case 'toggle':
        state.toggle(action.ids)
        return
      case 'select':
        onSelect(String(keyOf(data, refAt(rows, action.row))))
        return
      case 'fill': {
        const ref = refAt(rows, action.row)
        onFill(at(data.inner.id, indexOf(ref)), typeOf(ref) === CUSTOMER_GAP)
      }
    }
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'Escape' && hits) state.clearFilter()
    const isTyping = event.timeStamp - typed.current.at < TYPING && typed.current.text !== ''
    const isLetter = event.key.length === 1 && event.key !== '*' && (event.key !== ' ' || isTyping)
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1)
    const action = isLetter
      ? toTyped(event.key, isTyping, event.timeStamp)
      : toAction({ data, rows, hits, open, page }, focusRow, event.key)
    if (!action) return
    event.preventDefault()
    act(action)
  }
  const toTyped = (letter: string, isTyping: boolean, now: number): Action | null => {
    typed.current = { text: isTyping ? typed.current.text + letter : letter, at: now }
    const row = typeAhead(rows, state.names, focusRow, typed.current.text)
    return row < 0 ? null : { type: 'focus', row }
  }

  const onClick = (event: MouseEvent) => {
    const row = rowUnder(event.target)
    const ref = row < 0 ? -1 : refAt(rows, row)
    if (ref < 0) return
    const isNode = typeOf(ref) === INNER || typeOf(ref) === CUSTOMER
    const onTwisty = isExpandable(data, ref) && isInside(event.target, '[data-twisty]')
    if (onTwisty || (event.detail === 2 && isExpandable(data, ref))) act({ type: 'toggle', ids: [keyOf(data, ref)] })
    else if (isNode && event.detail < 2) act({ type: 'select', row })
    else if (isInside(event.target, '[data-fill]')) act({ type: 'fill', row })
  }

  return (
    <div
      ref={scroller}
      className={classes.scroller}
      role="tree"
      hidden={rows.length === 0}
      tabIndex={-1}
      aria-label={t('tree.label')}
      onScroll={keepPosition}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onFocus={(event) => {
        hasFocus.current = true
        const row = rowUnder(event.target)
        if (row >= 0 && row !== focusRow) state.setFocus(refAt(rows, row))
      }}
      onBlur={(event) => (hasFocus.current = event.currentTarget.contains(event.relatedTarget))}
    >
      <div className={classes.list} role="none" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index: row, start }) => {
          const ref = refAt(rows, row)
          // Not the virtualizer's own key: it would ask for that of all 100,000 rows whenever one group opens.
          const key = keyOf(data, ref)
          const index = indexOf(ref)
          const frame = { row, start, hasTabStop: row === focusRow, ...placeOf(data, rows, row), data, nodeRef: ref }
          if (typeOf(ref) !== INNER && typeOf(ref) !== CUSTOMER) {
            const reason = gapOf(at(data.inner.id, index), typeOf(ref) === CUSTOMER_GAP)
            return <GapRow key={key} {...frame} reason={reason} />
          }
          const matches = !hits || isMatch(hits, ref)
          return (
            <TreeRow
              key={key}
              {...frame}
              isOpen={isExpandable(data, toRef(index, typeOf(ref))) ? isOpen(data, open, hits, index) : null}
              isSelected={key === selected}
              text={matches ? text : ''}
              dimmed={!matches}
            />
          )
        })}
      </div>
    </div>
  )
}

function rowHeight(): number {
  return ROW_HEIGHT
}

/** The row with the tab stop exists even when it is far off, in its place in the order of the page. */
function withRow(window: number[], row: number): number[] {
  if (row < 0 || window.includes(row)) return window
  return row < (window[0] ?? 0) ? [row, ...window] : [...window, row]
}

function rowUnder(target: EventTarget): number {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null
  return row ? Number(row.dataset['row']) : -1
}

function isInside(target: EventTarget, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null
}

function isInView(element: HTMLElement | null, row: number): boolean {
  if (!element) return false
  const top = row * ROW_HEIGHT
  return top >= element.scrollTop && top + ROW_HEIGHT <= element.scrollTop + element.clientHeight
}
