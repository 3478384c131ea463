import type { ReactNode } from 'react'
import css from './blocks.module.css'
import { Sign, type SignName } from './icons.tsx'

export interface EmptyStateProps {
  sign: SignName
  title: string
  children?: ReactNode
  /** What to do next: an empty screen teaches the next step. */
  actions?: ReactNode
  tone?: 'plain' | 'error'
}

export function EmptyState({ sign, title, children, actions, tone = 'plain' }: EmptyStateProps) {
  return (
    <div
      className={`${css['state']} ${tone === 'error' ? css['stateError'] : ''}`}
      role={tone === 'error' ? 'alert' : undefined}
    >
      <div className={css['stateIcon']}>
        <Sign name={sign} size={26} />
      </div>
      <p className={css['stateTitle']}>{title}</p>
      {children !== undefined && <div className={css['stateText']}>{children}</div>}
      {actions !== undefined && <div className={css['stateActions']}>{actions}</div>}
    </div>
  )
}
