import type { ReactNode } from 'react'
import css from './blocks.module.css'

export type Tone = 'neutral' | 'todo' | 'ok' | 'gone' | 'paused' | 'stale' | 'accent'

/** A word on a soft ground, with a sign before it: never the colour alone. */
export function Pill({
  tone = 'neutral',
  icon,
  title,
  children,
}: {
  tone?: Tone
  icon?: ReactNode
  title?: string | undefined
  children: ReactNode
}) {
  return (
    <span className={`${css['pill']} ${css[tone]}`} title={title}>
      {icon}
      <span>{children}</span>
    </span>
  )
}

/** A sentence that explains, in place. */
export function Notice({ tone = 'neutral', icon, children }: { tone?: Tone; icon: ReactNode; children: ReactNode }) {
  return (
    <div className={`${css['notice']} ${css[tone]}`}>
      {icon}
      <div>{children}</div>
    </div>
  )
}
