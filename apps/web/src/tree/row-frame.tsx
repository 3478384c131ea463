import type { CSSProperties, ReactNode } from 'react'
import { Sign } from '../ui/icons.tsx'
import { INDENT, MOST_INDENT } from './row-size.ts'
import classes from './tree.module.css'

export interface RowFrameProps {
  /** Index in the rows, and distance from the top of the list in px. */
  row: number
  start: number
  level: number
  posInSet: number
  setSize: number
  /** Null = has no children. */
  isOpen: boolean | null
  isSelected: boolean
  hasTabStop: boolean
  label: string
  children: ReactNode
}

/** Where a row stands and what it is to assistive technology. Events are the tree's: it finds the row by `data-row`. */
export function RowFrame(props: RowFrameProps) {
  const { row, start, level, posInSet, setSize, isOpen, isSelected, hasTabStop, label, children } = props
  const style: CSSProperties = { transform: `translateY(${start}px)` }
  return (
    <div
      role="treeitem"
      aria-level={level}
      aria-posinset={posInSet}
      aria-setsize={setSize}
      aria-expanded={isOpen ?? undefined}
      aria-selected={isSelected}
      aria-label={label}
      tabIndex={hasTabStop ? 0 : -1}
      data-row={row}
      className={classes.row}
      style={style}
    >
      <span className={classes.guides} style={{ width: Math.min(level - 1, MOST_INDENT) * INDENT }} />
      <span className={classes.twisty} data-twisty={isOpen === null ? undefined : ''} data-open={isOpen || undefined}>
        {isOpen !== null && <Sign name="chevronRight" size={14} />}
      </span>
      {children}
    </div>
  )
}
