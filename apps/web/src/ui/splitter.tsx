import type { KeyboardEvent, PointerEvent } from 'react'
import css from './splitter.module.css'

export interface SplitterProps {
  label: string
  /** Width of what stands before it, in CSS pixels. */
  value: number
  min: number
  max: number
  onMove: (value: number) => void
  /** Once at the end of a drag, or after a key. */
  onEnd: (value: number) => void
}

const STEP = 16

/** The window splitter pattern: drag it, or focus it and use the arrow keys, Home and End. */
export function Splitter({ label, value, min, max, onMove, onEnd }: SplitterProps) {
  const clamp = (wanted: number): number => Math.round(Math.min(max, Math.max(min, wanted)))

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const element = event.currentTarget
    const start = event.clientX - value
    let last = value
    element.setPointerCapture(event.pointerId)
    const move = (moved: globalThis.PointerEvent): void => {
      last = clamp(moved.clientX - start)
      onMove(last)
    }
    const end = (): void => {
      element.removeEventListener('pointermove', move)
      onEnd(last)
    }
    element.addEventListener('pointermove', move)
    element.addEventListener('lostpointercapture', end, { once: true })
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    const targets: Partial<Record<string, number>> = {
      ArrowLeft: value - STEP,
      ArrowRight: value + STEP,
      Home: min,
      End: max,
    }
    const wanted = targets[event.key]
    if (wanted === undefined) return
    event.preventDefault()
    onMove(clamp(wanted))
    onEnd(clamp(wanted))
  }

  return (
    // A focusable separator is a widget with a value: that is the window splitter pattern of the ARIA guide.
    <div
      className={css['splitter']}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  )
}
